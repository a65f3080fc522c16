import { boundaryOf } from '../clone/clone.ts';
import type { History } from '../clone/history.ts';
import type { LockPlace } from '../objects/lock-path.ts';
import { type Found, startAt, type Traced } from './trace-claims.ts';
import { walk } from './walk-history.ts';
import { canWalkLinear, walkLinear } from './walk-linear.ts';

/** Claims that an earlier run found at a head that the branch had then, by the lock's path there. */
export interface EarlierClaims<T> {
  readonly head: string;
  readonly claims: Readonly<Record<string, T>>;
}

/** What following one lock gave: claims found now, and claims known before. More than one where a merge joined them. */
export interface FollowedLock<T> {
  readonly found: Found[];
  readonly known: T[];
  /** Its claim, or one of two that a merge joined, is older than all that the remote has. */
  isBeyondHistory: boolean;
}

export interface FollowedLocks<T> {
  /** For each lock, in the same order. */
  readonly locks: readonly FollowedLock<T>[];
  /** Commits that may hold a claim of these locks (see `core/hold.ts`), the newest first. */
  readonly holdCommits: readonly string[];
}

/** So many walks over every commit's changes come first: what is there then is small. */
const FULL_WALKS = 2;

/**
 * Follows locks that are in `claimed` at a commit back to their claims, fetching as much of the history as it takes.
 * Each walk goes on where the one before it came to the end of what is here. With `earlier` the first walks only what
 * is new, and takes over what is known at the earlier head.
 */
export async function followClaims<T>(
  history: History,
  commit: string,
  locks: readonly LockPlace[],
  earlier: EarlierClaims<T> | null,
): Promise<FollowedLocks<T>> {
  const followed: FollowedLock<T>[] = locks.map(() => ({ found: [], known: [], isBeyondHistory: false }));
  const holdCommits: string[] = [];
  let left: Traced = locks.length === 0 ? new Map() : startAt(commit, locks);
  if (earlier !== null && left.size > 0) {
    takeOver(left, earlier, followed);
    if (left.size > 0) await step(walk(history.clone, left, earlier.head));
    takeOver(left, earlier, followed);
  }
  let isLinear = true;
  for (let walks = 0; left.size > 0; walks += 1) {
    if (isLinear && walks >= FULL_WALKS && canWalkLinear(left)) {
      ({ isLinear } = await step(walkLinear(history.clone, left)));
      const boundary = boundaryOf(history.clone);
      // Behind a rename, a merge or many commits there is more to walk.
      if ([...left.keys()].some((one) => !boundary.has(one))) continue;
    } else {
      await step(walk(history.clone, left, null));
    }
    if (left.size === 0 || (await history.deepen())) continue;
    if (boundaryOf(history.clone).size === 0) throw new Error('A lock has no claim in the whole history.');
    // The remote is itself a shallow clone.
    for (const lock of [...left.values()].flatMap((paths) => [...paths.values()].flat())) {
      const one = followed[lock];
      if (one !== undefined) one.isBeyondHistory = true;
    }
    break;
  }
  return { locks: followed, holdCommits };

  async function step<W extends Awaited<ReturnType<typeof walk>>>(walking: Promise<W>): Promise<W> {
    const walked = await walking;
    for (const [lock, claims] of walked.found) followed[lock]?.found.push(...claims);
    holdCommits.push(...walked.holdCommits);
    left = walked.left;
    return walked;
  }
}

/** What was traced to the earlier head and is known there is done. */
function takeOver<T>(
  left: Traced,
  { head, claims }: EarlierClaims<T>,
  followed: readonly FollowedLock<T>[],
): void {
  const there = left.get(head);
  for (const [path, locks] of there ?? []) {
    const claim = claims[path];
    if (claim === undefined) continue;
    for (const lock of locks) followed[lock]?.known.push(claim);
    there?.delete(path);
  }
  if (there?.size === 0) left.delete(head);
}
