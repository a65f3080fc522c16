import type { Build } from '../../core/build.ts';
import type { ClaimedLock } from '../../core/lock.ts';
import { type Graces, hasJustEnded } from '../../core/policy.ts';
import { mayBePool } from '../../core/pools/pool-types.ts';
import type { Asked, FoundBuild } from '../../core/verdict/evidence.ts';
import { provesDeath } from '../../core/verdict/proof-of-death.ts';
import { candidatesOf, claimantAmong } from '../../core/verdict/rank-claimants.ts';
import type { Job, Resource } from '../api/answer-schemas.ts';
import { type PipelineRef, pipelineOf } from '../api/api-requests.ts';
import type { AtcReader } from '../api/atc-reader.ts';
import {
  allBuildsSince,
  LONGEST_BUILD,
  LONGEST_WAIT,
  livingBuildsOf,
  uniqueBuilds,
} from '../api/build-lists.ts';
import { claimMatcher, jobsOf } from '../api/claim-versions.ts';
import type { ClaimQuery } from './claim-query.ts';
import { mayBeNamedBy } from './named-build.ts';
import { readTimesOfSetting, type WasSetSince } from './pipelines-set.ts';
import { foundByOutput } from './proof-of-claim.ts';
import { couldHold, isNamesake, type ReadBuild, readBuild } from './read-build.ts';

/** How far back builds must be looked for that may hold a claim made then, in unix seconds. */
export function lastLookSince({ claim }: ClaimedLock, asked: Asked, claimedAt: number): number {
  const isMakerKnown =
    claim.owner.kind === 'person' ||
    candidatesOf(asked.claimant).some((found) => found.madeTheClaim || provesDeath(found, claimedAt));
  // Whoever took the claim began after it; whoever made it may have begun long before.
  return claimedAt - (isMakerKnown ? LONGEST_WAIT : LONGEST_BUILD);
}

/** Which builds the last look looks for. Times in unix seconds. */
export interface LookSpan extends Graces {
  /** Builds that began earlier are only seen where they are alive and of a job. */
  readonly since: number;
  readonly now: number;
}

/** What the last look has seen. */
export interface Seen {
  /** All builds that run, are about to run again, or have ended so recently that they may still be at work. */
  readonly builds: readonly ReadBuild[];
  /** The resources from which jobs may take a claim. */
  readonly pools: readonly TakenPool[];
  readonly wasSetSince: WasSetSince;
}

export interface TakenPool extends Resource {
  /** By a job that asks for no `passed`, so that it takes claims of other pipelines, too. */
  readonly isTakenFreely: boolean;
}

/**
 * Every build that the account can see and that may be at work. Whoever holds a lock, however it got it, is among
 * them. Jobs show their oldest living build, so whatever those lists lack (one-off builds, builds of jobs that were
 * removed, reruns of old builds, builds that have begun since) is looked for among all builds, no further back than
 * `since`. The lists of jobs whose resources are all of built-in types are left out; but what runs is read whatever
 * its job's configuration names now, since the job may have been set again since.
 */
export async function takeLastLook(
  atc: AtcReader,
  span: LookSpan,
  isOurs: (build: Build) => boolean,
  sayLimited: () => void,
): Promise<Seen> {
  const resources = atc.mustExist(null, await atc.api.allResources()) ?? [];
  const poolTypes = new Map(resources.map((one) => [keyOf(one, one.name), mayBePool(one.type)]));
  const jobs = await everyJob(atc, resources.map(pipelineOf), sayLimited);
  const canTouchPool = (job: Job) =>
    [...job.inputs, ...job.outputs].some(({ resource }) => poolTypes.get(keyOf(job, resource)) ?? true);
  const known = new Map(jobs.map((job) => [keyOf(job, job.name), job]));
  const jobOf = (build: Build) => (build.job === null ? null : (known.get(keyOf(build, build.job)) ?? null));
  const wasSetSince = readTimesOfSetting(atc);
  const isAtWork = (build: Build) => mayBeAtWork(build, span);
  const all = await allBuildsSince(atc, span.since);
  // Whatever a job has begun since its oldest living build is in that list already, where the list goes as far back.
  const isListed = ({ nextBuild }: Job) => nextBuild !== null && nextBuild.id >= all.completeFrom;
  const ofJobs = await Promise.all(
    jobs
      .filter(canTouchPool)
      .map((job) => (isListed(job) ? (job.nextBuild ?? []) : livingBuildsOf(atc, job, isAtWork))),
  );
  const atWork = uniqueBuilds([...ofJobs.flat(), ...all.builds]).filter(
    (build) => isAtWork(build) && !isOurs(build),
  );
  const builds = await Promise.all(
    atWork.map((build) => {
      const job = jobOf(build);
      return readBuild(atc, build, {
        job,
        mayBePoolNamed: (name) => job === null || (poolTypes.get(keyOf(job, name)) ?? true),
        wasSetSince: () => wasSetSince(build, build.startedAt),
      });
    }),
  );
  return { builds, pools: takenPools(resources, jobs), wasSetSince };
}

