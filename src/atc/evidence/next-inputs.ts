import { type Build, originalOf } from '../../core/build.ts';
import { describeJob } from '../../core/naming.ts';
import type { Job, Version } from '../api/answer-schemas.ts';
import type { PipelineRef } from '../api/api-requests.ts';
import type { AtcReader } from '../api/atc-reader.ts';
import { claimMatcher, onlyRef, type SavedClaim } from '../api/claim-versions.ts';
import type { ClaimQuery } from './claim-query.ts';
import { buildsThatMade, buildsThatTook } from './find-takers.ts';

/** What the next build of a job would take of the claim's resource. */
export type NextInputs =
  | { readonly kind: 'the-claim' }
  /**
   * A claim that was passed on before this one. With `version: every`, which no answer tells, the job takes one after
   * the other in the order of the builds that passed them, and this one follows.
   */
  | { readonly kind: 'earlier' }
  /** Any other claim. */
  | { readonly kind: 'another' }
  /** Not all of its inputs are there: it waits, for any length of time. */
  | { readonly kind: 'undetermined' }
  /** The ATC fails at this request for as long as the stored inputs do not fit the job's configuration. */
  | { readonly kind: 'failing' }
  /** The account cannot see it. */
  | { readonly kind: 'unknown' };

interface Place {
  readonly pipeline: PipelineRef;
  readonly resources: readonly string[];
  readonly saved: readonly SavedClaim[];
  readonly passedBy: ReadonlyMap<string, Build>;
}

/** `isPaused`: then its stored inputs are those of the time before, and their order says nothing. */
export async function readNextInputs(
  atc: AtcReader,
  query: ClaimQuery,
  place: Place,
  job: Job,
  isPaused: boolean,
): Promise<NextInputs> {
  const { pipeline, resources, saved } = place;
  // Needs a role, also where the pipeline is public.
  if (atc.isAnonymous) return { kind: 'unknown' };
  const answer = await atc.api.nextInputs(pipeline, job.name);
  if (answer.kind === 'missing') return await whyMissing(atc, pipeline, job, saved);
  if (answer.kind === 'failing') return { kind: 'failing' };
  const inputs = atc.permitted(
    { team: pipeline.team, build: `the job ${describeJob({ ...job, job: job.name })}` },
    answer,
  );
  if (inputs === null) return { kind: 'unknown' };
  const isClaim = claimMatcher(query.claim);
  const steps = job.inputs.filter(({ resource }) => resources.includes(resource));
  const shown = steps.flatMap(({ name, resource, passed }) => {
    const input = inputs.find((one) => one.name === name);
    return input === undefined ? [] : [{ resource, passed, version: input.version }];
  });
  if (shown.some(({ version }) => isClaim(version))) return { kind: 'the-claim' };
  // The step is not among the stored inputs, as after it was renamed: what will be taken is not determined.
  if (shown.length < steps.length) return saved.length === 0 ? { kind: 'unknown' } : { kind: 'undetermined' };
  if (isPaused) return { kind: 'another' };
  const earlier = await Promise.all(shown.map((input) => wasPassedEarlier(atc, place, input)));
  return { kind: earlier.includes(true) ? 'earlier' : 'another' };
}

interface ShownInput {
  readonly resource: string;
  readonly passed: readonly string[];
  readonly version: Version;
}

/** Whether a build of one of the `passed` jobs succeeded with this version before one did with the claim. */
async function wasPassedEarlier(
  atc: AtcReader,
  { pipeline, passedBy }: Place,
  { resource, passed, version }: ShownInput,
): Promise<boolean> {
  const ref = onlyRef(version);
  if (ref === null) return false;
  const answer = await atc.api.versions(pipeline, resource, ref);
  const versions = (await atc.nullIfRemoved({ pipeline, resource }, answer)) ?? [];
  const saved = versions
    .filter((one) => onlyRef(one.version) === ref)
    .map(({ id, enabled }) => ({ pipeline, resource, version: id, isEnabled: enabled }));
  const builds = (await Promise.all([buildsThatTook(atc, saved), buildsThatMade(atc, saved)])).flat();
  return builds.some((build) => {
    const ours = build.job === null || !passed.includes(build.job) ? undefined : passedBy.get(build.job);
    return ours !== undefined && build.status === 'succeeded' && originalOf(build) < originalOf(ours);
  });
}

/** Where the claim's version is out of sight of the present source, the scheduler does not see it either. */
async function whyMissing(
  atc: AtcReader,
  pipeline: PipelineRef,
  { name: job }: Job,
  saved: readonly SavedClaim[],
): Promise<NextInputs> {
  if (saved.length === 0) return { kind: 'unknown' };
  const { kind } = await atc.api.exists({ pipeline, job });
  return kind === 'missing' ? { kind: 'unknown' } : { kind: 'undetermined' };
}
