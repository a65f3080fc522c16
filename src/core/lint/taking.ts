import { onceEach } from './memoise.ts';
import type { Job, Pipeline } from './pipeline.ts';
import { comparePools, type PoolIdentity } from './pool-identity.ts';
import { type GetStep, type PutStep, type Step, stepsIn } from './step.ts';

/** A step by which a build comes to hold a lock, and the pool it is of. */
export interface Taking {
  /** A put that claims, or a get of a version that another job's put has made. */
  readonly step: PutStep | GetStep;
  readonly pool: PoolIdentity;
}

/** The steps of a job, hooks and all. */
export const stepsOf = onceEach((job: Job) => stepsIn(job.body));

/** The puts of a job that claim a lock. */
export function claimsIn({ pools }: Pipeline, job: Job): Taking[] {
  return stepsOf(job).flatMap((step) => {
    if (step.kind !== 'put' || step.use?.kind !== 'take') return [];
    const pool = pools.get(step.resource);
    return pool === undefined ? [] : [{ step, pool }];
  });
}

/** The gets by which a job takes a lock over from jobs that it names in `passed`. */
export function takeoversIn({ pools }: Pipeline, job: Job): (Taking & { readonly step: GetStep })[] {
  return stepsOf(job).flatMap((step) => {
    if (step.kind !== 'get' || step.passed.length === 0) return [];
    const pool = pools.get(step.resource);
    return pool === undefined ? [] : [{ step, pool }];
  });
}

/** Whether a step of `job` returns the lock of `taking` when it runs. Where that is not certain, it does. */
export type Returns = (step: Step) => boolean;

/**
 * The pool resource's `release` and `remove` name the directory of the step that provided the lock. A directory that
 * no step of the job provides (a task's output, a variable) may hold any lock of the pool.
 */
export function returnsOf(pipeline: Pipeline, job: Job, taking: Taking): Returns {
  const others = [...claimsIn(pipeline, job), ...takeoversIn(pipeline, job)]
    .map(({ step }) => step.name)
    .filter((name) => name !== taking.step.name);
  return (step) => {
    if (step.kind === 'unread') return true;
    if (step.kind !== 'put' || step.use === null) return false;
    const pool = pipeline.pools.get(step.resource);
    if (pool === undefined || isOtherPool(pool, step.resource, taking)) return false;
    if (step.use.kind === 'unclear') return true;
    if (step.use.kind !== 'return') return false;
    const directory = directoryOf(step.use.value);
    return directory === null || directory === taking.step.name || !others.includes(directory);
  };
}

function isOtherPool(pool: PoolIdentity, resource: string, taking: Taking): boolean {
  return resource !== taking.step.resource && comparePools(pool, taking.pool) === 'different';
}

/** The artifact that a path of `release` begins with; null where a variable stands for it. */
export function directoryOf(path: string): string | null {
  const [first = ''] = path.replace(/^(?:\.\/)+/, '').split('/');
  return first.includes('((') ? null : first;
}
