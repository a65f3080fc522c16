import type { Owner } from '../claim-owner.ts';
import type { Name } from '../lock.ts';

/**
 * What one commit did to one lock. `claim` puts it into `claimed`, `release` moves it back to `unclaimed`, `add`
 * creates it there, `remove` takes it out of the pool, claimed or not. A lock born claimed is an `add` and a `claim`
 * of the same commit.
 */
export interface Operation {
  readonly kind: 'claim' | 'release' | 'add' | 'remove';
  readonly pool: Name;
  readonly lock: Name;
  /** Unix seconds; null where the commit's date is not known (`timeOfCommit`). */
  readonly at: number | null;
  readonly commit: string;
  /** Who did it, as the commit's message says. */
  readonly owner: Owner;
  readonly author: string;
  /** Where a release took the lock, or an addition brought it from: a pool of another name; null for none. */
  readonly otherPool: Name | null;
  /** Pool Boy's own commits name the lock's claim, not a build that held it. */
  readonly byPoolBoy: boolean;
}

/** A lock as it lies at the head, where the operations end. */
export interface StandingLock {
  readonly pool: Name;
  readonly lock: Name;
  /** Its claim, which may be older than the operations that were read; null when it is unclaimed. */
  readonly claim: ClaimMade | null;
}

export interface ClaimMade {
  /** Unix seconds; null where it is not known. */
  readonly at: number | null;
  readonly commit: string;
  readonly owner: Owner;
  readonly author: string;
}
