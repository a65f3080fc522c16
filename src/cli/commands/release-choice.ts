import { claimedAt, type PoolListing } from '../../core/lock.ts';
import { matchesGlob } from '../../core/pools/glob.ts';
import { findLock, type LockName, type LockReference } from '../../core/release/find-lock.ts';
import type { PlanProblem, PlanWarning } from '../../core/release/plan-problem.ts';
import type { Surveyed } from '../../core/survey/surveyed.ts';
import { holdOf } from '../../core/verdict/holders.ts';
import type { Reason } from '../../core/verdict/reasons.ts';

/** What all claims have in common that are to be released in bulk; null where it does not matter. */
export interface BulkFilter {
  readonly pools: readonly string[] | null;
  readonly team: string | null;
  readonly pipeline: string | null;
  readonly job: string | null;
  readonly byHand: boolean;
  /** Unix seconds. */
  readonly claimedBefore: number | null;
  /** Also locks whose holder is seen to be alive, and excluded ones. */
  readonly includesLive: boolean;
}

export interface Choice {
  readonly chosen: readonly Surveyed[];
  /** Named without a claim, and so bound to the one that they have now. */
  readonly bare: readonly LockName[];
  /** What fits but is left alone. */
  readonly left: readonly Surveyed[];
  readonly problems: readonly PlanProblem[];
  readonly warnings: readonly PlanWarning[];
}

/** Somebody has these, or wants them left alone: whoever means them says so. What only age speaks for is taken. */
const NOT_IN_BULK: readonly Reason[] = [
  'build-running',
  'handed-on',
  'within-grace',
  'build-just-ended',
  'kept',
  'excluded',
];

/** A name without a claim is bound to the claim that it has now, which is the one that is shown. */
export function chooseNamed(
  references: readonly LockReference[],
  locks: readonly Surveyed[],
  pools: readonly PoolListing[],
): Choice {
  const chosen = new Set<Surveyed>();
  const bare: LockName[] = [];
  const problems: PlanProblem[] = [];
  const warnings: PlanWarning[] = [];
  for (const reference of references) {
    const found = findLock(reference, pools);
    if (found.kind !== 'found') {
      problems.push({ kind: 'unknown-lock', path: reference.path, nearest: found.nearest });
      continue;
    }
    const { lock, claim } = found;
    const one = locks.find((it) => it.lock.pool === lock.pool && it.lock.name === lock.lock);
    if (one === undefined) {
      warnings.push({ kind: 'already-free', lock });
    } else if (one.verdict.reason === 'conflict') {
      problems.push({ kind: 'conflict', lock, detail: one.verdict.detail });
    } else if (claim !== null && !one.lock.claim.commit.startsWith(claim)) {
      problems.push({ kind: 'other-claim', lock, asked: claim, now: one.lock.claim.commit });
    } else {
      if (claim === null) bare.push(lock);
      chosen.add(one);
    }
  }
  return { chosen: [...chosen], bare, left: [], problems, warnings };
}

export function chooseInBulk(filter: BulkFilter, locks: readonly Surveyed[], now: number): Choice {
  const fitting = locks.filter((one) => fits(one, filter, now));
  const isLeft = ({ lock: { claim }, verdict: { reason } }: Surveyed) => {
    // A person's hold needs no answer from Concourse, while most verdicts do.
    const isKept = NOT_IN_BULK.includes(reason) || holdOf(claim, now) !== null;
    return reason === 'conflict' || (!filter.includesLive && isKept);
  };
  return {
    chosen: fitting.filter((one) => !isLeft(one)),
    bare: [],
    left: fitting.filter(isLeft),
    problems: [],
    warnings: [],
  };
}

function fits({ lock }: Surveyed, filter: BulkFilter, now: number): boolean {
  const { owner } = lock.claim;
  const { pools, team, pipeline, job, byHand, claimedBefore } = filter;
  if (pools !== null && !pools.some((glob) => matchesGlob(lock.pool, glob))) return false;
  if (byHand && owner.kind !== 'person') return false;
  if (claimedBefore !== null && (claimedAt(lock.claim, now) ?? now) >= claimedBefore) return false;
  if (team === null && pipeline === null && job === null) return true;
  if (owner.kind !== 'job') return false;
  const isLike = (name: string | null, glob: string | null) =>
    glob === null || (name !== null && matchesGlob(name, glob));
  return isLike(owner.team, team) && isLike(owner.pipeline, pipeline) && isLike(owner.job, job);
}
