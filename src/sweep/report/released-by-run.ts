import { NO_COMMIT } from '../../core/lock.ts';
import { staleOf, type Version } from '../../core/resource-version.ts';
import { claimsOf, type Survey } from '../../core/survey/surveyed.ts';
import { judge } from '../../core/verdict/judge.ts';
import type { ReleasedReport } from '../../report/model.ts';
import { sha256 } from '../../runtime/sha256.ts';
import type { Session } from '../session.ts';

/**
 * What the run released that made this version. `found` is the survey of the version's commit.
 *
 * Only `out` makes a commit and a version of it; but once something else has become stale, `check` may make another
 * version of the same commit. That one must not tell of the releases again. `none` is never the answer of a `check`.
 * Any other set must be the one that was stale when the run ended: the evidence of today, judged as of the run's last
 * commit, tells that, since it carries the times at which builds ended. The limit: where this evidence is gone by now
 * (a build that ran again, a Concourse that does not answer, clocks that differ by the seconds that matter) nothing is
 * told, rather than something that may be another run's.
 */
export async function releasedAt(
  { repository }: Session,
  { ref, stale }: Version,
  found: Survey,
): Promise<ReleasedReport[]> {
  if (ref === NO_COMMIT || stale === undefined) return [];
  const released = await repository.releasedBy(null, ref);
  if (released.length === 0) return [];
  if (stale !== 'none') {
    const endedAt = await repository.committedAt(ref);
    if (endedAt === null || staleOf(staleAsOf(endedAt, found), sha256) !== stale) return [];
  }
  return released.map(({ pool, lock, commit, claim, reason, heldFor, to }) => ({
    pool,
    lock,
    commit,
    claim,
    reason,
    held_seconds: heldFor,
    to,
  }));
}

function staleAsOf(time: number, { pools }: Survey) {
  return pools.flatMap(({ locks, policy }) =>
    claimsOf(
      locks.filter(({ lock, evidence }) => {
        const judgement = judge({ lock, policy, evidence, now: time });
        return judgement.kind === 'judged' && judgement.verdict.verdict === 'stale';
      }),
    ),
  );
}
