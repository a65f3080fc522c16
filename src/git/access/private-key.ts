import { createHash, createPrivateKey, type KeyObject } from 'node:crypto';
import { GitFailure } from '../failures/git-failure.ts';

/** What servers and people compare. */
export interface KeyDescription {
  /** As in its public half: `ssh-ed25519`. */
  readonly type: string;
  /** `SHA256:...` */
  readonly fingerprint: string;
}

/** A key as it can be given to OpenSSH. */
export interface ReadKey {
  readonly text: string;
  readonly passphrase: string | null;
}

/**
 * The key as OpenSSH takes it, whatever YAML and secret stores have done to its line breaks: indents, carriage
 * returns, blanks or a literal `\n` in their place, or none at all. Only base64 stands between the two markers, so
 * all of these are unambiguous. Throws a `GitFailure` for what is no private key at first sight.
 */
export function readKey(pasted: string, passphrase: string | null): ReadKey {
  const given = pasted.replace(/\\r\\n|\\n|\r\n?/g, '\n');
  if (/PUBLIC KEY-----/.test(given) || /^\s*(ssh-|ecdsa-|sk-)/.test(given)) {
    throw new GitFailure('not-a-private-key', 'private_key is a public key: give the private one.');
  }
  const text = tidyKey(given);
  return /BEGIN (ENCRYPTED )?PRIVATE KEY/.test(text) ? fromPkcs8(text, passphrase) : { text, passphrase };
}

function tidyKey(text: string): string {
  const [, begin, inner] = /(-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----)(.*)$/s.exec(text) ?? [];
  if (begin === undefined || inner === undefined) throw notAKey(whyNotAKey(text));
  const [, content, end] = /^(.*?)(-----END [A-Z0-9 ]*PRIVATE KEY-----)/s.exec(inner) ?? [];
  if (content === undefined || end === undefined) throw notAKey('its end is missing');
  // An encrypted PEM key has two headers, and a blank line below them that is part of it.
  const [, type, cipher, rest] = /^\s*Proc-Type:\s*(\S+)\s+DEK-Info:\s*(\S+)\s+(.*)$/s.exec(content) ?? [];
  const base64 = (rest ?? content).replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw notAKey('it contains something other than base64');
  const headers = type === undefined ? [] : [`Proc-Type: ${type}`, `DEK-Info: ${cipher}`, ''];
  return `${[begin, ...headers, ...(base64.match(/.{1,64}/g) ?? []), end].join('\n')}\n`;
}

function whyNotAKey(text: string): string {
  const decoded = Buffer.from(text, 'base64').toString('latin1');
  return decoded.startsWith('-----BEGIN')
    ? 'it is the base64 of a key; give the key itself'
    : 'it does not start with a key header';
}

/**
 * What a key is, for errors to name; null where only OpenSSH can tell (hardware keys, for one). Throws a `GitFailure`
 * with the reason where the key cannot be read: OpenSSH's own words are few ("error in libcrypto").
 */
export async function describeKey({ text, passphrase }: ReadKey): Promise<KeyDescription | null> {
  // Loaded only where a key was refused or cannot be read: it takes a while.
  const { default: ssh2 } = await import('ssh2');
  const parsed = ssh2.utils.parseKey(text, passphrase ?? undefined);
  if (!(parsed instanceof Error) && 'type' in parsed) {
    const hash = createHash('sha256').update(parsed.getPublicSSH()).digest('base64');
    return { type: parsed.type, fingerprint: `SHA256:${hash.replace(/=+$/, '')}` };
  }
  const words = parsed instanceof Error || 'message' in parsed ? String(parsed.message) : '';
  if (/no passphrase given/.test(words)) throw passphraseNeeded();
  if (/bad passphrase/i.test(words)) throw wrongPassphrase();
  if (/Malformed|integrity check failed/.test(words)) throw notAKey('it is damaged');
  return null;
}

/** PKCS#8 is what Node reads best, ssh2 not at all, and OpenSSH before 9.6 only in part. */
function fromPkcs8(key: string, passphrase: string | null): ReadKey {
  const plain = (text: string): ReadKey => ({ text, passphrase: null });
  try {
    const read = createPrivateKey({ key, ...(passphrase === null ? {} : { passphrase }) });
    switch (read.asymmetricKeyType) {
      case 'ed25519':
        return plain(openSshKey(read));
      case 'rsa':
        return plain(read.export({ format: 'pem', type: 'pkcs1' }).toString());
      case 'ec':
        return plain(read.export({ format: 'pem', type: 'sec1' }).toString());
      default:
        return { text: key, passphrase };
    }
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
    if (code === 'ERR_MISSING_PASSPHRASE') throw passphraseNeeded();
    if (/BEGIN ENCRYPTED/.test(key)) throw wrongPassphrase();
    throw notAKey('it is damaged');
  }
}

/** OpenSSH's own form of an ed25519 key (PROTOCOL.key in its source), not encrypted: it only goes through a pipe. */
function openSshKey(key: KeyObject): string {
  const { d = '', x = '' } = key.export({ format: 'jwk' });
  const [seed, point] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')];
  const type = Buffer.from('ssh-ed25519');
  const publicPart = [sized(type), sized(point)];
  const secret = [...publicPart, sized(Buffer.concat([seed, point])), sized(Buffer.alloc(0))];
  const body = Buffer.concat([number(0), number(0), ...secret]);
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, (8 - (body.length % 8)) % 8));
  const none = sized(Buffer.from('none'));
  const whole = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    none,
    none,
    sized(Buffer.alloc(0)),
    number(1),
    sized(Buffer.concat(publicPart)),
    sized(Buffer.concat([body, padding])),
  ]);
  const lines = whole.toString('base64').match(/.{1,70}/g) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join(
    '\n',
  );
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function sized(bytes: Buffer): Buffer {
  return Buffer.concat([number(bytes.length), bytes]);
}

export function notAKey(why: string): GitFailure {
  return new GitFailure(
    'not-a-private-key',
    `private_key is not a private key that OpenSSH can read: ${why}.`,
  );
}

export function wrongPassphrase(): GitFailure {
  return new GitFailure('wrong-passphrase', 'private_key_passphrase does not open private_key.');
}

function passphraseNeeded(): GitFailure {
  return new GitFailure('passphrase-needed', 'private_key is encrypted: set private_key_passphrase.');
}
