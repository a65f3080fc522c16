import { type Build, isAlive } from '../../core/build.ts';
import { describeJob } from '../../core/naming.ts';
import type { NextInLine } from '../../core/verdict/evidence.ts';
import type { Job } from '../api/answer-schemas.ts';
import type { PipelineRef } from '../api/api-requests.ts';
import type { AtcReader } from '../api/atc-reader.ts';
import { claimMatcher, jobsOf } from '../api/claim-versions.ts';
import type { ClaimQuery } from './claim-query.ts';

export interface Succession {
  readonly pipeline: PipelineRef;
  /** The jobs that have succeeded with the claim, by making it or by taking it. */
  readonly passedBy: ReadonlySet<string>;
  /** The resources that the claim is a version of. */
  readonly resources: readonly string[];
  /** Of this pipeline. */
  readonly takers: readonly Build[];
}

/**
 * The first job behind the claimant that can still take the lock. Between the end of one job and the start of the
 * next no build shows the claim: for seconds as a rule, without end where that job is paused, manual or serial.
 */
export async function findNextInLine(
  atc: AtcReader,
  query: ClaimQuery,
  succession: Succession,
): Promise<NextInLine | null> {
  const { pipeline } = succession;
  const jobs = await jobsOf(atc, pipeline);
  const behind = jobsBehind(jobs, succession);
  if (behind.length === 0) return null;
  const state = await atc.nullIfRemoved({ pipeline }, await atc.api.pipeline(pipeline));
  // An archived pipeline is stored as paused, and waits for nothing.
  if (state === null || state.archived) return null;
  const found = await Promise.all(
    behind.map((job) => canTake(atc, query, succession, job, state.paused || job.paused)),
  );
  return found.find((next) => next !== null) ?? null;
}

/** Jobs whose `passed` leads back to one that has succeeded with the claim, any number of jobs deep. */
function jobsBehind(jobs: readonly Job[], { passedBy, resources }: Succession): Job[] {
  return jobs.filter(({ inputs }) =>
    inputs.some(
      ({ resource, passed }) => resources.includes(resource) && passed.some((job) => passedBy.has(job)),
    ),
  );
}

async function canTake(
  atc: AtcReader,
  query: ClaimQuery,
  { pipeline, resources, takers }: Succession,
  job: Job,
  isPaused: boolean,
): Promise<NextInLine | null> {
  const hasHadIt = takers.some((taker) => taker.job === job.name);
  // Concourse goes on showing a version that a job has used: what was had counts only for a build that waits already.
  if (hasHadIt && job.nextBuild === null) return null;
  const shown = await nextVersions(atc, query, pipeline, job, resources);
  const takesAnother = shown === 'another';
  const next = (why: NextInLine['why']): NextInLine => ({
    job: describeJob({
      team: pipeline.team,
      pipeline: pipeline.name,
      instanceVars: pipeline.vars === null ? null : job.instanceVars,
      job: job.name,
    }),
    why,
    takesAnother,
  });
  if (hasHadIt) {
    if (shown !== 'the claim') return null;
    const builds = await buildsOf(atc, query, pipeline, job);
    return builds.some(({ status }) => status === 'pending') ? next('building') : null;
  }
  if (shown === 'the claim') return next('next-inputs');
  if (isPaused) return next('paused');
  const builds = await buildsOf(atc, query, pipeline, job);
  if (builds.some(isAlive)) return next('building');
  if (builds.some(({ endedAt }) => endedAt !== null && query.now - endedAt < query.grace))
    return next('just-built');
  return null;
}

/** What the job's next build would take; null where nobody can tell. */
async function nextVersions(
  atc: AtcReader,
  query: ClaimQuery,
  pipeline: PipelineRef,
  job: Job,
  resources: readonly string[],
): Promise<'the claim' | 'another' | null> {
  // Needs a role, also where the pipeline is public.
  if (atc.isAnonymous) return null;
  const isClaim = claimMatcher(query.claim);
  const names = job.inputs.filter(({ resource }) => resources.includes(resource)).map(({ name }) => name);
  const inputs = atc.permitted(pipeline.team, await atc.api.nextInputs(pipeline, job.name)) ?? [];
  const versions = inputs.filter(({ name }) => names.includes(name)).map(({ version }) => version);
  if (versions.some(isClaim)) return 'the claim';
  return versions.length === 0 ? null : 'another';
}

async function buildsOf(
  atc: AtcReader,
  query: ClaimQuery,
  pipeline: PipelineRef,
  job: Job,
): Promise<Build[]> {
  const place = { pipeline, job: job.name };
  const builds = (await atc.nullIfRemoved(place, await atc.api.buildsOfJob(pipeline, job.name))) ?? [];
  const all = job.nextBuild === null ? builds : [...builds, job.nextBuild];
  return all.filter((build) => !query.isOurs(build));
}
