import { type Build, isAlive } from '../../core/build.ts';
import { describeBuild } from '../../core/naming.ts';
import type { Job } from '../api/answer-schemas.ts';
import { PAGE, type PipelineRef, pipelineOf } from '../api/api-requests.ts';
import type { AtcReader } from '../api/atc-reader.ts';
import { buildsOfPipelineSince, LONGEST_WAIT } from '../api/build-lists.ts';
import { getsInPlan } from '../api/build-plan.ts';
import { claimMatcher, type IsClaim, jobsOf, type SavedClaim } from '../api/claim-versions.ts';
import type { ClaimQuery } from './claim-query.ts';

/** Builds that had one of these saved versions as an input, alive or ended. */
export async function takersOfSaved(
  atc: AtcReader,
  query: ClaimQuery,
  saved: readonly SavedClaim[],
): Promise<Build[]> {
  const lists = await Promise.all(
    saved.map(async ({ pipeline, resource, version }) =>
      atc.nullIfRemoved({ pipeline, resource }, await atc.api.inputTo(pipeline, resource, version)),
    ),
  );
  const builds = lists.flatMap((list) => list ?? []);
  return uniqueBuilds(builds.filter((build) => !query.isOurs(build)));
}

/**
 * Where the claim's version is out of sight (its resource's credentials were rotated), the plans of the pipeline's
 * running builds still say what they got. A plan that may not be read leaves the question open.
 */
export async function takersByPlan(
  atc: AtcReader,
  query: ClaimQuery,
  pipeline: PipelineRef,
): Promise<Build[]> {
  const isClaim = claimMatcher(query.claim);
  const running = (await runningInPipeline(atc, query, pipeline)).filter((build) => !query.isOurs(build));
  const takes = await Promise.all(running.map((build) => takesByPlan(atc, build, isClaim)));
  return running.filter((_, i) => takes[i] === true);
}

async function takesByPlan(atc: AtcReader, build: Build, isClaim: IsClaim): Promise<boolean> {
  const gets = await getsInPlan(atc, build);
  return gets?.some(isClaim) ?? false;
}

/** Of its jobs, and of those that were removed from it. */
async function runningInPipeline(
  atc: AtcReader,
  { claimedAt }: ClaimQuery,
  pipeline: PipelineRef,
): Promise<Build[]> {
  const jobs = await jobsOf(atc, pipeline);
  const lists = await Promise.all([
    buildsOfPipelineSince(atc, pipeline, claimedAt - LONGEST_WAIT),
    ...jobs.map((job) => livingBuildsOf(atc, job)),
  ]);
  return uniqueBuilds(lists.flat()).filter(({ status }) => status === 'started');
}

/** A list of jobs shows of each only the oldest living build that is no rerun of an old one. */
export async function livingBuildsOf(atc: AtcReader, job: Job): Promise<Build[]> {
  const pipeline = pipelineOf(job);
  const { nextBuild, name } = job;
  if (pipeline === null || nextBuild === null) return [];
  const answer = await atc.api.buildsOfJobFrom(pipeline, name, nextBuild.id);
  const builds = (await atc.nullIfRemoved({ pipeline, job: name }, answer)) ?? [];
  if (builds.length >= PAGE)
    atc.markUnread(
      `lists more builds since ${describeBuild(nextBuild)} began than can be read (${PAGE} were)`,
    );
  // The short list comes first: it does not tell what a build repeats.
  return uniqueBuilds([nextBuild, ...builds]).filter(isAlive);
}

export function uniqueBuilds(builds: readonly Build[]): Build[] {
  return [...new Map(builds.map((build) => [build.id, build])).values()];
}
