const SECRET_KEYS = new Set(['private_key', 'private_key_passphrase', 'password', 'proxy_password', 'token']);
const SECRET_SETTING = /header|token|passw|secret|credential|cookie|proxy/i;

/**
 * Every secret in a request, wherever it stands: found before the request is checked, since an error about it must
 * not show it either.
 */
export function secretsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(secretsIn);
  if (typeof value !== 'object' || value === null) return [];
  const { name, value: setting } = { name: null, value: null, ...value };
  const gitSetting = typeof name === 'string' && SECRET_SETTING.test(name) ? settingSecrets(setting) : [];
  return [...gitSetting, ...Object.entries(value).flatMap(([key, below]) => secretsAt(key, below))];
}

function secretsAt(key: string, value: unknown): string[] {
  if (typeof value !== 'string')
    return SECRET_KEYS.has(key) && typeof value === 'number' ? [String(value)] : secretsIn(value);
  return SECRET_KEYS.has(key) ? [value] : credentialsInUrl(value);
}

/** `http.extraHeader: Authorization: Basic abc` holds a secret in its last word. */
function settingSecrets(value: unknown): string[] {
  if (typeof value !== 'string') return [];
  return [value, ...value.split(/\s+/).slice(-1), ...credentialsInUrl(value)];
}

function credentialsInUrl(value: string): string[] {
  const userinfo = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)@/i.exec(value.trim())?.[1];
  const password = userinfo === undefined ? undefined : userinfo.slice(userinfo.indexOf(':') + 1);
  if (password === undefined || userinfo === undefined) return [];
  // A token often stands where the user name belongs; `git@` is no secret.
  const secret = userinfo.includes(':') ? password : userinfo;
  return secret === 'git' ? [] : [secret, decoded(secret)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
