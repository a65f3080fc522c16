import type { Job, Pipeline } from '../../fake-atc/types.ts';
import type { Random } from '../../storm/random.ts';
import type { World } from '../types.ts';

export function pickFrom<T>(random: Random, list: readonly T[]): T | undefined {
  return list.length === 0 ? undefined : random.pick(list);
}

export function livePipelines(world: World): Pipeline[] {
  return world.ci.pipelines.filter(({ archived }) => !archived);
}

export function activeJobs(world: World): { pipeline: Pipeline; job: Job }[] {
  return livePipelines(world).flatMap((pipeline) =>
    pipeline.jobs.filter(({ active }) => active).map((job) => ({ pipeline, job })),
  );
}
