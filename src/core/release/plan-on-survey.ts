import type { Name } from '../lock.ts';
import { allLocks, type Survey } from '../survey/surveyed.ts';
import { type Plan, type PlanInput, planReleases } from './release-plan.ts';
import { type ReleaseTarget, targetOf } from './release-target.ts';

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
    targets: targetsOf(found, to),
    judged: allLocks(found),
  });
}

/** Where locks of each pool go. With `to` locks of that pool itself stay in it. */
function targetsOf({ pools, found }: Survey, to: Name | null): ReleaseTarget[] {
  return pools.map(({ listing: { name }, policy }) => {
    const target = targetOf(name, to ?? policy.releaseTo, found);
    return to !== null && target.to === name ? { pool: name, to: null } : target;
  });
}
