import { groupBy } from '../../core/group-by.ts';
import { isLeak } from '../../core/history/leak.ts';
import type { History, Presence, Tenure } from '../../core/history/lock-history.ts';
import { occupancyOf } from '../../core/history/occupancy.ts';
import type { Period } from '../../core/history/period.ts';
import type { ClaimedReport, LockReport } from '../model.ts';

/** What the timelines are drawn from: the history, and the period that they show, which ends at the time of the report. */
export interface Timeline {
  readonly period: Period;
  readonly history: History;
}

/** A hold on its row, or several that are too short to be drawn separately. Positions are in percent of the row's width. */
export interface Bar {
  readonly kind: BarKind;
  readonly left: number;
  readonly width: number;
  readonly holds: readonly Tenure[];
}

/** `leaked`: no holder released it. The verdicts are those of locks that are still held. */
export type BarKind = 'past' | 'leaked' | ClaimedReport['verdict'];

export interface Row {
  readonly lock: string;
  /** Null where the lock is no longer in the pool. */
  readonly report: LockReport | null;
  readonly bars: readonly Bar[];
}

export interface PoolTimeline {
  readonly period: Period;
  readonly rows: readonly Row[];
  /** How many locks were not held in the period. */
  readonly idle: number;
  /** The holds of the period, the latest first. */
  readonly holds: readonly Tenure[];
  /** Share of the time in which no lock was free. */
  readonly emptyShare: number;
}

/** The history of each pool, by the pool's name as the report has it. */
export function historyByPool({ holds, presences }: History): ReadonlyMap<string, History> {
  const poolOf = ({ pool }: Tenure | Presence) => pool.toWellFormed();
  const held = groupBy(holds, poolOf);
  const present = groupBy(presences, poolOf);
  const names = new Set([...held.keys(), ...present.keys()]);
  return new Map(
    [...names].map((name) => [name, { holds: held.get(name) ?? [], presences: present.get(name) ?? [] }]),
  );
}

/**
 * Lays out the timeline of one pool; `history` is that of this pool, `locks` are in the order of the rows.
 */
export function poolTimeline(locks: readonly LockReport[], { period, history }: Timeline): PoolTimeline {
  const holds = history.holds.filter((hold) => isSeen(hold, period));
  const byLock = groupBy(holds, ({ lock }) => lock.toWellFormed());
  const there = new Set(locks.map(({ name }) => name));
  const gone = [...byLock.keys()].filter((name) => !there.has(name)).sort();
  const rows = [
    ...locks.map((report) => ({ lock: report.name, report })),
    ...gone.map((lock) => ({ lock, report: null })),
  ].flatMap(({ lock, report }) => {
    const bars = merge((byLock.get(lock) ?? []).flatMap((hold) => barOf(hold, report, period) ?? []));
    return bars.length === 0 ? [] : [{ lock, report, bars }];
  });
  return {
    period,
    rows,
    idle: locks.filter(({ name }) => !byLock.has(name)).length,
    holds: [...holds].sort((a, b) => (b.claim?.at ?? 0) - (a.claim?.at ?? 0)),
    emptyShare: occupancyOf(holds, history.presences, period).emptyShare,
  };
}

function isSeen({ claim, end }: Tenure, { from, until }: Period): boolean {
  return (claim?.at ?? from) < until && (end.kind === 'still-held' || (end.at ?? until) > from);
}

/** The least width of a bar, so that it stays visible. */
const THINNEST = 0.2;

/** Null for a hold whose times are not known: it is in the table only. */
function barOf(hold: Tenure, report: LockReport | null, { from, until }: Period): Bar | null {
  const start = hold.claim === null ? from : hold.claim.at;
  const end = hold.end.kind === 'still-held' ? until : hold.end.at;
  if (start === null || end === null) return null;
  const place = (at: number) => (100 * (Math.min(Math.max(at, from), until) - from)) / (until - from);
  const left = place(start);
  const width = Math.max(THINNEST, place(end) - left);
  return { kind: kindOf(hold, report), left: Math.min(left, 100 - width), width, holds: [hold] };
}

function kindOf(hold: Tenure, report: LockReport | null): BarKind {
  if (hold.end.kind !== 'still-held') return isLeak(hold, Number.POSITIVE_INFINITY, 0) ? 'leaked' : 'past';
  return report?.state === 'claimed' ? report.verdict : 'live';
}

/** Adjacent thin bars become one: a busy lock would otherwise cost thousands of shapes that look like one. */
function merge(bars: readonly Bar[]): Bar[] {
  const merged: Bar[] = [];
  for (const bar of bars) {
    const last = merged.at(-1);
    const thin = (one: Bar) => one.kind === 'past' && one.width / one.holds.length < 2 * THINNEST;
    if (last !== undefined && thin(last) && thin(bar) && bar.left - (last.left + last.width) < THINNEST) {
      const width = Math.max(last.width, bar.left + bar.width - last.left);
      merged[merged.length - 1] = { ...last, width, holds: [...last.holds, ...bar.holds] };
    } else merged.push(bar);
  }
  return merged;
}

/** Where the lines of the axis are: every midnight (UTC), or every six hours when only a day or two are shown. */
export function ticksOf({ from, until }: Period): { at: number; left: number; isDay: boolean }[] {
  const days = (until - from) / 86_400;
  const step = days <= 2 ? 21_600 : 86_400 * Math.ceil(days / 8);
  const first = Math.ceil(from / step) * step;
  const many = Math.max(0, Math.ceil((until - first) / step));
  return Array.from({ length: many }, (_, i) => {
    const at = first + i * step;
    return { at, left: (100 * (at - from)) / (until - from), isDay: at % 86_400 === 0 };
  });
}
