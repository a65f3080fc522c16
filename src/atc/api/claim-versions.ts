import { type Claim, commitsOf } from '../../core/lock.ts';
import { mayBePool } from '../../core/pools/pool-types.ts';
import type { Job, StepVersion, Version } from './answer-schemas.ts';
import type { PipelineRef } from './api-requests.ts';
import type { AtcReader } from './atc-reader.ts';

/** A claim as Concourse knows it: versions of exactly `{ref}`. Versions with more keys are of other resources. */
export type IsClaim = (version: Version) => boolean;

export function claimMatcher(claim: Claim): IsClaim {
  const refs = new Set(commitsOf(claim));
  return (version) => {
    const ref = onlyRef(version);
    return ref !== null && refs.has(ref);
  };
}

export function onlyRef(version: Version): string | null {
  return Object.keys(version).length === 1 ? (version.ref ?? null) : null;
}

export function stepWith(steps: readonly StepVersion[], isClaim: IsClaim): StepVersion | null {
  return steps.find(({ version }) => isClaim(version)) ?? null;
}

/** Where a claim's version is saved: in which resource, under which number. */
export interface SavedClaim {
  readonly pipeline: PipelineRef;
  readonly resource: string;
  readonly version: number;
  /** No person has disabled it. */
  readonly isEnabled: boolean;
}

/** The claim's versions among these resources. None: not known, since a changed source hides them. */
export async function findSavedClaims(
  atc: AtcReader,
  pipeline: PipelineRef,
  resources: readonly string[],
  claim: Claim,
): Promise<SavedClaim[]> {
  const isClaim = claimMatcher(claim);
  const asked = resources.flatMap((resource) => commitsOf(claim).map((ref) => ({ resource, ref })));
  const found = await Promise.all(
    asked.map(async ({ resource, ref }) => {
      const versions =
        (await atc.nullIfRemoved({ pipeline, resource }, await atc.api.versions(pipeline, resource, ref))) ??
        [];
      return versions
        .filter(({ version }) => isClaim(version))
        .map(({ id, enabled }) => ({ pipeline, resource, version: id, isEnabled: enabled }));
    }),
  );
  return found.flat();
}

/** The resource behind a step's name, by the job's present config. */
export function resourceOfStep(job: Job | null, step: string): string | null {
  return job?.outputs.find(({ name }) => name === step)?.resource ?? null;
}

/** The jobs of a pipeline; none where it has left meanwhile. */
export async function jobsOf(atc: AtcReader, pipeline: PipelineRef): Promise<readonly Job[]> {
  return (await atc.nullIfRemoved({ pipeline }, await atc.api.jobs(pipeline))) ?? [];
}

/** The pipeline's resources that may be pools. */
export async function poolsOf(atc: AtcReader, pipeline: PipelineRef): Promise<string[]> {
  const resources = (await atc.nullIfRemoved({ pipeline }, await atc.api.resources(pipeline))) ?? [];
  return resources.filter(({ type }) => mayBePool(type)).map(({ name }) => name);
}
