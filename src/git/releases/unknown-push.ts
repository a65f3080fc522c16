import { Failure } from '../../core/failure.ts';
import type { Clone } from '../clone/clone.ts';
import { GitFailure } from '../failures/git-failure.ts';

/** The run was told to stop while its push was on its way. Other errors stay as they are. */
export function interrupted(error: unknown, { context }: Clone, branch: string, run: string): unknown {
  if (!(error instanceof Failure) || error instanceof GitFailure) return error;
  return new GitFailure(
    'interrupted',
    `The push to ${branch} of ${context.uri} was under way, so it is not known whether its commits are there; ${howToSee(branch, run)}.`,
    { isOutcomeUnknown: true },
  );
}

/** The push was not answered, and the branch cannot be read any more. */
export function unknown(
  failure: GitFailure,
  { context }: Clone,
  branch: string,
  run: string,
  cause: unknown,
): GitFailure {
  return new GitFailure(
    failure.kind,
    `${failure.message} The push to ${branch} had no answer and the branch cannot be read, so it is not known whether its commits are in ${context.uri}; ${howToSee(branch, run)}.`,
    { isOutcomeUnknown: true, cause },
  );
}

/** The push was not answered, and its commits are not in the branch: a server that is slow can still add them. */
export function missing(failure: GitFailure, branch: string, run: string): GitFailure {
  return new GitFailure(
    failure.kind,
    `${failure.message} The commits were not in ${branch} right after that; ${howToSee(branch, run)}.`,
    { isOutcomeUnknown: true },
  );
}

function howToSee(branch: string, run: string): string {
  return `to see whether they arrived later: git log --grep='Run: ${run}' origin/${branch}`;
}
