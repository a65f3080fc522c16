import { Failure } from '../core/failure.ts';
import type { GitOutcome } from './git-command.ts';

export type GitProblem =
  | 'no-repository'
  | 'no-branch'
  | 'empty-repository'
  | 'no-default-branch'
  | 'cannot-connect'
  | 'timed-out'
  | 'disk-full'
  | 'not-allowed-to-push'
  | 'refused-by-hook'
  | 'rewritten'
  | 'no-git'
  | 'other';

/** What git or a server said, in a sentence for people. */
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

const TRANSIENT: readonly GitProblem[] = ['cannot-connect', 'timed-out', 'rewritten'];

/** Whom a command talked to, as people may see it. */
export interface Place {
  readonly uri: string;
  readonly branch: string | null;
}

interface Rule {
  readonly pattern: RegExp;
  readonly kind: GitProblem;
  readonly sentence: (place: Place, match: RegExpExecArray) => string;
}

/** The first that fits is the most telling: git repeats a cause in ever more general words. */
const RULES: readonly Rule[] = [
  {
    pattern: /No space left on device|Disk quota exceeded|unable to write (?:sha1|loose object|file)/,
    kind: 'disk-full',
    sentence: () => 'The disk is full: git could not write its copy of the repository; free some space.',
  },
  {
    pattern: /couldn't find remote ref/,
    kind: 'no-branch',
    sentence: ({ uri, branch }) => `${uri} has no branch ${branch}; set branch to one that is there.`,
  },
  {
    pattern:
      /does not appear to be a git repository|repository .* not found|repository .* does not exist|not a git repository|does not exist/i,
    kind: 'no-repository',
    sentence: ({ uri }) =>
      `There is no git repository at ${uri}, or the given account may not see it; check uri and the credentials.`,
  },
  {
    pattern:
      /(?:Could not resolve host(?:name)?|Failed to connect|Connection refused|Connection timed out|Network is unreachable|No route to host|unable to connect|Couldn't connect|Connection reset|Connection closed|hung up unexpectedly|early EOF|unexpected disconnect)[^\n]*/i,
    kind: 'cannot-connect',
    sentence: ({ uri }, [words]) => `Could not connect to ${uri}: ${words.trim()}.`,
  },
];

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
  for (const { pattern, kind, sentence } of RULES) {
    const match = pattern.exec(stderr);
    if (match !== null) return new GitFailure(kind, sentence(place, match));
  }
  const words = lastWords(stderr);
  const how = status === null ? 'was ended by a signal' : 'failed';
  return new GitFailure('other', `git ${how} at ${place.uri}${words === '' ? '' : `: ${words}`}.`);
}

/** The line that says why: git's last `fatal:` or `error:`, else the last line of all. */
export function lastWords(stderr: string): string {
  const lines = stderr
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const telling = lines.filter((line) => /^(fatal|error): /.test(line));
  const line = telling[0] ?? lines.at(-1) ?? '';
  return line.replace(/^(fatal|error): /, '').replace(/[.:]+$/, '');
}

/** What the server itself said (`remote: ...`), in one line. */
export function serverWords(stderr: string): string {
  return stderr
    .split(/[\r\n]+/)
    .filter((line) => line.startsWith('remote:'))
    .map((line) => line.slice('remote:'.length).trim())
    .filter((line) => line !== '' && !/^(Counting|Compressing|Enumerating|Resolving|Total)\b/.test(line))
    .join(' ');
}
