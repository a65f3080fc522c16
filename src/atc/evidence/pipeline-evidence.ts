import { type Build, isAlive } from '../../core/build.ts';
import type { FoundBuild } from '../../core/verdict/evidence.ts';
import { isOfPipeline, type PipelineRef } from '../api/api-requests.ts';
import type { AtcReader } from '../api/atc-reader.ts';
import { findSavedClaims, jobsOf, poolsOf, resourceOfStep, type SavedClaim } from '../api/claim-versions.ts';
import type { ClaimQuery } from './claim-query.ts';
import { takersByPlan, takersOfSaved } from './find-takers.ts';
import { findNextInLine } from './jobs-behind.ts';
import type { Proven } from './proof-of-claim.ts';

/** What one pipeline shows of a claim. */
export interface PipelineEvidence {
  /** Those of the possible claimants that are of this pipeline, each with the job that is next after it. */
  readonly claimants: readonly FoundBuild[];
  readonly takers: readonly Build[];
}

/** Who took the claim in this pipeline, and who still may. */
export async function askPipeline(
  atc: AtcReader,
  query: ClaimQuery,
  candidates: readonly Proven[],
  pipeline: PipelineRef,
): Promise<PipelineEvidence> {
  const here = candidates.filter(({ found }) => isOfPipeline(found.build, pipeline));
  const resources = await resourcesOfClaim(atc, here, pipeline);
  const saved = await findSavedClaims(atc, pipeline, resources, query.claim);
  if (saved.length > 0) return await askWhereSaved(atc, query, pipeline, here, saved);
  const takers = await takersByPlan(atc, query, pipeline);
  return await withNext(atc, query, { pipeline, resources, takers }, here);
}

/** The same where it is known already as which version the claim is saved. */
export async function askWhereSaved(
  atc: AtcReader,
  query: ClaimQuery,
  pipeline: PipelineRef,
  here: readonly Proven[],
  saved: readonly SavedClaim[],
): Promise<PipelineEvidence> {
  const takers = await takersOfSaved(atc, query, saved);
  const resources = saved.map(({ resource }) => resource);
  return await withNext(atc, query, { pipeline, resources, takers }, here);
}

async function withNext(
  atc: AtcReader,
  query: ClaimQuery,
  seen: {
    readonly pipeline: PipelineRef;
    readonly resources: readonly string[];
    readonly takers: readonly Build[];
  },
  here: readonly Proven[],
): Promise<PipelineEvidence> {
  const { takers } = seen;
  const isHeld = takers.some(isAlive);
  const claimants = await Promise.all(
    here.map(async ({ found }) => {
      const passedBy = jobsThatSucceeded(found, takers);
      if (!query.wantsNext || isHeld || passedBy.size === 0) return found;
      return { ...found, next: await findNextInLine(atc, query, { ...seen, passedBy }) };
    }),
  );
  return { claimants, takers };
}

/** The resource that the claimant's `put` used; where nothing tells, every one that may be a pool. */
async function resourcesOfClaim(
  atc: AtcReader,
  here: readonly Proven[],
  pipeline: PipelineRef,
): Promise<string[]> {
  const steps = here.flatMap(({ found, step }) => (step === null ? [] : [{ job: found.build.job, step }]));
  const jobs = steps.length === 0 ? [] : await jobsOf(atc, pipeline);
  const used = steps.flatMap(
    ({ job, step }) => resourceOfStep(jobs.find(({ name }) => name === job) ?? null, step) ?? [],
  );
  return used.length > 0 ? [...new Set(used)] : await poolsOf(atc, pipeline);
}

/** The claimant's job, where it succeeded, and those of the takers that passed its claim on. */
function jobsThatSucceeded(found: FoundBuild, takers: readonly Build[]): Set<string> {
  if (found.build.status !== 'succeeded') return new Set();
  const succeeded = [found.build, ...takers.filter(({ status }) => status === 'succeeded')];
  return new Set(succeeded.flatMap(({ job }) => job ?? []));
}
