import { GitFailure } from '../failures/git-failure.ts';

/** A key as it can be given to OpenSSH. */
export interface ReadKey {
  readonly text: string;
  readonly passphrase: string | null;
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

export function passphraseNeeded(): GitFailure {
  return new GitFailure('passphrase-needed', 'private_key is encrypted: set private_key_passphrase.');
}
