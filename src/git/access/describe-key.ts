import { createHash } from 'node:crypto';
import ssh2 from 'ssh2';
import { notAKey, passphraseNeeded, type ReadKey, wrongPassphrase } from './private-key.ts';

/** What servers and people compare. */
export interface KeyDescription {
  /** As in its public half: `ssh-ed25519`. */
  readonly type: string;
  /** `SHA256:...` */
  readonly fingerprint: string;
}

/**
 * What a key is, for errors to name; null where only OpenSSH can tell (hardware keys, for one). Throws a `GitFailure`
 * with the reason where the key cannot be read: OpenSSH's own words are few ("error in libcrypto").
 */
export function describeKey({ text, passphrase }: ReadKey): KeyDescription | null {
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
