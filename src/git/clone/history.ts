import { GitFailure } from '../failures/git-failure.ts';
import { readCommits } from '../objects/read-commits.ts';
import { boundaryOf, type Clone } from './clone.ts';
import { fetchBranch } from './fetch-branch.ts';

/** What is asked for first: about a day of a busy repository, in one pack of a few hundred KB. */
export const FIRST_DEPTH = 128;
const GROWTH = 4;
/** What git takes for "all of it". */
const FULL_DEPTH = 2_147_483_647;

/** The history of one branch in our clone, as far as it was needed yet. */
export interface History {
  readonly clone: Clone;
  readonly branch: string;
  /** Fetches more of it; false when all of it is here. */
  deepen(): Promise<boolean>;
}

export function createHistory(clone: Clone, branch: string): History {
  let step = FIRST_DEPTH * (GROWTH - 1);
  return {
    clone,
    branch,
    async deepen() {
      const before = boundaryOf(clone);
      if (before.size === 0) return false;
      // A contact costs more than some bytes: after each step there is four times as much as before.
      await fetchBranch(clone, branch, { kind: 'deepen', commits: Math.min(step, FULL_DEPTH) });
      step *= GROWTH;
      const after = boundaryOf(clone);
      if (after.size === before.size && [...after].every((commit) => before.has(commit))) {
        throw new GitFailure(
          'rewritten',
          `The branch ${branch} of ${clone.context.uri} was rewritten while it was read; run again.`,
        );
      }
      return true;
    },
  };
}

/** Fetches until everything that was committed at or after a time (unix seconds) is here. */
export async function reachBackTo(history: History, since: number): Promise<void> {
  while (await isTooShallow(history, since)) {
    if (!(await history.deepen())) return;
  }
}

/** Whether something that was committed at or after a time (unix seconds) may be missing. */
export async function isTooShallow({ clone }: History, since: number): Promise<boolean> {
  const texts = await readCommits(clone.git, boundaryOf(clone));
  return [...texts.values()].some(({ committedAt }) => committedAt >= since);
}
