import type { Plan, Release } from '../../core/release/release-plan.ts';
import { oneLine } from './lock-table.ts';

/** What a plan gives back, in the order of its commits. */
export function releasesOf({ steps }: Plan): Release[] {
  return steps.flatMap((step) => (step.kind === 'release' ? [step.release] : []));
}

/**
 * Where locks go, for the question whether to release them; empty where all stay in their own pools. Whoever answers
 * yes must know that the locks will not be free for those who wait for them.
 */
export function destinations(releases: readonly Release[]): string {
  const pools = [...new Set(releases.flatMap(({ to }) => to ?? []))];
  const parts = pools.map((pool) => {
    const many = releases.filter(({ to }) => to === pool).length;
    return many === releases.length ? ` to pool ${oneLine(pool)}` : `${many} to pool ${oneLine(pool)}`;
  });
  const [first = ''] = parts;
  return first === '' || first.startsWith(' ') ? first : ` (${parts.join(', ')})`;
}
