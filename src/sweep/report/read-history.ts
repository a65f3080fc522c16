import { type History, readHistory } from '../../core/history/lock-history.ts';
import type { Operation, StandingLock } from '../../core/history/lock-operation.ts';
import { claimedAt, type PoolListing } from '../../core/lock.ts';
import type { Session } from '../session.ts';

/** Who held which lock of these pools from when to when, as far back as `since` (unix seconds). */
export async function historySince(
  { repository }: Session,
  head: string,
  pools: readonly PoolListing[],
  since: number,
  now: number,
): Promise<{ readonly history: History; readonly operations: readonly Operation[] }> {
  const names = new Set(pools.map(({ name }) => name));
  const operations: Operation[] = [];
  await repository.operationsSince(head, since, (operation) => {
    if (names.has(operation.pool)) operations.push(operation);
  });
  operations.reverse();
  const standing = await standingLocks({ repository }, head, pools, now);
  return { history: readHistory({ now, operations, standing }), operations };
}

async function standingLocks(
  { repository }: Pick<Session, 'repository'>,
  head: string,
  pools: readonly PoolListing[],
  now: number,
): Promise<StandingLock[]> {
  const held = pools.flatMap(({ name: pool, claimed }) => (claimed ?? []).map((name) => ({ pool, name })));
  const claims = held.length === 0 ? [] : await repository.claimsAt(head, held);
  const claimed = held.flatMap(({ pool, name }, i): StandingLock[] => {
    const claim = claims[i];
    if (claim === undefined) return [];
    const { commit, owner, author } = claim;
    return [{ pool, lock: name, claim: { at: claimedAt(claim, now) ?? now, commit, owner, author } }];
  });
  const free = pools.flatMap(({ name: pool, claimed: taken, unclaimed }) =>
    (unclaimed ?? [])
      .filter((lock) => !(taken ?? []).includes(lock))
      .map((lock) => ({ pool, lock, claim: null })),
  );
  return [...claimed, ...free];
}
