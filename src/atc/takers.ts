import type { Build } from '../core/build.ts';
import { claimMatcher, type IsClaim, type SavedClaim } from './claim-versions.ts';
import type { Look } from './look.ts';
import { getsInPlan } from './plan.ts';
import type { Quest } from './quest.ts';
import type { PipelineRef } from './questions.ts';

/** Builds that had one of these saved versions as an input, alive or ended. */
export async function takersOfSaved(
  look: Look,
  quest: Quest,
  saved: readonly SavedClaim[],
): Promise<Build[]> {
  const lists = await Promise.all(
    saved.map(async ({ pipeline, resource, version }) =>
      look.surely(pipeline.team, await look.questions.takersOf(pipeline, resource, version)),
    ),
  );
  const builds = lists.flatMap((list) => list ?? []);
  return uniqueBuilds(builds.filter((build) => !quest.isOurs(build)));
}

/**
 * Where the claim's version is out of sight (its resource's credentials were rotated), the plans of the pipeline's
 * running builds still say what they got. A plan that may not be read leaves the question open.
 */
export async function takersByPlan(look: Look, quest: Quest, pipeline: PipelineRef): Promise<Build[]> {
  const isClaim = claimMatcher(quest.claim);
  const running = (await runningBuildsOf(look, pipeline)).filter((build) => !quest.isOurs(build));
  const takes = await Promise.all(running.map((build) => takesByPlan(look, build, isClaim)));
  return running.filter((_, i) => takes[i] === true);
}

async function takesByPlan(look: Look, build: Build, isClaim: IsClaim): Promise<boolean> {
  const gets = await getsInPlan(look, build);
  return gets?.some(isClaim) ?? false;
}

/** Of its jobs, and of those that were removed from it. */
async function runningBuildsOf(look: Look, pipeline: PipelineRef): Promise<Build[]> {
  const jobs = look.surely(pipeline.team, await look.questions.jobs(pipeline)) ?? [];
  const lists = await Promise.all([
    look.questions.buildsOfPipeline(pipeline),
    ...jobs
      .filter(({ nextBuild }) => nextBuild !== null)
      .map(({ name }) => look.questions.buildsOfJob(pipeline, name)),
  ]);
  const builds = lists.flatMap((list) => look.surely(pipeline.team, list) ?? []);
  return uniqueBuilds([...builds, ...jobs.flatMap(({ nextBuild }) => nextBuild ?? [])]).filter(
    ({ status }) => status === 'started',
  );
}

export function uniqueBuilds(builds: readonly Build[]): Build[] {
  return [...new Map(builds.map((build) => [build.id, build])).values()];
}
