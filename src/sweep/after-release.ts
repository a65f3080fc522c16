import { afterReleases } from '../core/surveyed.ts';
import type { ReleasedReport, Report } from '../report/model.ts';
import type { Outcome } from './release-stale.ts';
import { reportOf } from './report-of.ts';
import type { Session } from './session.ts';

/** The report on what a run did, and on what it left. */
export function reportOnOutcome(outcome: Outcome, session: Session): Report {
  const { found, pushed, releases, warnings } = outcome;
  return reportOf(session, afterReleases(found, pushed, releases), releasedReports(outcome), warnings);
}

function releasedReports({ releases }: Outcome): ReleasedReport[] {
  return releases.flatMap(({ pool, lock, commit, claim, reason, heldFor }) =>
    commit === null ? [] : [{ pool, lock, commit, claim, reason, held_seconds: heldFor }],
  );
}
