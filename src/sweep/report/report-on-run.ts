import { afterReleases } from '../../core/survey/surveyed.ts';
import type { ReleasedReport, Report } from '../../report/model.ts';
import type { Outcome, ReleaseRun } from '../release/release-stale.ts';
import type { Session } from '../session.ts';
import { reportOf } from './report-of.ts';

/** The report on what a run did and left; on what it found where it failed. */
export function reportOnRun(run: ReleaseRun, session: Session): Report {
  if (run.kind === 'failed') return reportOf(session, run.found, []);
  const { found, pushed, releases, warnings } = run.outcome;
  return reportOf(session, afterReleases(found, pushed, releases), releasedReports(run.outcome), warnings);
}

function releasedReports({ releases }: Outcome): ReleasedReport[] {
  return releases.flatMap(({ pool, lock, commit, claim, reason, heldFor, to }) =>
    commit === null ? [] : [{ pool, lock, commit, claim, reason, held_seconds: heldFor, to }],
  );
}
