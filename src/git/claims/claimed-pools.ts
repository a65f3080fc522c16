import type { Name } from '../../core/lock.ts';
import { boundaryOf } from '../clone/clone.ts';
import { type History, reachBackTo } from '../clone/history.ts';
import { type LogRecord, readLog } from '../objects/commit-log.ts';
import { claimsMadeBy } from './trace-claims.ts';

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
  const boundary = boundaryOf(history.clone);
  // What a boundary commit changed cannot be seen before its parents are here.
  if (commits.some((commit) => boundary.has(commit))) await history.deepen();
  const records = await readChanges(history, commits);
  return new Map(
    records.map((record) => [record.commit, [...new Set(claimsMadeBy(record).map(({ pool }) => pool))]]),
  );
}

/** The changes of single commits. What is not here is left out. */
async function readChanges({ clone }: History, commits: readonly string[]): Promise<LogRecord[]> {
  const boundary = boundaryOf(clone);
  const wanted = commits.filter(
    (commit) => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit) && !boundary.has(commit),
  );
  const records: LogRecord[] = [];
  if (wanted.length === 0) return records;
  await readLog(clone.git, {
    args: ['--no-walk=unsorted', '--ignore-missing', '--stdin'],
    input: Buffer.from(wanted.map((commit) => `${commit}\n`).join('')),
    fields: [],
    changes: 'with-merges',
    wants: () => true,
    take: (record) => records.push(record) > 0,
  });
  return records;
}
