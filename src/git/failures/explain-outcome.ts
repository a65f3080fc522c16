import { FAILURE_RULES } from './failure-patterns.ts';
import { GitFailure, type Place } from './git-failure.ts';
import type { GitOutcome } from './git-outcome.ts';

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
