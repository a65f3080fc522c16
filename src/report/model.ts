import type { Build } from '../core/build.ts';
import type { Owner } from '../core/claim-owner.ts';
import { type Hold, spanOf } from '../core/hold.ts';
import { claimedAt } from '../core/lock.ts';
import type { ReleaseReason } from '../core/release/release-plan.ts';
import { type PresentTaker, presentTaker } from '../core/survey/present-holder.ts';
import { isStale, type Survey, type Surveyed, type SurveyedPool } from '../core/survey/surveyed.ts';
import { isoTime } from '../core/time.ts';
import type { Evidence } from '../core/verdict/evidence.ts';
import { candidatesOf } from '../core/verdict/rank-claimants.ts';
import type { Reason, Verdict } from '../core/verdict/reasons.ts';

/**
 * The report, in the form of `report.json`: keys in snake_case, times ISO-8601 in UTC, durations in whole seconds.
 * Every key is always there; what is not known is null. Other people's programs read it: `schema` counts its changes.
 */
export interface Report {
  readonly schema: 1;
  readonly generated_at: string;
  readonly repository: { readonly uri: string; readonly branch: string; readonly ref: string };
  readonly concourse: Survey['concourse'];
  readonly summary: Summary;
  readonly pools: readonly PoolReport[];
  readonly released: readonly ReleasedReport[];
  readonly warnings: readonly string[];
}

export interface Summary {
  readonly pools: number;
  readonly claimed: number;
  readonly unclaimed: number;
  /** Only claims that are still the newest at the head of the branch. */
  readonly stale: number;
  readonly undecided: number;
  readonly released: number;
}

export interface PoolReport {
  readonly name: string;
  readonly stale_after_seconds: number | null;
  /** The pool that a lock goes to when it is released; null where it stays in its own. */
  readonly release_to: string | null;
  readonly claimed: number;
  readonly unclaimed: number;
  readonly stale: number;
  readonly locks: readonly LockReport[];
}

export type LockReport = ClaimedReport | { readonly name: string; readonly state: 'unclaimed' };

export interface ClaimedReport {
  readonly name: string;
  readonly state: 'claimed';
  /** Null where the commit has no date that a calendar holds. */
  readonly claimed_at: string | null;
  readonly held_seconds: number | null;
  readonly claim: { readonly commit: string; readonly message: string; readonly author: string };
  readonly owner: OwnerReport;
  readonly holders: readonly HolderReport[];
  /** The build that the lock was handed on to; null while the claimant has it. Not part of `report.json`. */
  readonly handed_to: PresentTaker | null;
  /** The hold on this claim that lasts now; null where there is none. */
  readonly hold: HoldReport | null;
  readonly verdict: Verdict['verdict'];
  readonly reason: Reason;
  readonly detail: string;
}

export interface HoldReport {
  readonly until: string;
  /** The author of the commit that made it. */
  readonly by: string;
  readonly reason: string | null;
  readonly commit: string;
}

export interface OwnerReport {
  readonly kind: Owner['kind'];
  readonly team: string | null;
  readonly pipeline: string | null;
  readonly instance_vars: Readonly<Record<string, unknown>> | null;
  readonly job: string | null;
  readonly build: string | null;
  readonly url: string | null;
}

export interface HolderReport {
  readonly id: number;
  readonly pipeline: string | null;
  readonly job: string | null;
  readonly name: string;
  readonly status: Build['status'];
  readonly started_at: string | null;
  readonly ended_at: string | null;
  readonly role: 'claimant' | 'taker';
}

export interface ReleasedReport {
  readonly pool: string;
  readonly lock: string;
  readonly commit: string;
  readonly claim: string;
  readonly reason: ReleaseReason | string;
  readonly held_seconds: number | null;
  /** The pool that the lock went to; null where it stayed in its own. */
  readonly to: string | null;
}

/** What a report is made of. Times in unix seconds. */
export interface ReportInput {
  readonly now: number;
  readonly repository: Report['repository'];
  readonly concourse: Report['concourse'];
  readonly pools: readonly SurveyedPool[];
  readonly released: readonly ReleasedReport[];
  readonly warnings: readonly string[];
}

