import { groupBy } from '../group-by.ts';
import type { Name } from '../lock.ts';
import { labelJob } from '../naming.ts';
import { endedWell, isLeak, lostSeconds } from './leak.ts';
import { type History, heldFor, type Tenure } from './lock-history.ts';
import { occupancyOf } from './occupancy.ts';
import { ascending, percentile, type Spread, spreadOf } from './percentile.ts';
import { isWithin, type Period } from './period.ts';
import type { Releaser } from './releaser.ts';
import { proposeTimeout, type TimeoutProposal } from './timeout-proposal.ts';

/** Figures of a pool or of a job. */
export interface Figures {
  /** Claims made in the period. */
  readonly claims: number;
  /** Seconds held, of the holds that ended in the period and whose claim is known. */
  readonly held: Spread;
  readonly stillHeld: number;
  /** Holds that leaked (see `isLeak`), ended in the period or still held, and the hours that they cost. */
  readonly leaked: number;
  readonly hoursLost: number;
  /** How many holds ended in the period by a release, by who released them. */
  readonly releasedBy: Readonly<Record<Releaser, number>>;
}

export interface PoolFigures extends Figures {
  readonly pool: Name;
  /** Of the time in which the pool had locks, the share in which none was unclaimed. */
  readonly emptyShare: number;
  /** Of all the time of all its locks, the share in which they were claimed. */
  readonly claimedShare: number;
  readonly leakedBy: readonly { readonly job: string; readonly leaked: number }[];
  /** Rests on all holds that were read, also those before the period: long holds are rare. */
  readonly timeout: TimeoutProposal;
}

export interface JobFigures extends Figures {
  /** `TEAM/PIPELINE/JOB`, `one-off builds`, `by hand` or `unknown`. */
  readonly job: string;
  readonly pools: readonly Name[];
}

export interface Statistics {
  readonly period: Period;
  readonly pools: readonly PoolFigures[];
  /** Those that cost the most hours first, then those that claimed most. */
  readonly jobs: readonly JobFigures[];
}

export interface StatisticsInput {
  readonly history: History;
  /** `until` is now, or else what is still held would not be. */
  readonly period: Period;
  /** Seconds after which a lock of this pool that is still held counts as leaked: its timeout, or `warn_after`. */
  readonly overdueAfter: (pool: Name) => number;
}

export function statisticsOf({ history, period, overdueAfter }: StatisticsInput): Statistics {
  const byPool = groupBy(history.holds, ({ pool }) => pool);
  const presences = groupBy(history.presences, ({ pool }) => pool);
  const usual = new Map([...byPool].map(([pool, holds]) => [pool, usualLength(holds, period.until)]));
  const figures = (holds: readonly Tenure[]) => figuresOf(holds, period, overdueAfter, usual);
  const names = [...new Set([...byPool.keys(), ...presences.keys()])].sort();
  const pools = names
    .map((pool) => ({ pool, holds: byPool.get(pool) ?? [] }))
    .map(({ pool, holds }) => ({
      pool,
      holds,
      occupancy: occupancyOf(holds, presences.get(pool) ?? [], period),
    }))
    // A pool that was gone before the period began is no news.
    .filter(({ occupancy }) => occupancy.seconds > 0)
    .map(({ pool, holds, occupancy }) => ({
      pool,
      ...figures(holds),
      emptyShare: occupancy.emptyShare,
      claimedShare: occupancy.claimedShare,
      leakedBy: leakedBy(holds, period, overdueAfter),
      timeout: proposeTimeout(holds, overdueAfter(pool), period.until),
    }));
  const jobs = [...groupBy(history.holds, jobOf)]
    .map(([job, holds]) => ({
      job,
      pools: [...new Set(holds.map(({ pool }) => pool))].sort(),
      ...figures(holds),
    }))
    .filter(({ claims, held, stillHeld, leaked }) => claims + held.count + stillHeld + leaked > 0)
    .sort((a, b) => b.hoursLost - a.hoursLost || b.claims - a.claims || (a.job < b.job ? -1 : 1));
  return { period, pools, jobs };
}

function figuresOf(
  holds: readonly Tenure[],
  period: Period,
  overdueAfter: (pool: Name) => number,
  usual: ReadonlyMap<Name, number>,
): Figures {
  const ended = holds.filter((hold) => endsIn(hold, period));
  const leaks = leaksIn(holds, period, overdueAfter);
  const lost = leaks.map((hold) => lostSeconds(hold, usual.get(hold.pool) ?? 0, period.until));
  const releasers = ended.flatMap(({ end }) => (end.kind === 'released' ? [end.by] : []));
  return {
    claims: holds.filter(({ claim }) => claim !== null && isWithin(claim.at, period)).length,
    held: spreadOf(ended.flatMap((hold) => heldFor(hold, period.until) ?? [])),
    stillHeld: holds.filter(({ end }) => end.kind === 'still-held').length,
    leaked: leaks.length,
    hoursLost: lost.reduce((sum, seconds) => sum + seconds, 0) / 3_600,
    releasedBy: countEach(releasers),
  };
}

function leaksIn(holds: readonly Tenure[], period: Period, overdueAfter: (pool: Name) => number): Tenure[] {
  return holds
    .filter((hold) => hold.end.kind === 'still-held' || endsIn(hold, period))
    .filter((hold) => isLeak(hold, overdueAfter(hold.pool), period.until));
}

function leakedBy(
  holds: readonly Tenure[],
  period: Period,
  overdueAfter: (pool: Name) => number,
): { job: string; leaked: number }[] {
  return [...groupBy(leaksIn(holds, period, overdueAfter), jobOf)]
    .map(([job, leaks]) => ({ job, leaked: leaks.length }))
    .sort((a, b) => b.leaked - a.leaked || (a.job < b.job ? -1 : 1));
}

function endsIn({ end }: Tenure, period: Period): boolean {
  return end.kind !== 'still-held' && isWithin(end.at, period);
}

/** The median of what a pool's holds take when builds end them by themselves; 0 where that is not known. */
function usualLength(holds: readonly Tenure[], now: number): number {
  return percentile(ascending(holds.filter(endedWell).flatMap((hold) => heldFor(hold, now) ?? [])), 0.5) ?? 0;
}

/** The job that claimed, without the build: what the figures of a job are gathered under. */
function jobOf({ claim }: Tenure): string {
  return claim === null ? 'unknown' : labelJob(claim.owner);
}

function countEach(releasers: readonly Releaser[]): Record<Releaser, number> {
  const many = (releaser: Releaser) => releasers.filter((one) => one === releaser).length;
  return {
    'same-build': many('same-build'),
    'same-job': many('same-job'),
    'same-pipeline': many('same-pipeline'),
    'other-pipeline': many('other-pipeline'),
    person: many('person'),
    'pool-boy': many('pool-boy'),
    unknown: many('unknown'),
  };
}
