import type { Name } from '../../core/lock.ts';
import type { Changes, LogRecord } from '../objects/commit-log.ts';
import { canBePool, type LockPlace, lockAt, lockPath } from '../objects/lock-path.ts';

/** Where a claim was found. */
export interface Found {
  readonly commit: string;
  readonly parents: readonly string[];
  /** The lock's path in that commit; its pool may have been renamed since. */
  readonly path: string;
}

/** Which locks are being traced at which commits: path there → numbers of the locks. */
export type Traced = Map<string, Map<string, readonly number[]>>;

export interface Trace {
  /** More than one where a merge joined two claims of one lock. */
  readonly found: ReadonlyMap<number, readonly Found[]>;
  /** What is left: at boundary commits, and at commits that the walk did not come to. */
  readonly left: Traced;
}

export function startAt(commit: string, locks: readonly LockPlace[]): Traced {
  const paths = locks.map((lock, index) => [lockPath(lock), [index]] as const);
  return new Map([[commit, new Map(paths)]]);
}

/**
 * Traces locks back to the commits that put them into `claimed`, given commits in an order that has children before
 * parents. A lock goes on to every parent that has it, whatever became of its content; where none has it, through a
 * rename of its pool; else the commit is its claim. So a merge that brought both sides is never a claim, and one that
 * joined an old claim with a newer one gives both. A boundary commit seems to have added everything: it proves nothing.
 */
export function createTrace(start: Traced, isBoundary: (commit: string) => boolean) {
  const left: Traced = new Map(start);
  const found = new Map<number, readonly Found[]>();

  const settle = (record: LogRecord, traced: Map<string, readonly number[]>) => {
    const [parent, ...others] = record.parents;
    const isUsual = parent !== undefined && others.length === 0 && !left.has(parent);
    // In the usual case all that was not added moves on to the only parent as it is: there can be thousands of locks.
    if (isUsual) left.set(parent, traced);
    const settled = (isUsual ? addedBy(record, traced) : [...traced.keys()]).map((path) => ({
      path,
      locks: traced.get(path) ?? [],
      origins: originsOf(path, record),
    }));
    if (isUsual) for (const { path } of settled) traced.delete(path);
    for (const { path, locks, origins } of settled) {
      for (const { commit, path: before } of origins) addTo(left, commit, before, locks);
      if (origins.length > 0) continue;
      const claim = { commit: record.commit, parents: record.parents, path };
      for (const lock of locks) found.set(lock, [...(found.get(lock) ?? []), claim]);
    }
    if (isUsual && traced.size === 0) left.delete(parent);
  };
  return {
    wants: (commit: string): boolean => left.has(commit),
    /** False when nothing is left to trace. */
    take(record: LogRecord): boolean {
      const traced = left.get(record.commit);
      if (traced !== undefined && !isBoundary(record.commit)) {
        left.delete(record.commit);
        settle(record, traced);
      }
      return [...left.keys()].some((commit) => !isBoundary(commit));
    },
    result: (): Trace => ({ found, left }),
  };
}

/** The locks that one commit put into `claimed`. */
export function claimsMadeBy(record: LogRecord): LockPlace[] {
  const [changes] = record.changes;
  // A parent that it does not differ from had everything already.
  if (changes === undefined || record.changes.length < record.parents.length) return [];
  return [...changes.added].flatMap((path) => {
    const lock = lockAt(path);
    return lock?.state === 'claimed' && originsOf(path, record).length === 0 ? [lock] : [];
  });
}

/** Says that locks are being traced at a commit, under a path there. */
export function addTo(traced: Traced, commit: string, path: string, locks: readonly number[]): void {
  const there = traced.get(commit) ?? new Map<string, readonly number[]>();
  there.set(path, [...new Set([...(there.get(path) ?? []), ...locks])]);
  traced.set(commit, there);
}

/** The traced paths that a commit with one parent added. */
function addedBy(record: LogRecord, traced: ReadonlyMap<string, unknown>): string[] {
  const changes = changesAgainst(record, 0);
  return changes === null
    ? []
    : [...changes.added].filter((path) => traced.has(path) && isNew(path, changes));
}

function originsOf(path: string, record: LogRecord): { commit: string; path: string }[] {
  const parents = record.parents.map((commit, index) => ({ commit, changes: changesAgainst(record, index) }));
  const there = parents.filter(({ changes }) => changes === null || !isNew(path, changes));
  if (there.length > 0) return there.map(({ commit }) => ({ commit, path }));
  return parents.flatMap(({ commit, changes }) => {
    const before = changes === null ? null : nameBeforeRename(path, changes);
    return before === null ? [] : [{ commit, path: before }];
  });
}

function changesAgainst({ parents, changes }: LogRecord, index: number): Changes | null {
  if (parents.length === 1) return changes[0] ?? null;
  return changes.find(({ against }) => against === parents[index]) ?? null;
}

/** A file that became a directory, or the other way round, is listed as removed and added. */
function isNew(path: string, { added, removed }: Changes): boolean {
  return added.has(path) && !removed.has(path);
}

/**
 * The path that a lock had before its pool was renamed, or null where it was not. A commit by hand can release a lock
 * of one pool and claim one of the same name in another: those moved within their pools, and are no rename. Where two
 * pools fit equally well it is not known, and the newer claim, this commit, is the safe answer.
 */
function nameBeforeRename(path: string, changes: Changes): string | null {
  const lock = lockAt(path);
  if (lock === null) return null;
  const { pool, name } = lock;
  if (changes.removed.has(lockPath(lock, 'unclaimed'))) return null;
  const candidates = [...changes.removed]
    .filter((other) => other.endsWith(`/claimed/${name}`))
    .map((other) => other.slice(0, -`/claimed/${name}`.length))
    .filter((other) => other !== pool && canBePool(other))
    .filter((other) => !changes.added.has(lockPath({ pool: other, name }, 'unclaimed')))
    .map((other) => ({ other, score: sharedPaths(other, pool, changes) }))
    .sort((a, b) => b.score - a.score);
  const [best, second] = candidates;
  if (best === undefined || best.score === second?.score) return null;
  return lockPath({ pool: best.other, name });
}

function sharedPaths(before: Name, after: Name, { added, removed }: Changes): number {
  let shared = 0;
  for (const path of removed) {
    if (path.startsWith(`${before}/`) && added.has(after + path.slice(before.length))) shared += 1;
  }
  return shared;
}
