import { endedWell, isLeak } from './leak.ts';
import { heldFor, type Tenure } from './lock-history.ts';
import { ascending, percentile } from './percentile.ts';

/** A `stale_after` to think about, in seconds, and what it would have done to the holds of the past. */
export interface TimeoutCandidate {
  readonly staleAfter: number;
  /** Holds that ended well and were longer: each of them would have lost its lock while it may have been alive. */
  readonly cutShort: number;
  /** Leaks that were held for longer, and the seconds by which they would have been freed sooner. */
  readonly freedSooner: number;
  readonly secondsWon: number;
}

export interface TimeoutProposal {
  /** Seconds; null when too few holds are known to propose anything. */
  readonly staleAfter: number | null;
  /** How many holds that ended well it rests on. */
  readonly basedOn: number;
  /** From the shortest to the longest; the proposal is among them. */
  readonly candidates: readonly TimeoutCandidate[];
}

/** With fewer holds than this, the longest of them says little about the next one. */
export const FEWEST_HOLDS = 20;

const [MINUTE, HOUR, DAY] = [60, 3_600, 86_400];

/** Round durations, each at most twice the one before. */
const READABLE: readonly number[] = [
  ...[5, 10, 15, 20, 30, 45].map((n) => n * MINUTE),
  ...[1, 1.5, 2, 3, 4, 6, 8, 10, 12, 18].map((n) => n * HOUR),
  ...[1, 1.5, 2, 3, 4, 5, 7, 10, 14, 21, 30, 45, 60, 90].map((n) => n * DAY),
];

/**
 * Proposes a timeout for one pool. A timeout is the weakest evidence there is: it must be longer than any hold that
 * may be alive. So the rule: take the holds that builds ended by themselves; 1.5 times their 99th
 * percentile (the next long hold may be a little longer than the last one), rounded up to a round
 * duration. Holds that a person or Pool Boy ended do not count, or the timeout would grow with what it should fix.
 * The longest of all would be no better guide: in many pipelines a person starts the job that releases, days after.
 * The other candidates show the price of a lower or higher one, up to the one that would have cut nothing short.
 */
export function proposeTimeout(holds: readonly Tenure[], overdueAfter: number, now: number): TimeoutProposal {
  const well = ascending(holds.filter(endedWell).flatMap((hold) => heldFor(hold, now) ?? []));
  const leaks = holds
    .filter((hold) => isLeak(hold, overdueAfter, now))
    .flatMap((hold) => heldFor(hold, now) ?? []);
  const p99 = percentile(well, 0.99);
  if (p99 === null || well.length < FEWEST_HOLDS)
    return { staleAfter: null, basedOn: well.length, candidates: [] };
  const staleAfter = readableAbove(p99 * 1.5);
  const worth = [0.9, 0.95, 0.99, 1].map((share) => readableAbove(percentile(well, share) ?? 0));
  const candidates = ascending([...new Set([...worth, staleAfter])]);
  return {
    staleAfter,
    basedOn: well.length,
    candidates: candidates.map((seconds) => candidate(seconds, well, leaks)),
  };
}

function candidate(staleAfter: number, well: readonly number[], leaks: readonly number[]): TimeoutCandidate {
  const longer = leaks.filter((held) => held > staleAfter);
  return {
    staleAfter,
    cutShort: well.filter((held) => held > staleAfter).length,
    freedSooner: longer.length,
    secondsWon: longer.reduce((sum, held) => sum + held - staleAfter, 0),
  };
}

/** The next round duration; beyond the longest of them, whole days. */
export function readableAbove(seconds: number): number {
  return READABLE.find((one) => one >= seconds) ?? Math.ceil(seconds / DAY) * DAY;
}
