import { CONNECTION_PATTERNS } from './connection-patterns.ts';
import { GitFailure, type RemoteContext } from './git-failure.ts';
import type { GitOutcome } from './git-outcome.ts';
import { HOST_PATTERNS } from './host-patterns.ts';
import { HTTP_PATTERNS, STATUS_PATTERNS } from './http-patterns.ts';
import { LOCAL_PATTERNS } from './local-patterns.ts';
import { type MessagePattern, ownLine } from './message-pattern.ts';
import { remoteWords } from './remote-words.ts';
import { SSH_PATTERNS } from './ssh-patterns.ts';

/** The most telling first: git repeats a cause in ever more general words. */
const PATTERNS: readonly MessagePattern[] = [
  ...LOCAL_PATTERNS,
  ...SSH_PATTERNS,
  ...HTTP_PATTERNS,
  ...HOST_PATTERNS,
  ...STATUS_PATTERNS,
  ...CONNECTION_PATTERNS,
];

/** The failure that the messages of a command stand for: the only place where they are classified. */
export function failureOf(outcome: GitOutcome, context: RemoteContext): GitFailure {
  const { stderr, end, status } = outcome;
  const { uri } = context;
  if (end === 'timed-out') {
    return new GitFailure('timed-out', `${uri} did not answer in time; try again, or look at the server.`);
  }
  if (end === 'out-of-memory') {
    return new GitFailure(
      'too-much',
      `git took too much memory for ${context.uri}: it is not a lock repository, or its server sends a list without end; check uri.`,
    );
  }
  if (status !== null && status < 0) {
    return new GitFailure('no-git', 'The program git could not be started; install it.');
  }
  const said = remoteWords(stderr);
  for (const { pattern, isSaidByRemote = false, kind, sentence } of PATTERNS) {
    const match = pattern.exec(isSaidByRemote ? said : stderr);
    if (match === null) continue;
    return new GitFailure(
      typeof kind === 'function' ? kind(context, stderr) : kind,
      sentence(context, match, stderr),
    );
  }
  const words = lastWords(stderr, said);
  const why = words === '' ? '' : `: ${words}`;
  // What ends git from outside (a machine that runs out of memory, for one) may not do so again.
  return status === null
    ? new GitFailure('cannot-connect', `git was ended by a signal while it talked to ${uri}${why}.`)
    : new GitFailure('other', `git failed at ${uri}${why}.`);
}

/** The line that says why: git's first `fatal:` or `error:` with the remote's words, or the last line of all. */
function lastWords(stderr: string, said: string): string {
  const lines = stderr
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const own = lines.find((one) => /^(fatal|error): /.test(one));
  if (own === undefined) return said || ownLine(lines.at(-1) ?? '');
  return said === '' ? ownLine(own) : `${ownLine(own)} (${said})`;
}
