import { type Build, isAlive } from '../../core/build.ts';
import { describeJob } from '../../core/naming.ts';
import type { NextJob, WhyNext, Withheld } from '../../core/verdict/evidence.ts';
import type { Job } from '../api/answer-schemas.ts';
import type { PipelineRef } from '../api/api-requests.ts';
import type { AtcReader } from '../api/atc-reader.ts';
import { claimMatcher, jobsOf, type SavedClaim } from '../api/claim-versions.ts';
import type { ClaimQuery } from './claim-query.ts';
import { type NextInputs, readNextInputs } from './next-inputs.ts';

/** How a claim has gone through the jobs of one pipeline. */
export interface Succession {
  readonly pipeline: PipelineRef;
  /** The jobs that have succeeded with the claim, and the build of each that did. */
  readonly passedBy: ReadonlyMap<string, Build>;
  /** The resources that the claim is a version of. */
  readonly resources: readonly string[];
  readonly saved: readonly SavedClaim[];
  /** Of this pipeline. */
  readonly takers: readonly Build[];
}

export interface NextInPipeline {
  readonly next: readonly NextJob[];
  readonly withheld: Withheld | null;
}

const NOBODY: NextInPipeline = { next: [], withheld: null };

/**
 * The jobs behind a holder that can still take the lock. Between the end of one job and the start of the next no build
 * shows the claim: for seconds as a rule, without end where that job is paused, manual, serial or waits for another
 * input.
 */
export async function findNextJobs(
  atc: AtcReader,
  query: ClaimQuery,
  succession: Succession,
): Promise<NextInPipeline> {
  const { pipeline } = succession;
  const jobs = await jobsOf(atc, pipeline);
  const behind = jobsBehind(jobs, succession);
  if (behind.length === 0) return NOBODY;
  const state = await atc.nullIfRemoved({ pipeline }, await atc.api.pipeline(pipeline));
  // An archived pipeline is stored as paused, and waits for nothing.
  if (state === null || state.archived) return NOBODY;
  const found = await Promise.all(
    behind.map(({ job, by }) => canTake(atc, query, succession, job, by, state.paused || job.paused)),
  );
  return {
    next: found.flatMap(({ next }) => next),
    withheld: found.find(({ withheld }) => withheld !== null)?.withheld ?? null,
  };
}

/**
 * Jobs whose `passed` leads back to one that has succeeded with the claim, any number of jobs deep. `passed` asks only
 * whether a build of that job succeeded with the version, whoever made it and however that build ended.
 */
function jobsBehind(jobs: readonly Job[], { passedBy, resources }: Succession) {
  return jobs.flatMap((job) => {
    const passed = job.inputs
      .filter(({ resource }) => resources.includes(resource))
      .flatMap((one) => one.passed);
    const by = passed.map((name) => passedBy.get(name)).find((build) => build !== undefined);
    return by === undefined ? [] : [{ job, by }];
  });
}

async function canTake(
  atc: AtcReader,
  query: ClaimQuery,
  succession: Succession,
  job: Job,
  behind: Build,
  isPaused: boolean,
): Promise<NextInPipeline> {
  const { pipeline, takers } = succession;
  const hasHadIt = takers.some((taker) => taker.job === job.name);
  // Concourse goes on showing a version that a job has used: what was had counts only for a build that waits already.
  if (hasHadIt && job.nextBuild === null) return NOBODY;
  const shown = await readNextInputs(atc, query, succession, job, isPaused);
  const next = (why: WhyNext): NextInPipeline => ({
    next: [{ job: describeJob({ ...job, job: job.name }), behind, why, takesAnother: takesAnother(shown) }],
    withheld: null,
  });
  if (hasHadIt) {
    if (shown.kind !== 'the-claim' && shown.kind !== 'failing') return NOBODY;
    const builds = await buildsOf(atc, query, pipeline, job);
    if (!builds.some(({ status }) => status === 'pending')) return NOBODY;
    if (shown.kind === 'the-claim') return next('building');
    markFailing(atc, job);
    return NOBODY;
  }
  if (liveOf(job, query).length > 0) return next('building');
  // Without a handover_timeout it makes no difference whether a job builds or only waits: one request less.
  if (shown.kind === 'the-claim' && !query.limitsWaiting) return next('next-inputs');
  const builds = isPaused && !query.limitsWaiting ? [] : await buildsOf(atc, query, pipeline, job);
  if (builds.some(isAlive)) return next('building');
  if (builds.some(({ endedAt }) => endedAt !== null && query.now - endedAt < query.grace))
    return next('just-built');
  if (shown.kind === 'the-claim') return next('next-inputs');
  const why = isPaused ? 'paused' : whyItWaits(shown);
  const withheld = await whatWithholds(atc, query, succession, job, isPaused ? 'paused' : shown.kind);
  if (withheld !== null) return { next: [], withheld };
  if (why !== null) return next(why);
  if (shown.kind === 'failing') markFailing(atc, job);
  return NOBODY;
}

function whyItWaits(shown: NextInputs): WhyNext | null {
  switch (shown.kind) {
    case 'undetermined':
      return 'undetermined';
    case 'earlier':
      return 'in-turn';
    case 'the-claim':
      return 'next-inputs';
    case 'another':
    case 'failing':
    case 'unknown':
      return null;
  }
}

function takesAnother({ kind }: NextInputs): boolean {
  return kind === 'earlier' || kind === 'another';
}

function markFailing(atc: AtcReader, job: Job): void {
  atc.markUnread(
    `answers 500 to a request for the next inputs of ${describeJob({ ...job, job: job.name })}, as it does after an input of a paused job was renamed`,
  );
}

/** A version that a person has disabled, or that another is pinned over, is passed by until a person undoes it. */
async function whatWithholds(
  atc: AtcReader,
  { claim }: ClaimQuery,
  { pipeline, resources, saved }: Succession,
  job: Job,
  shown: NextInputs['kind'] | 'paused',
): Promise<Withheld | null> {
  const disabled = saved.find(({ isEnabled }) => !isEnabled);
  // A resource is written as a job is.
  const label = (resource: string) => describeJob({ ...job, job: resource });
  if (disabled !== undefined) return { how: 'disabled', resource: label(disabled.resource) };
  // The stored inputs of a paused job are those of the time before, whatever was pinned since.
  if (shown === 'paused' || shown === 'unknown' || shown === 'failing') return null;
  const all = (await atc.nullIfRemoved({ pipeline }, await atc.api.resources(pipeline))) ?? [];
  const isClaim = claimMatcher(claim);
  const pinned = all.find(
    ({ name, pinned: version }) => resources.includes(name) && version !== null && !isClaim(version),
  );
  return pinned === undefined ? null : { how: 'pinned', resource: label(pinned.name) };
}

function liveOf({ nextBuild }: Job, { isOurs }: ClaimQuery): Build[] {
  return nextBuild === null || isOurs(nextBuild) ? [] : [nextBuild];
}

async function buildsOf(
  atc: AtcReader,
  query: ClaimQuery,
  pipeline: PipelineRef,
  job: Job,
): Promise<Build[]> {
  const place = { pipeline, job: job.name };
  const builds = (await atc.nullIfRemoved(place, await atc.api.buildsOfJob(pipeline, job.name))) ?? [];
  // The list shows the newest ones: the oldest living build of a busy job may not be among them.
  const all: readonly Build[] = job.nextBuild === null ? builds : [...builds, job.nextBuild];
  return all.filter((build) => !query.isOurs(build));
}
