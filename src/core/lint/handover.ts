import { isTended, type LockUse, useOfLock } from './leaks.ts';
import { onceEach } from './memoise.ts';
import type { Job, Pipeline } from './pipeline.ts';
import { comparePools, type PoolIdentity } from './pool-identity.ts';
import type { GetStep, Step } from './step.ts';
import { claimsIn, directoryOf, stepsOf, type Taking, takeoversIn } from './taking.ts';

/** A job that takes a lock over by `passed`, and what becomes of it there. */
export interface Takeover {
  readonly use: LockUse;
  readonly get: GetStep;
}

/** The jobs right behind this use of a lock. Versions pass only between steps of the same resource. */
export const takeoversOf = onceEach((use: LockUse): readonly Takeover[] => {
  const { pipeline, job, taking } = use;
  return pipeline.jobs.flatMap((behind) =>
    takeoversIn(pipeline, behind)
      .filter(({ step }) => step.resource === taking.step.resource && step.passed.includes(job.name))
      .map((one) => ({ use: useOfLock(pipeline, behind, one), get: one.step })),
  );
});

/** Whether a build of this job starts without a person: some input of it triggers. */
export function startsByItself(job: Job): boolean {
  return stepsOf(job).some((step) => step.kind === 'get' && step.trigger);
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
  return pipelines.flatMap(looseReturns).some((one) => {
    const comparison = comparePools(one.pool, pool);
    return comparison === 'same' || (comparison === 'unclear' && one.resource === step.resource);
  });
}

interface LooseReturn {
  readonly pool: PoolIdentity;
  readonly resource: string;
}

const looseReturns = onceEach((pipeline: Pipeline): readonly LooseReturn[] =>
  pipeline.jobs.flatMap((job) => looseReturnsIn(pipeline, job)),
);

function looseReturnsIn(pipeline: Pipeline, job: Job): LooseReturn[] {
  const known = [...claimsIn(pipeline, job), ...takeoversIn(pipeline, job)].map(({ step }) => step.name);
  return stepsOf(job).flatMap((step) => {
    const directory = returnedDirectory(step);
    if (directory === undefined || step.kind !== 'put') return [];
    const pool = pipeline.pools.get(step.resource);
    const isLoose = pool !== undefined && (directory === null || !known.includes(directory));
    return isLoose ? [{ pool, resource: step.resource }] : [];
  });
}

/** Undefined for a step that returns no lock. */
function returnedDirectory(step: Step): string | null | undefined {
  if (step.kind !== 'put' || step.use?.kind !== 'return') return undefined;
  return directoryOf(step.use.value);
}
