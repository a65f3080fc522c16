import { GitFailure, type RemoteContext } from './git-failure.ts';
import type { GitOutcome } from './git-outcome.ts';
import { MESSAGE_PATTERNS } from './message-patterns.ts';

/** The failure that a command's words stand for. */
export function failureOf(outcome: GitOutcome, context: RemoteContext): GitFailure {
  const { stderr, end, status } = outcome;
  if (end === 'timed-out') {
    return new GitFailure(
      'timed-out',
      `${context.uri} did not answer in time; try again, or look at the server.`,
    );
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
  for (const { pattern, kind, sentence } of MESSAGE_PATTERNS) {
    const match = pattern.exec(stderr);
    if (match === null) continue;
    return new GitFailure(
      typeof kind === 'function' ? kind(context) : kind,
      sentence(context, match, stderr),
    );
  }
  const words = lastWords(stderr);
  const how = status === null ? 'was ended by a signal' : 'failed';
  return new GitFailure('other', `git ${how} at ${context.uri}${words === '' ? '' : `: ${words}`}.`);
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