export function makeReport(input: ReportInput): Report {
  const pools = input.pools.map((pool) => poolReport(pool, input.now));
  const locks = input.pools.flatMap((pool) => pool.locks);
  const total = (pick: (pool: PoolReport) => number) => pools.reduce((sum, pool) => sum + pick(pool), 0);
  return wellFormed({
    schema: 1,
    generated_at: isoTime(input.now),
    repository: input.repository,
    concourse: input.concourse,
    summary: {
      pools: pools.length,
      claimed: total((pool) => pool.claimed),
      unclaimed: total((pool) => pool.unclaimed),
      stale: total((pool) => pool.stale),
      undecided: locks.filter(({ verdict }) => verdict.verdict === 'undecided').length,
      released: input.released.length,
    },
    pools,
    released: input.released,
    warnings: input.warnings,
  });
}

function poolReport({ listing, policy, locks }: SurveyedPool, now: number): PoolReport {
  const claimed = new Set(listing.claimed ?? []);
  const unclaimed = (listing.unclaimed ?? []).filter((name) => !claimed.has(name));
  return {
    name: listing.name,
    stale_after_seconds: policy.staleAfter,
    release_to: policy.releaseTo,
    claimed: locks.length,
    unclaimed: unclaimed.length,
    stale: locks.filter(isStale).length,
    locks: [
      ...locks.map((lock) => claimedReport(lock, now)),
      ...unclaimed.map((name) => ({ name, state: 'unclaimed' as const })),
    ],
  };
}

function claimedReport({ lock, verdict, heldFor, evidence }: Surveyed, now: number): ClaimedReport {
  const { claim } = lock;
  const at = claimedAt(claim, now);
  return {
    name: lock.name,
    state: 'claimed',
    claimed_at: isoTimeOrNull(at),
    held_seconds: heldFor === null ? null : Math.max(0, Math.floor(heldFor)),
    claim: { commit: claim.commit, message: claim.message, author: claim.author },
    owner: ownerReport(claim.owner),
    holders: holdersOf(evidence),
    handed_to: presentTaker(evidence),
    hold: holdReport(claim.hold, at ?? now, now),
    verdict: verdict.verdict,
    reason: verdict.reason,
    detail: verdict.detail,
  };
}

export function holdReport(hold: Hold | null, claimedAt: number, now: number): HoldReport | null {
  if (hold === null) return null;
  const { until } = spanOf(hold, claimedAt, now);
  if (until <= now) return null;
  return { until: isoTime(until), by: hold.by, reason: hold.reason, commit: hold.commit };
}

function ownerReport(owner: Owner): OwnerReport {
  const nobody = { team: null, pipeline: null, instance_vars: null, job: null, build: null, url: null };
  switch (owner.kind) {
    case 'job':
      return {
        kind: 'job',
        team: owner.team,
        pipeline: owner.pipeline,
        instance_vars: owner.instanceVars,
        job: owner.job,
        build: owner.build,
        url: owner.url,
      };
    case 'one-off':
      return { ...nobody, kind: 'one-off', build: owner.build, url: owner.url };
    case 'person':
      return { ...nobody, kind: 'person' };
    case 'unknown':
      return { ...nobody, kind: 'unknown', url: owner.url };
  }
}

function holdersOf(evidence: Evidence): HolderReport[] {
  if (evidence.kind !== 'asked') return [];
  const claimants = candidatesOf(evidence.claimant).map(({ build }) => holder(build, 'claimant'));
  return [...claimants, ...evidence.takers.map((build) => holder(build, 'taker'))];
}

function holder(build: Build, role: HolderReport['role']): HolderReport {
  const { id, pipeline, job, name, status, startedAt, endedAt } = build;
  return {
    id,
    pipeline,
    job,
    name,
    status,
    started_at: isoTimeOrNull(startedAt),
    ended_at: isoTimeOrNull(endedAt),
    role,
  };
}

function isoTimeOrNull(at: number | null): string | null {
  return at === null ? null : isoTime(at);
}

/** Names that are not UTF-8 hold lone surrogates inside; outside they are U+FFFD. Thousands of locks are not copied. */
function wellFormed<T>(value: T): T {
  return isWellFormed(value) ? value : replaced(value);
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (Array.isArray(value)) return value.every(isWellFormed);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, below]) => key.isWellFormed() && isWellFormed(below));
}

function replaced<T>(value: T): T;
function replaced(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map((one) => replaced(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, below]) => [key.toWellFormed(), replaced(below)]),
  );
}
