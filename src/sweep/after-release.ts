import type { ReleasedReport, Report } from '../report/model.ts';
import type { Outcome } from './release-stale.ts';
import { reportOf } from './report-of.ts';
import type { Session } from './session.ts';
import type { Survey } from './survey.ts';

/** The survey as it stands once the releases are pushed; the same where none was. */
export function afterwards({ found, pushed, releases }: Outcome): Survey {
  const isReleased = (pool: string, lock: string) =>
    releases.some((made) => made.commit !== null && made.pool === pool && made.lock === lock);
  return {
    ...found,
    ref: pushed ?? found.ref,
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

/** The report on what a run did, and on what it left. */
export function reportOnOutcome(outcome: Outcome, session: Session): Report {
  return reportOf(session, afterwards(outcome), releasedReports(outcome), outcome.warnings);
}

function releasedReports({ releases }: Outcome): ReleasedReport[] {
  return releases.flatMap(({ pool, lock, commit, claim, reason, heldFor }) =>
    commit === null ? [] : [{ pool, lock, commit, claim, reason, held_seconds: heldFor }],
  );
}
