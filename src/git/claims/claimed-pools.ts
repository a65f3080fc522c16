import type { Name } from '../../core/lock.ts';
import { boundaryOf } from '../clone/clone.ts';
import { type History, reachBackTo } from '../clone/history.ts';
import { type LogRecord, readChangesOf } from '../objects/commit-log.ts';
import { claimsMadeBy } from './trace-claims.ts';

const COMMIT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * Which pools each commit put a lock into `claimed` of. A commit that is not in the clone has no entry; it says
 * nothing as long as the clone does not reach back to `since` (unix seconds): what was made after that must be here
 * to be judged.
 */
export async function poolsClaimedIn(
  history: History,
  commits: readonly string[],
  since: number,
): Promise<ReadonlyMap<string, readonly Name[]>> {
  await reachBackTo(history, since);
  // What a boundary commit changed cannot be seen before its parents are here.
  const before = boundaryOf(history.clone);
  if (commits.some((commit) => before.has(commit))) await history.deepen();
  const boundary = boundaryOf(history.clone);
  const isReadable = (commit: string) => COMMIT_ID.test(commit) && !boundary.has(commit);
  const records: LogRecord[] = [];
  await readChangesOf(history.clone.git, commits.filter(isReadable), (record) => void records.push(record));
  return new Map(
    records.map((record) => [record.commit, [...new Set(claimsMadeBy(record).map(({ pool }) => pool))]]),
  );
}
