import { isSameName, type Name, type PoolListing } from '../lock.ts';
import type { PlanProblem, PlanWarning } from './plan-problem.ts';

/** Where the locks of one pool go when they are released. */
export interface ReleaseTarget {
  readonly pool: Name;
  /** Another pool, from which a pipeline takes them to clean what they stand for; null for the pool itself. */
  readonly to: Name | null;
}

/** The target that a person wrote for a pool, by the name that the repository has for it: accents differ in form. */
export function targetOf(pool: Name, to: Name | null, found: readonly PoolListing[]): ReleaseTarget {
  if (to === null) return { pool, to };
  const names = found.map(({ name }) => name);
  return { pool, to: names.includes(to) ? to : (names.find((name) => isSameName(name, to)) ?? to) };
}

/**
 * Why locks cannot go where the request sends them. A target must be another pool of the repository with both
 * folders: the pool resource could neither claim there nor release into it otherwise.
 */
export function targetProblems(
  targets: readonly ReleaseTarget[],
  found: readonly PoolListing[],
): readonly PlanProblem[] {
  return targets.flatMap(({ pool, to }): PlanProblem[] => {
    if (to === null) return [];
    if (to === pool) return [{ kind: 'target-is-own-pool', pool }];
    const listing = found.find(({ name }) => name === to);
    if (listing === undefined)
      return [{ kind: 'target-missing', pool, to, pools: found.map(({ name }) => name) }];
    return listing.claimed === null || listing.unclaimed === null
      ? [{ kind: 'target-incomplete', pool, to }]
      : [];
  });
}

/**
 * Leaves alone the locks whose name the target has already: moving them there would overwrite a lock. Of two that
 * would get there with one name the first goes.
 */
export function withoutTaken<T extends ReleaseTarget & { readonly lock: Name }>(
  releases: readonly T[],
  found: readonly PoolListing[],
): { readonly releases: readonly T[]; readonly warnings: readonly PlanWarning[] } {
  const taken = new Set(
    found.flatMap(({ name, claimed, unclaimed }) =>
      [...(claimed ?? []), ...(unclaimed ?? [])].map((lock) => keyOf(name, lock)),
    ),
  );
  const kept: T[] = [];
  const warnings: PlanWarning[] = [];
  for (const release of releases) {
    const { pool, lock, to } = release;
    if (to !== null && taken.has(keyOf(to, lock))) {
      warnings.push({ kind: 'taken-in-target', lock: { pool, lock }, to });
      continue;
    }
    if (to !== null) taken.add(keyOf(to, lock));
    kept.push(release);
  }
  return { releases: kept, warnings };
}

function keyOf(pool: Name, lock: Name): string {
  return JSON.stringify([pool, lock]);
}
