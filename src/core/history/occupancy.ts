import type { Presence, Tenure } from './lock-history.ts';
import type { Period } from './period.ts';

/** How one pool's locks were used over a period. */
export interface Occupancy {
  /** Seconds in which the pool had a lock at all. */
  readonly seconds: number;
  /** Seconds of those in which no lock was unclaimed, so a build that wanted one had to wait. */
  readonly emptySeconds: number;
  /** Of the time in which it had locks, the share in which none was unclaimed; 0 where it had none. */
  readonly emptyShare: number;
  /** Of all the time of all its locks, the share in which they were claimed; 0 where it had none. */
  readonly claimedShare: number;
}

/** Sweeps over the holds and presences of one pool in the order of time. */
export function occupancyOf(
  holds: readonly Tenure[],
  presences: readonly Presence[],
  period: Period,
): Occupancy {
  const changes = [
    ...presences.flatMap(({ from, until }) => edges(from, until, period, 1, 0)),
    ...holds.flatMap((hold) => (hasKnownTimes(hold) ? holdEdges(hold, period) : [])),
  ].sort((a, b) => a.at - b.at);
  let [locks, claimed, last] = [0, 0, period.from];
  let [seconds, emptySeconds, lockSeconds, claimedSeconds] = [0, 0, 0, 0];
  for (const { at, lock, claim } of [...changes, { at: period.until, lock: 0, claim: 0 }]) {
    const span = at - last;
    if (locks > 0) {
      seconds += span;
      if (claimed >= locks) emptySeconds += span;
      lockSeconds += locks * span;
      claimedSeconds += Math.min(claimed, locks) * span;
    }
    locks += lock;
    claimed += claim;
    last = at;
  }
  const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  return {
    seconds,
    emptySeconds,
    emptyShare: share(emptySeconds, seconds),
    claimedShare: share(claimedSeconds, lockSeconds),
  };
}

/** A hold that begins or ends at an unknown time is not counted. */
function hasKnownTimes({ claim, end }: Tenure): boolean {
  return claim?.at !== null && (end.kind === 'still-held' || end.at !== null);
}

function holdEdges({ claim, end }: Tenure, period: Period): Change[] {
  return edges(claim?.at ?? null, end.kind === 'still-held' ? null : end.at, period, 0, 1);
}

interface Change {
  readonly at: number;
  readonly lock: number;
  readonly claim: number;
}

/** The start and the end of a stretch; what lies outside the period is cut off. */
function edges(
  from: number | null,
  until: number | null,
  period: Period,
  lock: number,
  claim: number,
): Change[] {
  const start = Math.max(from ?? period.from, period.from);
  const end = Math.min(until ?? period.until, period.until);
  if (end <= start) return [];
  return [
    { at: start, lock, claim },
    { at: end, lock: -lock, claim: -claim },
  ];
}
