// Many worlds, added up.
import type { Finding } from './truth/verdicts.ts';

export type Tally = {
  worlds: number;
  runs: number;
  /** Seed and what went wrong first. */
  failures: { seed: number; finding: Finding }[];
  /** By reason. */
  releases: Record<string, number>;
  /** What the design leaves to the timeout, by why. */
  left: Record<string, number>;
};

export const NOTHING: Tally = { worlds: 0, runs: 0, failures: [], releases: {}, left: {} };

export function addTallies(a: Tally, b: Tally): Tally {
  return {
    worlds: a.worlds + b.worlds,
    runs: a.runs + b.runs,
    failures: [...a.failures, ...b.failures],
    releases: addCounts(a.releases, b.releases),
    left: addCounts(a.left, b.left),
  };
}

/** How many worlds went wrong in which way. */
export function countKinds({ failures }: Tally): Record<string, number> {
  const kinds = failures.map(({ finding }) => ({ [finding.kind]: 1 }));
  return kinds.reduce<Record<string, number>>(addCounts, {});
}

function addCounts(a: Record<string, number>, b: Record<string, number>): Record<string, number> {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return Object.fromEntries(keys.map((key) => [key, (a[key] ?? 0) + (b[key] ?? 0)]));
}
