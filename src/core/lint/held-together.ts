import { endingsOf } from './endings.ts';
import type { Job, Pipeline } from './pipeline.ts';
import { comparePools } from './pool-identity.ts';
import { childrenOf, type Step, stepsIn } from './step.ts';
import { returnsOf, type Taking } from './taking.ts';

/** The paths of the steps that can begin while the build holds the lock. */
export function pathsWhileHeld(pipeline: Pipeline, job: Job, taking: Taking): ReadonlySet<string> {
  const paths = new Set<string>();
  endingsOf(job.body, {
    taking,
    returns: returnsOf(pipeline, job, taking),
    onBegin: ({ path }, lock) => {
      if (lock !== 'free') paths.add(path);
    },
  });
  return paths;
}

/** Whether two steps can run side by side. */
export function areSideBySide(body: Step, one: Step, other: Step): boolean {
  const has = (step: Step, { path }: Step) => stepsIn(step).some((inside) => inside.path === path);
  const child = childrenOf(body).find((step) => has(step, one) && has(step, other));
  if (child !== undefined) return areSideBySide(child, one, other);
  return body.kind === 'in_parallel' && has(body, one) && has(body, other);
}

/** Whether two steps of one pipeline take locks of the same pool. */
export function isSamePool(one: Taking, other: Taking): boolean {
  return one.step.resource === other.step.resource || comparePools(one.pool, other.pool) === 'same';
}

/** The one lock that a step waits for; null where any lock of the pool will do, or a variable names it. */
export function lockNamed({ step }: Taking): string | null {
  if (step.kind !== 'put' || step.use?.kind !== 'take' || step.use.by !== 'claim') return null;
  return step.use.value.includes('((') ? null : step.use.value;
}

/** Whether the step waits until a lock is free. */
export function waits({ step }: Taking): boolean {
  return step.kind === 'put' && step.use?.kind === 'take' && step.use.by !== 'add_claimed';
}
