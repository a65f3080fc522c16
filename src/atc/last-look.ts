import type { Build } from '../core/build.ts';
import type { Asked } from '../core/evidence.ts';
import type { Job, StepVersion, Version } from './answers.ts';
import { type IsClaim, mayBePool } from './claim-versions.ts';
import { ANY_TEAM, type Look } from './look.ts';
import { getsInPlan } from './plan.ts';
import { PAGE, type PipelineRef, pipelineOf } from './questions.ts';
import { uniqueBuilds } from './takers.ts';

/** A running build, and what it has: the versions that it took and made. */
export interface RunningBuild {
  readonly build: Build;
  readonly took: readonly Version[];
  readonly made: readonly Version[];
}

/** How far back one-off builds and builds of removed jobs are looked for. */
const MOST_PAGES = 20;
/** They are not looked for among builds that started longer before the oldest claim than this. */
const LONGEST_BUILD = 7 * 86_400;

/**
 * Every running build that the account can see and that can touch a pool. `since` is the time of the oldest claim.
 * Whoever holds a lock, by whatever way it came, is among them.
 */
export async function lookAtAllRunning(
  look: Look,
  since: number,
  isOurs: (build: Build) => boolean,
  say: (text: string) => void,
): Promise<readonly RunningBuild[]> {
  const resources = look.surely(ANY_TEAM, await look.questions.allResources()) ?? [];
  const poolTypes = new Map(resources.map((one) => [keyOf(one, one.name), mayBePool(one.type)]));
  const jobs = await everyJob(look, resources.map(pipelineOf), say);
  const canTouchPool = (job: Job) =>
    [...job.inputs, ...job.outputs].some(({ resource }) => poolTypes.get(keyOf(job, resource)) ?? true);
  const known = new Map(jobs.map((job) => [keyOf(job, job.name), job]));
  const busy = jobs.filter((job) => job.nextBuild !== null && canTouchPool(job));
  const [ofJobs, elsewhere] = await Promise.all([
    Promise.all(busy.map((job) => runningBuildsOf(look, job))),
    otherRunningBuilds(look, since, (build) => {
      const job = build.job === null ? undefined : known.get(keyOf(build, build.job));
      return job === undefined || canTouchPool(job);
    }),
  ]);
  const running = uniqueBuilds([...ofJobs.flat(), ...elsewhere]).filter((build) => !isOurs(build));
  return await Promise.all(
    running.map((build) => {
      const job = build.job === null ? null : (known.get(keyOf(build, build.job)) ?? null);
      return readBuild(look, build, job, (name) => job === null || (poolTypes.get(keyOf(job, name)) ?? true));
    }),
  );
}

async function everyJob(
  look: Look,
  pipelines: readonly (PipelineRef | null)[],
  say: (text: string) => void,
): Promise<readonly Job[]> {
  const answer = await look.questions.allJobs();
  if (answer.kind !== 'limited') return look.surely(ANY_TEAM, answer) ?? [];
  say('The operator of Concourse limits /api/v1/jobs: asking for the jobs of each pipeline instead.');
  const unique = new Map(pipelines.map((pipeline) => [JSON.stringify(pipeline), pipeline]));
  const lists = await Promise.all(
    [...unique.values()]
      .filter((pipeline) => pipeline !== null)
      .map(async (pipeline) => look.surely(pipeline.team, await look.questions.jobs(pipeline)) ?? []),
  );
  return lists.flat();
}

/** A list of jobs shows of each only the oldest running build. */
async function runningBuildsOf(look: Look, job: Job): Promise<Build[]> {
  const pipeline = pipelineOf(job);
  if (pipeline === null) return [];
  const builds = look.surely(job.team, await look.questions.buildsOfJob(pipeline, job.name)) ?? [];
  return [...builds, ...(job.nextBuild === null ? [] : [job.nextBuild])].filter(isStarted);
}

/** One-off builds, and those of jobs that were removed, or that have begun since the jobs were listed. */
async function otherRunningBuilds(
  look: Look,
  since: number,
  isWanted: (build: Build) => boolean,
): Promise<Build[]> {
  const found: Build[] = [];
  let to: number | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const builds: readonly Build[] = look.surely(ANY_TEAM, await look.questions.allBuilds(to)) ?? [];
    found.push(...builds.filter((build) => isStarted(build) && isWanted(build)));
    if (builds.length < PAGE) break;
    // A rerun has a higher number than the build that it stands beside.
    const oldest = builds.reduce((a, b) => (a.id < b.id ? a : b));
    if (oldest.id === to || (oldest.startedAt ?? since) < since - LONGEST_BUILD) break;
    to = oldest.id;
  }
  return found;
}

/** What a build took and made. Where an input is out of sight (rotated credentials), its plan tells. */
async function readBuild(
  look: Look,
  build: Build,
  job: Job | null,
  mayBePoolNamed: (resource: string) => boolean,
): Promise<RunningBuild> {
  const { inputs, outputs } = look.at(build.team, await look.questions.versionsOf(build)) ?? {
    inputs: [],
    outputs: [],
  };
  const took = inputs.map(({ version }) => version);
  const made = outputs.map(({ version }) => version);
  const isHidden = (expected: readonly { name: string; resource: string }[]) =>
    expected.some(({ name, resource }) => mayBePoolNamed(resource) && !hasStep(inputs, name));
  const needsPlan = job === null ? inputs.length === 0 : isHidden(job.inputs);
  const gets = needsPlan ? ((await getsInPlan(look, build)) ?? []) : [];
  return { build, took: [...took, ...gets], made };
}

function hasStep(steps: readonly StepVersion[], name: string): boolean {
  return steps.some((step) => step.name === name);
}

/** Adds what the last look shows about one claim. */
export function seeInLastLook(asked: Asked, running: readonly RunningBuild[], isClaim: IsClaim): Asked {
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
          },
        };
  return { ...asked, depth: 'last-look', claimant, takers: uniqueBuilds([...asked.takers, ...takers]) };
}

function isStarted({ status }: Build): boolean {
  return status === 'started';
}

function keyOf(row: Parameters<typeof pipelineOf>[0], name: string): string {
  return JSON.stringify([pipelineOf(row), name]);
}
