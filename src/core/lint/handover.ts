import { isTended, type LockUse, useOfLock } from './leaks.ts';
import type { Job, Pipeline } from './pipeline.ts';
import { comparePools, type PoolIdentity } from './pool-identity.ts';
import { type GetStep, type Step, stepsIn } from './step.ts';
import { claimsIn, directoryOf, type Taking, takeoversIn } from './taking.ts';

/** A job that takes a lock over by `passed`, and what becomes of it there. */
export interface Takeover {
  readonly use: LockUse;
  readonly get: GetStep;
  /** The job that hands it on. */
  readonly from: Job;
}

/** The jobs right behind this use of a lock. Versions pass only between steps of the same resource. */
export function takeoversOf(use: LockUse): Takeover[] {
  const { pipeline, job, taking } = use;
  return pipeline.jobs.flatMap((behind) =>
    takeoversIn(pipeline, behind)
      .filter(({ step }) => step.resource === taking.step.resource && step.passed.includes(job.name))
      .map((one) => ({ use: useOfLock(pipeline, behind, one), get: one.step, from: job })),
  );
}

/** Whether a build of this job starts without a person: some input of it triggers. */
export function startsByItself({ body }: Job): boolean {
  return stepsIn(body).some((step) => step.kind === 'get' && step.trigger);
}

/**
 * Whether a lock that this job takes over is returned whatever happens, here or further behind. Jobs that pass a lock
 * on in a circle return it nowhere.
 */
export function isReturnedBehind(takeover: Takeover, known = new Map<string, boolean>()): boolean {
  const { use, get } = takeover;
  const key = JSON.stringify([use.job.name, get.path]);
  const answer = known.get(key);
  if (answer !== undefined) return answer;
  // In a circle it comes by here again.
  known.set(key, false);
  const behind = takeoversOf(use);
  const isSafe = startsByItself(use.job) && isTended(use, { handsOn: behind.length > 0 });
  const handsOn = use.claimedAfter.some(({ outcome }) => outcome === 'success');
  const isReturned = isSafe && (!handsOn || behind.some((one) => isReturnedBehind(one, known)));
  known.set(key, isReturned);
  return isReturned;
}

/**
 * Whether some job returns locks of this pool that it did not get from a job in front: by a `get` without `passed`, or
 * by a directory that a task made. Which locks those are cannot be told from a configuration.
 */
export function isReturnedElsewhere(pipelines: readonly Pipeline[], { pool, step }: Taking): boolean {
  return pipelines.some((pipeline) =>
    pipeline.jobs.some((job) => returnsAny(pipeline, job, pool, step.resource)),
  );
}

function returnsAny(pipeline: Pipeline, job: Job, pool: PoolIdentity, resource: string): boolean {
  const known = [...claimsIn(pipeline, job), ...takeoversIn(pipeline, job)].map(({ step }) => step.name);
  return stepsIn(job.body).some((step) => {
    const directory = returnedDirectory(step);
    if (directory === undefined || step.kind !== 'put') return false;
    const its = pipeline.pools.get(step.resource);
    if (its === undefined) return false;
    const comparison = comparePools(its, pool);
    const isOfPool = comparison === 'same' || (comparison === 'unclear' && step.resource === resource);
    return isOfPool && (directory === null || !known.includes(directory));
  });
}

/** Undefined for a step that returns no lock. */
function returnedDirectory(step: Step): string | null | undefined {
  if (step.kind !== 'put' || step.use?.kind !== 'return') return undefined;
  return directoryOf(step.use.value);
}
