import { Failure } from '../core/failure.ts';
import { FAILURE_RULES } from './failure-rules.ts';
import type { GitOutcome } from './git-command.ts';
import type { KeyDescription } from './private-key.ts';

export type GitProblem =
  | 'no-repository'
  | 'no-branch'
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
  | 'refused-by-hook'
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

  constructor(kind: GitProblem, sentence: string) {
    super(sentence);
    this.name = 'GitFailure';
    this.kind = kind;
    this.isWorthRetry = TRANSIENT.includes(kind);
  }
}

const TRANSIENT: readonly GitProblem[] = ['cannot-connect', 'timed-out', 'server-trouble', 'rewritten'];

/** Whom a command talked to, as people may see it. */
export interface Place {
  readonly uri: string;
  readonly branch: string | null;
  readonly isPush?: boolean;
  readonly key?: KeyDescription | null;
}

/** The failure that a command's words stand for. */
export function failureOf(outcome: GitOutcome, place: Place): GitFailure {
  const { stderr, end, status } = outcome;
  if (end === 'timed-out') {
    return new GitFailure(
      'timed-out',
      `${place.uri} did not answer in time; try again, or look at the server.`,
    );
  }
  if (status !== null && status < 0) {
    return new GitFailure('no-git', 'The program git could not be started; install it.');
  }
  for (const { pattern, kind, sentence } of FAILURE_RULES) {
    const match = pattern.exec(stderr);
    if (match === null) continue;
    return new GitFailure(typeof kind === 'function' ? kind(place) : kind, sentence(place, match, stderr));
  }
  const words = lastWords(stderr);
  const how = status === null ? 'was ended by a signal' : 'failed';
  return new GitFailure('other', `git ${how} at ${place.uri}${words === '' ? '' : `: ${words}`}.`);
}

/** The line that says why: git's first `fatal:` or `error:`, else the last line of all. */
function lastWords(stderr: string): string {
  const lines = stderr
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const line = lines.find((one) => /^(fatal|error): /.test(one)) ?? lines.at(-1) ?? '';
  return line.replace(/^(fatal|error): /, '').replace(/[.:]+$/, '');
}
