import type { ReleasedReport } from '../report/model.ts';
import type { Outcome } from './release.ts';
import type { Survey } from './survey.ts';

/** The survey as it stands once the releases are pushed. */
export function afterwards({ found, releases }: Outcome): Survey {
  const isReleased = (pool: string, lock: string) =>
    releases.some((made) => made.pool === pool && made.lock === lock);
  return {
    ...found,
    pools: found.pools.map(({ listing, policy, locks }) => {
      const claimed = (listing.claimed ?? []).filter((name) => !isReleased(listing.name, name));
      const freed = (listing.claimed ?? []).filter((name) => isReleased(listing.name, name));
      return {
        policy,
        listing: { ...listing, claimed, unclaimed: [...(listing.unclaimed ?? []), ...freed] },
        locks: locks.filter(({ lock }) => !isReleased(lock.pool, lock.name)),
      };
    }),
  };
}

/** What was pushed, for the report. */
export function releasedReports({ releases }: Outcome): ReleasedReport[] {
  return releases.flatMap(({ pool, lock, commit, claim, reason, heldFor }) =>
    commit === null ? [] : [{ pool, lock, commit, claim, reason, held_seconds: heldFor }],
  );
}
