import type { Figures, Statistics } from '../../core/history/statistics.ts';
import type { Finding } from '../../core/lint/finding.ts';
import { findingsFor } from '../../core/lint/findings-for-job.ts';
import { isoTime } from '../../core/time.ts';
import type { OwnReleases } from '../../sweep/report/count-own-releases.ts';
import { ownReleasesAsJson } from './own-releases-text.ts';

/** Keys in snake_case, durations in whole seconds, as in the report. `findings`: null where no Concourse answered. */
export function historyAsJson(
  { period, pools, jobs }: Statistics,
  findings: readonly Finding[] | null,
  releases: OwnReleases,
) {
  return {
    schema: 1,
    period: { from: isoTime(Math.floor(period.from)), until: isoTime(Math.floor(period.until)) },
    pools: pools.map((pool) => ({
      name: pool.pool.toWellFormed(),
      ...figures(pool),
      empty_share: pool.emptyShare,
      claimed_share: pool.claimedShare,
      leaked_by: pool.leakedBy,
      stale_after: {
        proposed_seconds: pool.timeout.staleAfter,
        based_on_holds: pool.timeout.basedOn,
        candidates: pool.timeout.candidates.map((one) => ({
          seconds: one.staleAfter,
          cut_short: one.cutShort,
          freed_sooner: one.freedSooner,
          seconds_won: Math.round(one.secondsWon),
        })),
      },
    })),
    jobs: jobs.map((job) => ({
      name: job.job.toWellFormed(),
      pools: job.pools.map((pool) => pool.toWellFormed()),
      ...figures(job),
      findings:
        findings === null
          ? null
          : findingsFor(job.job, findings).map(({ rule, job: at, step, message }) => ({
              rule,
              job: at,
              step,
              message,
            })),
    })),
    own_releases: ownReleasesAsJson(releases),
  };
}

function figures({ claims, held, stillHeld, leaked, hoursLost, releasedBy }: Figures) {
  return {
    claims,
    held_seconds: held,
    still_held: stillHeld,
    leaked,
    hours_lost: Math.round(hoursLost * 100) / 100,
    released_by: releasedBy,
  };
}
