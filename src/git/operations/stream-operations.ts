import type { Operation } from '../../core/history/lock-operation.ts';
import type { Name, PoolListing } from '../../core/lock.ts';
import { replaceControls } from '../../core/text.ts';
import { boundaryOf } from '../clone/clone.ts';
import { type History, reachBackTo } from '../clone/history.ts';
import { readLog } from '../objects/commit-log.ts';
import type { LockPlace } from '../objects/lock-path.ts';
import { createOperations } from './read-operations.ts';

/** All operations since a time, in unix seconds, from the newest to the oldest; `standing`: the pools at `head`. */
export async function operationsSince(
  history: History,
  head: string,
  since: number,
  standing: readonly PoolListing[],
  take: (operation: Operation) => void,
): Promise<void> {
  await reachBackTo(history, since);
  // With a time zone, or git takes small numbers for something else than a time.
  const args = [`--since=@${Math.max(0, Math.floor(since))} +0000`, head, '--'];
  await stream(history, args, standing, (operation) => {
    take(operation);
    return true;
  });
}

/**
 * The newest operations on one lock, from the newest to the oldest, at most so many. A lock that came from another
 * pool is followed there.
 */
export async function operationsOn(
  history: History,
  head: string,
  { pool, name }: LockPlace,
  most: number,
): Promise<Operation[]> {
  // Of all pools: in a renamed one the lock went by another path before.
  const paths = ['claimed', 'unclaimed'].map((folder) => `:(top,glob)**/${folder}/${globOf(name)}`);
  for (;;) {
    const found: Operation[] = [];
    let from = pool;
    // Of the other locks nothing is known: where this one goes to another pool, its story goes on there in any case.
    await stream(history, ['--full-history', head, '--', ...paths], [], (operation) => {
      if (operation.pool === from && operation.lock === name) {
        found.push(operation);
        if (operation.kind === 'add' && operation.otherPool !== null) from = operation.otherPool;
      }
      return found.length < most;
    });
    if (found.length >= most || !(await history.deepen())) return found;
  }
}

/** One process, and no more in memory than one commit; what is kept of it is the caller's affair. */
async function stream(
  { clone }: History,
  args: readonly string[],
  standing: readonly PoolListing[],
  take: (operation: Operation) => boolean,
): Promise<void> {
  const boundary = boundaryOf(clone);
  const operations = createOperations(standing);
  await readLog(clone.git, {
    args: ['--date-order', ...args],
    fields: ['%ct', '%an', '%B'],
    // What a merge brought together was done by the commits that it merged, and each of them is in the log.
    changes: 'without-merges',
    wants: () => true,
    // A boundary commit seems to have added everything.
    take: (record) => boundary.has(record.commit) || operations.take(record).every(take),
  });
}

/** Fits the name and little else; the reader takes exactly the name. What an argument cannot hold becomes a star. */
function globOf(name: Name): string {
  return replaceControls(name.replace(/[\\*?[\]]/g, '\\$&'), '*').replace(/\p{Cs}/gu, '*');
}
