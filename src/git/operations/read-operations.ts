import type { Operation } from '../../core/history/lock-operation.ts';
import type { Name, PoolListing } from '../../core/lock.ts';
import { isByPoolBoy, parseClaimMessage, parseReleaseMessage } from '../../core/messages/claim-message.ts';
import { timeOfCommit } from '../../core/time.ts';
import type { LogRecord } from '../objects/commit-log.ts';
import { lockAt } from '../objects/lock-path.ts';

export interface OperationsReader {
  /** What one commit did to locks; given from the newest commit to the oldest, with `%ct`, `%an` and `%B`. */
  take(record: LogRecord): Operation[];
}

/**
 * Makes operations of what commits changed. Where a pool was renamed, what was done under its old name before is told
 * under the new one, so that a lock's story does not end at the rename. `standing`: the pools at the newest commit,
 * where all of them are told; a pool that goes on after one of its locks went to another was not renamed.
 */
export function createOperations(standing: readonly PoolListing[]): OperationsReader {
  const newNames = new Map<Name, Name>();
  /** By pool the locks that it had right after the commit that is read. */
  const there = new Map(
    standing.map(({ name, claimed, unclaimed }) => [
      name,
      new Set([...(claimed ?? []), ...(unclaimed ?? [])]),
    ]),
  );
  return {
    take(record) {
      const all = changesOf(record);
      const renamed = renamesIn([...all.values()], (pool) => !there.get(pool)?.size);
      const changes = withoutRenamed(all, renamed);
      for (const one of all.values()) goBackBefore(one, there);
      const operations = changes.flatMap((change) => operationsOf(change, changes, record, newNames));
      for (const [before, after] of renamed) newNames.set(before, newNames.get(after) ?? after);
      return operations;
    },
  };
}

/** What became of one lock in one commit: each folder, whether it came there or went. */
interface Change {
  readonly pool: Name;
  readonly lock: Name;
  readonly claimed: 'added' | 'removed' | null;
  readonly unclaimed: 'added' | 'removed' | null;
}

/** By pool and lock. */
type Changed = ReadonlyMap<string, Change>;

function changesOf({ changes: [first] }: LogRecord): Changed {
  const { added, removed } = first ?? { added: new Set<string>(), removed: new Set<string>() };
  const changes = new Map<string, Change>();
  const note = (path: string, how: 'added' | 'removed') => {
    const place = lockAt(path);
    if (place === null) return;
    const { pool, name, state } = place;
    const key = JSON.stringify([pool, name]);
    const known = changes.get(key) ?? { pool, lock: name, claimed: null, unclaimed: null };
    changes.set(key, { ...known, [state]: how });
  };
  // A file that became a directory, or the other way round, is listed as both.
  for (const path of added) if (!removed.has(path)) note(path, 'added');
  for (const path of removed) if (!added.has(path)) note(path, 'removed');
  return changes;
}

function withoutRenamed(changes: Changed, renamed: ReadonlyMap<Name, Name>): Change[] {
  if (renamed.size === 0) return [...changes.values()];
  const old = new Set(renamed.keys());
  const moved = (one: Change) =>
    old.has(one.pool) ||
    [...renamed].some(
      ([before, after]) => after === one.pool && changes.has(JSON.stringify([before, one.lock])),
    );
  return [...changes.values()].filter((one) => !moved(one));
}

/** What a pool had before a commit, from what it had after it. */
function goBackBefore({ pool, lock, claimed, unclaimed }: Change, there: Map<Name, Set<Name>>): void {
  const locks = there.get(pool) ?? new Set();
  if (claimed === 'removed' || unclaimed === 'removed') locks.add(lock);
  else locks.delete(lock);
  there.set(pool, locks);
}

/**
 * Old names of pools and their new ones: the same locks went from the one and came to the other as they were, and the
 * one has none left.
 */
function renamesIn(changes: readonly Change[], isEmptied: (pool: Name) => boolean): Map<Name, Name> {
  const came = changes.filter((one) => isWholly(one, 'added'));
  const went = changes.filter((one) => isWholly(one, 'removed') && isEmptied(one.pool));
  const shared = new Map<string, { before: Name; after: Name; locks: number }>();
  for (const one of came) {
    for (const other of went) {
      if (other.lock !== one.lock || (other.claimed === null) !== (one.claimed === null)) continue;
      const key = JSON.stringify([other.pool, one.pool]);
      const known = shared.get(key) ?? { before: other.pool, after: one.pool, locks: 0 };
      shared.set(key, { ...known, locks: known.locks + 1 });
    }
  }
  const renamed = new Map<Name, Name>();
  for (const { before, after } of [...shared.values()].sort((a, b) => b.locks - a.locks)) {
    if (!renamed.has(before) && ![...renamed.values()].includes(after)) renamed.set(before, after);
  }
  return renamed;
}

function isWholly({ claimed, unclaimed }: Change, how: 'added' | 'removed'): boolean {
  return (claimed === how || unclaimed === how) && (claimed === null || unclaimed === null);
}

/** The other end of a move from one pool into another: a lock that leaves `claimed` and is free there. */
function otherEnd(one: Change, changes: readonly Change[]): Name | null {
  const leaves = ({ claimed, unclaimed }: Change) => claimed === 'removed' && unclaimed === null;
  const comes = ({ claimed, unclaimed }: Change) => unclaimed === 'added' && claimed === null;
  const fits = leaves(one) ? comes : comes(one) ? leaves : () => false;
  const [other, ...more] = changes.filter((change) => change.lock === one.lock && fits(change));
  // Where several match, it is not known which.
  return other === undefined || more.length > 0 ? null : other.pool;
}

function operationsOf(
  change: Change,
  changes: readonly Change[],
  { commit, fields: [at = '', author = '', message = ''] }: LogRecord,
  newNames: ReadonlyMap<Name, Name>,
): Operation[] {
  const { pool, lock, claimed, unclaimed } = change;
  const other = otherEnd(change, changes);
  const operation = (kind: Operation['kind']): Operation => ({
    kind,
    pool: newNames.get(pool) ?? pool,
    lock,
    at: timeOfCommit(at),
    commit,
    owner: kind === 'claim' ? parseClaimMessage(message, lock).owner : parseReleaseMessage(message, lock),
    author,
    otherPool: other === null ? null : (newNames.get(other) ?? other),
    byPoolBoy: isByPoolBoy(message),
  });
  if (claimed === 'added') {
    return unclaimed === 'removed' ? [operation('claim')] : [operation('add'), operation('claim')];
  }
  if (unclaimed === 'added') return [operation(claimed === 'removed' ? 'release' : 'add')];
  return [operation(other === null ? 'remove' : 'release')];
}
