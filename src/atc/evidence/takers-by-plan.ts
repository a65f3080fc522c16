import { type Build, isAlive } from '../../core/build.ts';
import { describeBuild } from '../../core/naming.ts';
import { hasJustEnded } from '../../core/policy.ts';
import type { Job } from '../api/answer-schemas.ts';
import type { PipelineRef } from '../api/api-requests.ts';
import type { AtcReader } from '../api/atc-reader.ts';
import { buildsOfPipelineSince, LONGEST_WAIT, livingBuildsOf, uniqueBuilds } from '../api/build-lists.ts';
import { getsInPlan } from '../api/build-plan.ts';
import { claimMatcher, jobsOf, poolsOf } from '../api/claim-versions.ts';
import { type ClaimQuery, searchedFrom } from './claim-query.ts';

/** Seconds: the clock of the worker that dated the claim can be so far ahead of the ATC's. */
const CLOCKS_LEAD_BY = 3_600;
/** So many plans of ended builds are read for one claim. */
const MOST_PLANS = 1_000;

/**
 * Where the claim's version is out of sight (its resource's credentials were rotated, or a custom type got a new
 * image), the plans of the pipeline's builds still say what they got: of all that run or have just ended, and of those
 * that have ended since the claim and whose job gets a pool now.
 */
export async function takersByPlan(
  atc: AtcReader,
  query: ClaimQuery,
  pipeline: PipelineRef,
): Promise<Build[]> {
  const isClaim = claimMatcher(query.claim);
  const builds = await buildsToRead(atc, query, pipeline);
  const takes = await Promise.all(
    builds.map(async (build) => {
      const gets = await getsInPlan(atc, build);
      // What ended long ago is history: only a holder that may still be at work leaves the question open.
      if (gets === null && mayBeAtWork(build, query))
        atc.markForbidden({ team: build.team, build: describeBuild(build) });
      return gets?.some(isClaim) ?? false;
    }),
  );
  return builds.filter((_, index) => takes[index] === true);
}

async function buildsToRead(atc: AtcReader, query: ClaimQuery, pipeline: PipelineRef): Promise<Build[]> {
  const jobs = await jobsOf(atc, pipeline);
  const pools = await poolsOf(atc, pipeline);
  const lists = await Promise.all([
    buildsOfPipelineSince(atc, pipeline, searchedFrom(query) - LONGEST_WAIT),
    ...jobs.map((job) => livingBuildsOf(atc, job, (build) => mayBeAtWork(build, query))),
  ]);
  // What is pending has no plan yet.
  const builds = uniqueBuilds(lists.flat()).filter(
    (build) => build.startedAt !== null && build.status !== 'pending' && !query.isOurs(build),
  );
  const atWork = builds.filter((build) => mayBeAtWork(build, query));
  const ended = builds.filter(
    (build) => !mayBeAtWork(build, query) && mayHaveTaken(build, query, jobs, pools),
  );
  if (ended.length > MOST_PLANS)
    atc.markUnread(
      `hides the claim's version, and ${ended.length} builds have ended since that may have had it`,
    );
  return [...atWork, ...ended.slice(0, MOST_PLANS)];
}

function mayBeAtWork(build: Build, query: ClaimQuery): boolean {
  return isAlive(build) || hasJustEnded(build, query, query.now);
}

function mayHaveTaken(
  { job: name, startedAt }: Build,
  { claimedAt }: ClaimQuery,
  jobs: readonly Job[],
  pools: readonly string[],
): boolean {
  if (claimedAt === null || startedAt === null || startedAt < claimedAt - CLOCKS_LEAD_BY) return false;
  const job = jobs.find((one) => one.name === name);
  return job === undefined || job.inputs.some(({ resource }) => pools.includes(resource));
}
