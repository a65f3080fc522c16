import type { Job } from '../api/answer-schemas.ts';
import type { PipelineRef } from '../api/api-requests.ts';
import type { AtcReader } from '../api/atc-reader.ts';
import { claimMatcher, onlyRef, type SavedClaim } from '../api/claim-versions.ts';
import type { ClaimQuery } from './claim-query.ts';

/** What the next build of a job would take of the claim's resource. */
export type NextInputs =
  | { readonly kind: 'the-claim' }
  /**
   * A claim that Concourse came to know before this one. With `version: every`, which no answer tells, the job takes
   * one after the other, and this one follows.
   */
  | { readonly kind: 'older' }
  | { readonly kind: 'newer' }
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
}

export async function readNextInputs(
  atc: AtcReader,
  query: ClaimQuery,
  { pipeline, resources, saved }: Place,
  job: Job,
): Promise<NextInputs> {
  // Needs a role, also where the pipeline is public.
  if (atc.isAnonymous) return { kind: 'unknown' };
  const answer = await atc.api.nextInputs(pipeline, job.name);
  if (answer.kind === 'missing') return await whyMissing(atc, pipeline, job, saved);
  if (answer.kind === 'failing') return { kind: 'failing' };
  const inputs = atc.permitted(pipeline.team, answer);
  if (inputs === null) return { kind: 'unknown' };
  const isClaim = claimMatcher(query.claim);
  const steps = job.inputs.filter(({ resource }) => resources.includes(resource));
  const shown = steps.flatMap(({ name, resource }) => {
    const input = inputs.find((one) => one.name === name);
    return input === undefined ? [] : [{ resource, version: input.version }];
  });
  if (shown.some(({ version }) => isClaim(version))) return { kind: 'the-claim' };
  // The step is not among the stored inputs, as after it was renamed: what will be taken is not determined.
  if (shown.length < steps.length) return saved.length === 0 ? { kind: 'unknown' } : { kind: 'undetermined' };
  const ages = await Promise.all(
    shown.map(async ({ resource, version }) => {
      const ours = saved.find((one) => one.resource === resource);
      const ref = onlyRef(version);
      if (ours === undefined || ref === null) return 'newer' as const;
      const answered = await atc.api.versions(pipeline, resource, ref);
      const versions = (await atc.nullIfRemoved({ pipeline, resource }, answered)) ?? [];
      return versions.some((one) => onlyRef(one.version) === ref && one.id < ours.version)
        ? 'older'
        : 'newer';
    }),
  );
  return { kind: ages.includes('older') ? 'older' : 'newer' };
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
