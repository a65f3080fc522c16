import { longestFirst } from '../../core/duration.ts';
import type { LockReport, PoolReport } from '../model.ts';

/** The states of a lock, the most urgent first. */
export type LockState = 'stale' | 'undecided' | 'live' | 'free';

const URGENCY: Readonly<Record<LockState, number>> = { stale: 0, undecided: 1, live: 2, free: 3 };

export function stateOf(lock: LockReport): LockState {
  return lock.state === 'claimed' ? lock.verdict : 'free';
}

/** Stale and undecided locks first, then those held longest; free ones by name. */
export function sortLocks(locks: readonly LockReport[]): LockReport[] {
  return [...locks].sort(
    (a, b) =>
      URGENCY[stateOf(a)] - URGENCY[stateOf(b)] ||
      longestFirst(heldSeconds(a), heldSeconds(b)) ||
      byName(a, b),
  );
}

/** Pools with the most urgent lock first; among equals, by name. */
export function sortPools(pools: readonly PoolReport[]): PoolReport[] {
  const urgency = (pool: PoolReport) => Math.min(4, ...pool.locks.map((lock) => URGENCY[stateOf(lock)]));
  return [...pools].sort((a, b) => urgency(a) - urgency(b) || byName(a, b));
}

function heldSeconds(lock: LockReport): number | null {
  return lock.state === 'claimed' ? lock.held_seconds : null;
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
