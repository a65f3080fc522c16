import { createHash, createPrivateKey, type KeyObject } from 'node:crypto';
import { GitFailure, type KeyDescription } from '../failures/git-failure.ts';

/** A key as it is pasted into YAML, as OpenSSH wants it: no indent, no carriage returns, a newline at the end. */
export function tidyKey(text: string): string {
  const lines = text
    .split(/\r\n|\r|\n|\\n/)
    .map((line) => line.trim())
    .filter((line, index, all) => line !== '' || isHeader(all[index - 1]));
  return `${lines.join('\n')}\n`;
}

/** The blank line under the headers of an encrypted PEM key is part of it. */
function isHeader(line: string | undefined): boolean {
  return line !== undefined && /^[A-Za-z-]+: /.test(line);
}

/** A key as it can be given to OpenSSH, and what it is. */
export interface ReadKey {
  readonly text: string;
  readonly passphrase: string | null;
  readonly description: KeyDescription | null;
}

/**
 * Looks at the key before OpenSSH does, whose own words about bad keys are few ("error in libcrypto"). What is not
 * understood here (hardware keys, for one) is left to OpenSSH.
 */
export async function readKey(pasted: string, passphrase: string | null): Promise<ReadKey> {
  const text = tidyKey(pasted);
  if (/PUBLIC KEY-----/.test(text) || /^(ssh-|ecdsa-|sk-)/.test(text)) {
    throw new GitFailure('not-a-private-key', 'private_key is a public key: give the private one.');
  }
  if (!/^-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----$/m.test(text))
    throw notAKey('its first line is none of a key');
  if (!/^-----END [A-Z0-9 ]*PRIVATE KEY-----$/m.test(text)) throw notAKey('its end is missing');
  if (!/BEGIN (ENCRYPTED )?PRIVATE KEY/.test(text)) {
    return { text, passphrase, description: await describe(text, passphrase) };
  }
  const converted = fromPkcs8(text, passphrase);
  return { text: converted, passphrase: null, description: await describe(converted, null) };
}

async function describe(key: string, passphrase: string | null): Promise<KeyDescription | null> {
  // Loaded only where a key is used: it takes a while.
  const { default: ssh2 } = await import('ssh2');
  const parsed = ssh2.utils.parseKey(key, passphrase ?? undefined);
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
function fromPkcs8(key: string, passphrase: string | null): string {
  try {
    const read = createPrivateKey({ key, ...(passphrase === null ? {} : { passphrase }) });
    switch (read.asymmetricKeyType) {
      case 'ed25519':
        return openSshKey(read);
      case 'rsa':
        return read.export({ format: 'pem', type: 'pkcs1' }).toString();
      case 'ec':
        return read.export({ format: 'pem', type: 'sec1' }).toString();
      default:
        return key;
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
