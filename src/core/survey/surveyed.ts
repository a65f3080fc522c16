import type { PoolListing } from '../lock.ts';
import type { Policy } from '../policy.ts';
import type { Judged, Release } from '../release/release-plan.ts';
import type { StaleClaim } from '../resource-version.ts';
import type { Evidence } from '../verdict/evidence.ts';

/** A claimed lock with all that was found out about it. */
export interface Surveyed extends Judged {
  readonly evidence: Evidence;
  /** Whether its claim is still the newest one at the head of the branch. */
  readonly isCurrent: boolean;
}

/** A pool as it was surveyed. */
export interface SurveyedPool {
  readonly listing: PoolListing;
  readonly policy: Policy;
  readonly locks: readonly Surveyed[];
}

/** All pools of one commit with their locks judged. */
export interface Survey {
  readonly ref: string;
  /** Unix seconds: the ATC's time where there is one. */
  readonly now: number;
  readonly pools: readonly SurveyedPool[];
  /** Every pool of the repository at `ref`, also those that are not looked after. */
  readonly found: readonly PoolListing[];
  /** The Concourses that were asked; `version` is null for one that was not reached. */
  readonly concourse: readonly { readonly url: string; readonly version: string | null }[];
  readonly warnings: readonly string[];
}

/** A release with its commit; null for one that a dry run would have made. */
export type MadeRelease = Release & { readonly commit: string | null };

export function allLocks({ pools }: Pick<Survey, 'pools'>): Surveyed[] {
  return pools.flatMap(({ locks }) => locks);
}

/** Stale now: judged so, and still claimed by that claim at the head. */
export function isStale({ verdict, isCurrent }: Surveyed): boolean {
  return verdict.verdict === 'stale' && isCurrent;
}

/** What the version's `stale` is made of. */
export function staleClaims(survey: Pick<Survey, 'pools'>): StaleClaim[] {
  return claimsOf(allLocks(survey).filter(isStale));
}

export function claimsOf(locks: readonly Surveyed[]): StaleClaim[] {
  return locks.map(({ lock }) => ({ pool: lock.pool, lock: lock.name, claim: lock.claim.commit }));
}

/** The survey as it stands once these releases are pushed; `pushed` is the last commit, null where none was made. */
export function afterReleases(
  found: Survey,
  pushed: string | null,
  releases: readonly MadeRelease[],
): Survey {
  const made = releases.filter(({ commit }) => commit !== null);
  const isReleased = (pool: string, lock: string) =>
    made.some((one) => one.pool === pool && one.lock === lock);
  const after = (listing: PoolListing): PoolListing => {
    const freed = made.filter(({ pool, to }) => (to ?? pool) === listing.name).map(({ lock }) => lock);
    return {
      ...listing,
      claimed: (listing.claimed ?? []).filter((name) => !isReleased(listing.name, name)),
      unclaimed: [...(listing.unclaimed ?? []), ...freed],
    };
  };
  return {
    ...found,
    ref: pushed ?? found.ref,
    found: found.found.map(after),
    pools: found.pools.map(({ listing, policy, locks }) => ({
      policy,
      listing: after(listing),
      locks: locks.filter(({ lock }) => !isReleased(lock.pool, lock.name)),
    })),
  };
}
