import type { Operation } from '../../core/history/lock-operation.ts';
import type { Name } from '../../core/lock.ts';
import type { LockPlace } from '../claims/trace-claims.ts';
import type { History } from '../copy/fetched-history.ts';
import { reachBackTo } from '../copy/inspect-commits.ts';
import { boundaryOf } from '../copy/remote.ts';
import { OPERATION_ARGUMENTS, readOperations } from './operation-records.ts';
import { createOperations, placeOf } from './read-operations.ts';

/** All operations since a time, in unix seconds, from the newest to the oldest. */
export async function operationsSince(
  history: History,
  head: string,
  since: number,
  take: (operation: Operation) => void,
): Promise<void> {
  await reachBackTo(history, since);
  // With a time zone, or git takes small numbers for something else than a time.
  await stream(history, [`--since=@${Math.max(0, Math.floor(since))} +0000`, head, '--'], (operation) => {
    take(operation);
    return true;
  });
}

/** The newest operations on one lock, from the newest to the oldest, at most so many. */
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
    await stream(history, ['--full-history', head, '--', ...paths], (operation) => {
      if (operation.pool === pool && operation.lock === name) found.push(operation);
      return found.length < most;
    });
    if (found.length >= most || !(await history.deepen())) return found;
  }
}

/** One process, and no more in memory than one commit; what is kept of it is the caller's affair. */
async function stream(
  { copy }: History,
  what: readonly string[],
  take: (operation: Operation) => boolean,
): Promise<void> {
  const boundary = boundaryOf(copy);
  const operations = createOperations();
  const reader = readOperations(
    (path) => placeOf(path) !== null,
    // A boundary commit seems to have added everything.
    (record) => boundary.has(record.commit) || operations.take(record).every(take),
  );
  const { status, end, stderr } = await copy.git({
    args: [...OPERATION_ARGUMENTS, ...what],
    onOutput: (chunk) => (reader.read(chunk) ? 'more' : 'enough'),
  });
  if (end === 'had-enough') return;
  if (status !== 0) throw new Error(`git log failed: ${stderr}`);
  reader.end();
}

/** Fits the name and little else; the reader takes exactly the name. What an argument cannot hold becomes a star. */
function globOf(name: Name): string {
  return name.replace(/[\\*?[\]]/g, '\\$&').replace(/[\p{Cc}\p{Cs}]/gu, '*');
}
