import { DEFAULT_POLICY } from '../../src/core/policy.ts';
import type { Surveyed, SurveyedPool } from '../../src/core/survey/surveyed.ts';
import type { Evidence } from '../../src/core/verdict/evidence.ts';
import { REASONS, type Reason } from '../../src/core/verdict/reasons.ts';
import type { ReleasedReport, ReportInput } from '../../src/report/model.ts';
import { claimBy, JOB, NO_CONCOURSE, NOW } from '../core/verdict/cases.ts';

export const COMMIT = 'c'.repeat(40);

export interface LockGiven {
  readonly reason?: Reason;
  readonly detail?: string;
  readonly claim?: Parameters<typeof claimBy>[1];
  readonly owner?: Parameters<typeof claimBy>[0];
  readonly evidence?: Evidence;
  readonly heldFor?: number | null;
  readonly isCurrent?: boolean;
}

/** A claimed lock of pool `aws`, as it was surveyed. */
export function surveyed(name: string, given: LockGiven = {}): Surveyed {
  const reason = given.reason ?? 'timed-out';
  return {
    lock: { pool: 'aws', name, claim: claimBy(given.owner ?? JOB, given.claim), alsoUnclaimed: false },
    verdict: { verdict: REASONS[reason], reason, detail: given.detail ?? `Because of ${reason}.` },
    evidence: given.evidence ?? NO_CONCOURSE,
    heldFor: given.heldFor === undefined ? 1_800 : given.heldFor,
    isCurrent: given.isCurrent ?? true,
  };
}

/** A pool with these claimed locks, and these free ones. */
export function pool(
  name: string,
  locks: readonly Surveyed[],
  unclaimed: readonly string[] = [],
): SurveyedPool {
  return {
    listing: { name, claimed: locks.map(({ lock }) => lock.name), unclaimed, claimedIsKept: true },
    policy: { ...DEFAULT_POLICY, staleAfter: 3_600 },
    locks: locks.map((one) => ({ ...one, lock: { ...one.lock, pool: name } })),
  };
}

export function released(lock: string, rest: Partial<ReleasedReport> = {}): ReleasedReport {
  return {
    pool: 'aws',
    lock,
    commit: 'e'.repeat(40),
    claim: COMMIT,
    reason: 'timed-out',
    held_seconds: 7_500,
    to: null,
    ...rest,
  };
}

export function survey(rest: Partial<ReportInput> = {}): ReportInput {
  return {
    now: NOW,
    repository: { uri: 'https://example.com/locks.git', branch: 'main', ref: 'f'.repeat(40) },
    concourse: [],
    pools: [],
    released: [],
    warnings: [],
    ...rest,
  };
}
