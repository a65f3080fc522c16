import type { Name, PoolListing } from '../../core/lock.ts';
import { claimsMadeBy } from '../claims/trace-claims.ts';
import { failureOf } from '../failures/explain-outcome.ts';
import { readPools } from '../objects/pool-tree.ts';
import { readCommits } from '../objects/read-commits.ts';
import { type History, readChanges } from './fetched-history.ts';
import { boundaryOf, type Copy } from './remote.ts';

export async function poolsAt({ git, place }: Copy, commit: string): Promise<PoolListing[]> {
  const reader = readPools();
  const outcome = await git({
    args: ['ls-tree', '-r', '-t', '-z', '--full-tree', commit],
    onOutput: (chunk) => {
      reader.read(chunk);
      return 'more';
    },
  });
  if (outcome.status !== 0) throw failureOf(outcome, place);
  return reader.pools();
}

/**
 * Whether `head` can be reached from the commit, fetching as much of the history as it takes to know. `isGone` tells
 * whether the server has no such commit at all: then the history need not be fetched to the end in vain.
 */
export async function isAncestor(
  history: History,
  commit: string,
  head: string,
  isGone: () => Promise<boolean>,
): Promise<boolean> {
  if (!/^[0-9a-f]{40}$/.test(commit)) return false;
  for (let isFirst = true; ; isFirst = false) {
    const args = ['merge-base', '--is-ancestor', commit, head];
    const { status } = await history.copy.git({ args });
    if (status === 0) return true;
    if (isFirst && (await isGone())) return false;
    if (!(await history.deepen())) return false;
  }
}

/**
 * Which pools each commit put a lock into `claimed` of. A commit that is not in the copy says nothing as long as the
 * copy does not reach back to `since` (unix seconds): what was made after that must be here to be judged.
 */
export async function poolsClaimedIn(
  history: History,
  commits: readonly string[],
  since: number,
): Promise<ReadonlyMap<string, readonly Name[]>> {
  await reachBackTo(history, since);
  const boundary = boundaryOf(history.copy);
  // What a boundary commit changed cannot be seen before its parents are here.
  if (commits.some((commit) => boundary.has(commit))) await history.deepen();
  const records = await readChanges(history.copy, commits);
  return new Map(
    records.map((record) => [record.commit, [...new Set(claimsMadeBy(record).map(({ pool }) => pool))]]),
  );
}

/** Fetches until everything that was committed at or after a time (unix seconds) is here. */
export async function reachBackTo(history: History, since: number): Promise<void> {
  while (await isTooShallow(history, since)) {
    if (!(await history.deepen())) return;
  }
}

/** Whether something that was committed at or after a time (unix seconds) may be missing. */
export async function isTooShallow({ copy }: History, since: number): Promise<boolean> {
  const texts = await readCommits(copy.git, boundaryOf(copy));
  return [...texts.values()].some(({ committedAt }) => committedAt >= since);
}

/** When a commit was made, in unix seconds. */
export async function committedAt({ git }: Copy, commit: string): Promise<number | null> {
  return (await readCommits(git, [commit])).get(commit)?.committedAt ?? null;
}
