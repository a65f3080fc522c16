import { type Build, originalOf } from '../../core/build.ts';
import type { ClaimedLock } from '../../core/lock.ts';
import { describeBuild } from '../../core/naming.ts';
import type { Asked } from '../../core/verdict/evidence.ts';
import { provesDeath } from '../../core/verdict/proof-of-death.ts';
import { candidatesOf } from '../../core/verdict/rank-claimants.ts';
import type { Job, Resource, StepVersion, Version } from '../api/answer-schemas.ts';
import { type PipelineRef, pipelineOf } from '../api/api-requests.ts';
import { ANY_TEAM, type AtcReader } from '../api/atc-reader.ts';
import { allBuildsSince, LONGEST_BUILD, LONGEST_WAIT } from '../api/build-lists.ts';
import { getsInPlan } from '../api/build-plan.ts';
import { type IsClaim, jobsOf, mayBePool } from '../api/claim-versions.ts';
import { livingBuildsOf, uniqueBuilds } from './find-takers.ts';
import { takenPoolResources } from './search-all-pipelines.ts';

/** A running build, and what it has: the versions that it took and made. */
export interface RunningBuild {
  readonly build: Build;
  readonly took: readonly Version[];
  readonly made: readonly Version[];
}

/** How far back builds must be looked for that may hold a claim made then. */
export function lastLookSince({ claim }: ClaimedLock, asked: Asked, claimedAt: number): number {
  const isMakerKnown =
    claim.owner.kind === 'person' ||
    candidatesOf(asked.claimant).some((found) => found.madeTheClaim || provesDeath(found, claimedAt));
  // Whoever took the claim began after it; whoever made it may have begun long before.
  return claimedAt - (isMakerKnown ? LONGEST_WAIT : LONGEST_BUILD);
}

/** What the last look has seen. */
export interface Seen {
  readonly running: readonly RunningBuild[];
  /** The resources from which jobs may take a claim. */
  readonly pools: readonly Resource[];
}

/**
 * Every running build that the account can see and that can touch a pool. Whoever holds a lock, by whatever way it
 * came, is among them. Jobs show their oldest living build, so whatever those lists lack (one-off builds, builds of
 * jobs that were removed, reruns of old builds, builds that have begun since) is looked for among all builds, no
 * further back than `since`.
 */
export async function takeLastLook(
  atc: AtcReader,
  since: number,
  isOurs: (build: Build) => boolean,
  sayLimited: () => void,
): Promise<Seen> {
  const resources = atc.mustExist(ANY_TEAM, await atc.api.allResources()) ?? [];
  const poolTypes = new Map(resources.map((one) => [keyOf(one, one.name), mayBePool(one.type)]));
  const jobs = await everyJob(atc, resources.map(pipelineOf), sayLimited);
  const canTouchPool = (job: Job) =>
    [...job.inputs, ...job.outputs].some(({ resource }) => poolTypes.get(keyOf(job, resource)) ?? true);
  const known = new Map(jobs.map((job) => [keyOf(job, job.name), job]));
  const jobOf = (build: Build) => (build.job === null ? undefined : known.get(keyOf(build, build.job)));
  const [ofJobs, all] = await Promise.all([
    Promise.all(jobs.filter(canTouchPool).map((job) => livingBuildsOf(atc, job))),
    allBuildsSince(atc, since),
  ]);
  const mayTouchPool = all.filter((build) => {
    const job = jobOf(build);
    return job === undefined || canTouchPool(job);
  });
  const holding = uniqueBuilds([...ofJobs.flat(), ...mayTouchPool]).filter(
    (build) => mayHold(build) && !isOurs(build),
  );
  const running = await Promise.all(
    holding.map((build) => {
      const job = jobOf(build) ?? null;
      return readBuild(atc, build, job, (name) => job === null || (poolTypes.get(keyOf(job, name)) ?? true));
    }),
  );
  return { running, pools: takenPoolResources(resources, jobs) };
}

/** What is pending has no inputs yet; but a rerun will take those of the build that it repeats. */
function mayHold({ status, rerunOf }: Build): boolean {
  return status === 'started' || (status === 'pending' && rerunOf !== null);
}

async function everyJob(
  atc: AtcReader,
  pipelines: readonly (PipelineRef | null)[],
  sayLimited: () => void,
): Promise<readonly Job[]> {
  const answer = await atc.api.allJobs();
  if (answer.kind !== 'limited') return atc.mustExist(ANY_TEAM, answer) ?? [];
  sayLimited();
  const unique = new Map(pipelines.map((pipeline) => [JSON.stringify(pipeline), pipeline]));
  const lists = await Promise.all(
    [...unique.values()].filter((pipeline) => pipeline !== null).map((pipeline) => jobsOf(atc, pipeline)),
  );
  return lists.flat();
}

/** What a build took and made. Where an input is out of sight (rotated credentials), its plan tells. */
async function readBuild(
  atc: AtcReader,
  build: Build,
  job: Job | null,
  mayBePoolNamed: (resource: string) => boolean,
): Promise<RunningBuild> {
  // A rerun of the claimant itself would claim anew: only what it takes says that it will have this claim.
  const source = build.status === 'pending' ? { ...build, id: originalOf(build) } : build;
  const answer = await atc.api.buildResources(source);
  if (answer.kind === 'missing') {
    atc.markUnread(`lists the running build ${describeBuild(build)}, which was removed at this moment`);
    return { build, took: [], made: [] };
  }
  const { inputs, outputs } = atc.permitted(build.team, answer) ?? { inputs: [], outputs: [] };
  const took = inputs.map(({ version }) => version);
  const made = build.status === 'pending' ? [] : outputs.map(({ version }) => version);
  const isHidden = (expected: readonly { name: string; resource: string }[]) =>
    expected.some(({ name, resource }) => mayBePoolNamed(resource) && !hasStep(inputs, name));
  const needsPlan = job === null ? inputs.length === 0 : isHidden(job.inputs);
  const gets = needsPlan ? ((await getsInPlan(atc, source)) ?? []) : [];
  return { build, took: [...took, ...gets], made };
}

function hasStep(steps: readonly StepVersion[], name: string): boolean {
  return steps.some((step) => step.name === name);
}

/** Adds what the last look shows about one claim. */
export function addLastLook(asked: Asked, running: readonly RunningBuild[], isClaim: IsClaim): Asked {
  const maker = running.find(({ made }) => made.some(isClaim));
  const takers = running.filter(({ took }) => took.some(isClaim)).map(({ build }) => build);
  const claimant: Asked['claimant'] =
    maker === undefined
      ? asked.claimant
      : {
          kind: 'found',
          found: {
            build: maker.build,
            foundBy: 'output',
            namedByUrl: false,
            madeTheClaim: true,
            madeAnotherClaim: null,
            next: null,
          },
          others: [],
        };
  return { ...asked, depth: 'last-look', claimant, takers: uniqueBuilds([...asked.takers, ...takers]) };
}

function keyOf(row: Parameters<typeof pipelineOf>[0], name: string): string {
  return JSON.stringify([pipelineOf(row), name]);
}