/**
 * What is pending has no inputs yet; but a rerun will take those of the build that it repeats. What was aborted before it
 * started did nothing.
 */
function mayBeAtWork(build: Build, span: LookSpan): boolean {
  const { status, rerunOf, startedAt } = build;
  const hasJustRun = startedAt !== null && hasJustEnded(build, span, span.now);
  return status === 'started' || (status === 'pending' && rerunOf !== null) || hasJustRun;
}

async function everyJob(
  atc: AtcReader,
  pipelines: readonly (PipelineRef | null)[],
  sayLimited: () => void,
): Promise<readonly Job[]> {
  const answer = await atc.api.allJobs();
  if (answer.kind !== 'limited') return atc.mustExist(null, answer) ?? [];
  sayLimited();
  const unique = new Map(pipelines.map((pipeline) => [JSON.stringify(pipeline), pipeline]));
  const lists = await Promise.all(
    [...unique.values()].filter((pipeline) => pipeline !== null).map((pipeline) => jobsOf(atc, pipeline)),
  );
  return lists.flat();
}

/**
 * Where a claim can have come to: a resource that some job takes, or one whose type is called after pools or locks and
 * that a job only puts. Most custom types are notifications, which nobody takes; a list of each would cost too much.
 */
function takenPools(resources: readonly Resource[], jobs: readonly Job[]): TakenPool[] {
  const inputs = jobs.flatMap((job) =>
    job.inputs.map((input) => ({ input, key: keyOf(job, input.resource) })),
  );
  const taken = new Set(inputs.map(({ key }) => key));
  const freely = new Set(inputs.filter(({ input }) => input.passed.length === 0).map(({ key }) => key));
  const put = new Set(jobs.flatMap((job) => job.outputs.map(({ resource }) => keyOf(job, resource))));
  const isPutPool = (one: Resource) => /pool|lock/i.test(one.type) && put.has(keyOf(one, one.name));
  return resources
    .filter((one) => mayBePool(one.type) && (taken.has(keyOf(one, one.name)) || isPutPool(one)))
    .map((one) => ({ ...one, isTakenFreely: freely.has(keyOf(one, one.name)) }));
}

/** Adds what the last look shows about one claim. */
export function addLastLook(asked: Asked, builds: readonly ReadBuild[], query: ClaimQuery): Asked {
  const isClaim = claimMatcher(query.claim);
  const takers = builds.filter(({ took }) => took.some(isClaim)).map(({ build }) => build);
  const made = builds.filter(({ made: versions }) => versions.some(isClaim)).map(({ build }) => build);
  const known = candidatesOf(asked.claimant);
  const makers = made
    .filter((build) => build.endedAt === null || mayBeNamedBy(query.claim.owner, build))
    .map(foundByOutput);
  const others = known.filter(({ build }) => !makers.some((one) => one.build.id === build.id));
  const isInDoubt = builds.some((one) => isNamesake(one, query));
  const candidates = [...others, ...makers].map((one) => (isInDoubt ? { ...one, namedByUrl: false } : one));
  const claimant = candidates.length === 0 ? asked.claimant : claimantAmong(candidates, query.claimedAt);
  return {
    ...asked,
    depth: 'last-look',
    claimant,
    takers: uniqueBuilds([...asked.takers, ...takers]),
    forbidden: asked.forbidden ?? firstHidden(builds, candidatesOf(claimant), query),
  };
}

/** A build that cannot be read, and that may hold this claim for all that its own times and the claimant's tell. */
function firstHidden(builds: readonly ReadBuild[], claimants: readonly FoundBuild[], query: ClaimQuery) {
  return builds.find((one) => one.hidden !== null && couldHold(one.build, claimants, query))?.hidden ?? null;
}

function keyOf(row: Parameters<typeof pipelineOf>[0], name: string): string {
  return JSON.stringify([pipelineOf(row), name]);
}
