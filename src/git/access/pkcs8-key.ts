import { createPrivateKey, type KeyObject } from 'node:crypto';
import { notAKey, passphraseNeeded, type ReadKey, wrongPassphrase } from './private-key.ts';

/** PKCS#8 is what Node reads best, ssh2 not at all, and OpenSSH before 9.6 only in part. */
export function fromPkcs8(key: string, passphrase: string | null): ReadKey {
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
