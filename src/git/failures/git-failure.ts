import { Failure, type FailureOptions } from '../../core/failure.ts';

export type GitProblem =
  | 'no-repository'
  | 'no-branch'
  | 'dumb-http'
  | 'empty-repository'
  | 'no-default-branch'
  | 'not-allowed-to-read'
  | 'not-allowed-to-push'
  | 'credentials-needed'
  | 'wrong-credentials'
  | 'wrong-key'
  | 'wrong-passphrase'
  | 'passphrase-needed'
  | 'not-a-private-key'
  | 'unknown-host'
  | 'changed-host-key'
  | 'cannot-connect'
  | 'timed-out'
  | 'tls'
  | 'proxy'
  | 'server-trouble'
  | 'no-common-algorithm'
  | 'refused'
  | 'refused-by-hook'
  | 'interrupted'
  | 'cannot-sign'
  | 'rewritten'
  | 'disk-full'
  | 'too-much'
  | 'no-folder'
  | 'no-git'
  | 'no-openssh'
  | 'other';

/** What git, ssh or a server said, in a sentence for people. */
export class GitFailure extends Failure {
  readonly kind: GitProblem;
  /** Whether the same command may well work a little later. */
  readonly isWorthRetry: boolean;

  constructor(kind: GitProblem, sentence: string, options: FailureOptions = {}) {
    super(sentence, options);
    this.name = 'GitFailure';
    this.kind = kind;
    this.isWorthRetry = TRANSIENT.includes(kind);
  }
}

const TRANSIENT: readonly GitProblem[] = ['cannot-connect', 'timed-out', 'server-trouble', 'rewritten'];

/** Whom a command talked to, as people may see it. */
export interface RemoteContext {
  readonly uri: string;
  readonly branch: string | null;
  readonly isPush?: boolean;
}
