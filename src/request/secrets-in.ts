import { closestMatch } from 'leven';

const SECRET_KEYS = ['private_key', 'private_key_passphrase', 'password', 'proxy_password', 'token'];
const SECRET_SETTING = /header|token|passw|secret|credential|cookie|proxy/i;
/** A key that somebody meant for one of ours, or for one of another tool. */
const SOUNDS_SECRET = /pass|secret|token|cred|private|api_?key|access_?key/i;
const NO_SECRETS = ['private_key_user'];

/**
 * Every secret in a request, wherever it stands: found before the request is checked, since an error about it must
 * not show it either.
 */
export function secretsIn(value: unknown): string[] {
  return [...new Set(secretsBelow(value))].filter((secret) => secret !== '');
}

function secretsBelow(value: unknown): string[] {
  if (typeof value === 'string') return credentialsInUrl(value);
  if (Array.isArray(value)) return value.flatMap(secretsBelow);
  if (typeof value !== 'object' || value === null) return [];
  const { name, value: setting, username, password } = { ...EMPTY, ...value };
  const gitSetting = typeof name === 'string' && SECRET_SETTING.test(name) ? settingSecrets(setting) : [];
  // What HTTP Basic sends.
  const basic =
    typeof username === 'string' && typeof password === 'string' ? [`${username}:${password}`] : [];
  const below = Object.entries(value).flatMap(([key, inner]) =>
    isSecret(key) ? textsIn(inner) : secretsBelow(inner),
  );
  return [...gitSetting, ...basic, ...below];
}

const EMPTY = { name: null, value: null, username: null, password: null };

/** Also where the key is not quite right: `pasword: hunter22` is an error, and no reason to print what it holds. */
function isSecret(key: string): boolean {
  if (NO_SECRETS.includes(key)) return false;
  return SECRET_KEYS.includes(key) || SOUNDS_SECRET.test(key) || isNearlySecret(key);
}

function isNearlySecret(key: string): boolean {
  const name = key.toLowerCase();
  return closestMatch(name, [...SECRET_KEYS], { maxDistance: name.length > 5 ? 3 : 2 }) !== undefined;
}

/** Every text and number under a secret key, whatever type it should have had. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value, ...credentialsInUrl(value)];
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** `http.extraHeader: Authorization: Basic abc` holds a secret in its last word. */
function settingSecrets(value: unknown): string[] {
  if (typeof value !== 'string') return textsIn(value);
  return [value, ...value.split(/\s+/).slice(-1), ...credentialsInUrl(value)];
}

/** The user of an SSH URL is part of the address; that of an HTTP URL may be a token. */
function credentialsInUrl(value: string): string[] {
  // A push gateway is often written without a scheme.
  const [, scheme = '', userinfo] =
    /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)@/i.exec(value.trim()) ??
    /^()([^/?#@:\s]*:[^/?#\s]+)@[^@\s]+$/i.exec(value.trim()) ??
    [];
  if (userinfo === undefined) return [];
  const colon = userinfo.indexOf(':');
  const secrets = colon === -1 ? [userinfo] : [userinfo.slice(colon + 1), userinfo];
  return colon === -1 && !/^https?$/i.test(scheme)
    ? []
    : secrets.flatMap((secret) => [secret, decoded(secret)]);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
