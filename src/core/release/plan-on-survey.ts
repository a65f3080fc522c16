import type { Name } from '../lock.ts';
import { allLocks, type Survey } from '../survey/surveyed.ts';
import { type Plan, type PlanInput, planReleases } from './release-plan.ts';
import type { ReleaseTarget } from './release-target.ts';

/** What of a survey is to be released. */
export interface PlanOrder extends Pick<PlanInput, 'wanted' | 'inPools' | 'limit'> {
  /** The pool that all of it goes to; null for what each pool's policy says (`release_to`). */
  readonly to: Name | null;
}

export function planOnSurvey(found: Survey, { to, ...order }: PlanOrder): Plan {
  return planReleases({
    ...order,
    pools: found.pools.map(({ listing }) => listing),
    found: found.found,
    targets: targetsOf(found.pools, to),
    judged: allLocks(found),
  });
}

/** Where locks of each pool go. With `to` locks of that pool itself stay in it. */
function targetsOf(pools: Survey['pools'], to: Name | null): ReleaseTarget[] {
  return pools.map(({ listing: { name }, policy }) => ({
    pool: name,
    to: to === null ? policy.releaseTo : to === name ? null : to,
  }));
}
