import { type Build, isAlive } from '../../core/build.ts';
import type { FoundBuild, NextJob, Withheld } from '../../core/verdict/evidence.ts';
import { isAnotherBuild } from '../../core/verdict/proof-of-death.ts';
import { isOfPipeline, type PipelineRef } from '../api/api-requests.ts';
import type { AtcReader } from '../api/atc-reader.ts';
import { findSavedClaims, jobsOf, poolsOf, resourceOfStep, type SavedClaim } from '../api/claim-versions.ts';
import type { ClaimQuery } from './claim-query.ts';
import { buildsThatMade, passersFirst, takersOfSaved } from './find-takers.ts';
import { findNextJobs } from './jobs-behind.ts';
import { mayBeNamedBy } from './named-build.ts';
import { foundByOutput, type Proven } from './proof-of-claim.ts';
import { takersByPlan } from './takers-by-plan.ts';

/** What one pipeline shows of a claim. */
export interface PipelineEvidence {
  /** Those of this pipeline's builds that may have made the claim. */
  readonly claimants: readonly FoundBuild[];
  readonly takers: readonly Build[];
  readonly next: readonly NextJob[];
  readonly withheld: Withheld | null;
}

/** Who took the claim in this pipeline, and who still can. */
export async function askPipeline(
  atc: AtcReader,
  query: ClaimQuery,
  candidates: readonly Proven[],
  pipeline: PipelineRef,
): Promise<PipelineEvidence> {
  const here = candidates.filter(({ found }) => isOfPipeline(found.build, pipeline));
  const resources = await resourcesOfClaim(atc, here, pipeline);
  const saved = await findSavedClaims(atc, pipeline, resources, query.claim);
  const claimants = here.map(({ found }) => found);
  if (saved.length > 0) return await askWhereSaved(atc, query, pipeline, claimants, saved);
  const takers = await takersByPlan(atc, query, pipeline);
  return await evidenceOf(atc, query, { pipeline, resources, saved, takers }, claimants);
}

/** The same where it is known already as which version the claim is saved. */
export async function askWhereSaved(
  atc: AtcReader,
  query: ClaimQuery,
  pipeline: PipelineRef,
  known: readonly FoundBuild[],
  saved: readonly SavedClaim[],
): Promise<PipelineEvidence> {
  const [takers, makers] = await Promise.all([
    takersOfSaved(atc, query, saved),
    known.some(({ madeTheClaim }) => madeTheClaim) ? [] : findMakers(atc, query, saved),
  ]);
  const others = known.filter(({ build }) => !makers.some((made) => made.build.id === build.id));
  const resources = [...new Set(saved.map(({ resource }) => resource))];
  return await evidenceOf(atc, query, { pipeline, resources, saved, takers }, [...others, ...makers]);
}

/**
 * Builds that have the claim as an output. A `put` with `check` can have somebody's claim as its output, too: an ended
 * build that the message cannot mean is one of those.
 */
async function findMakers(
  atc: AtcReader,
  query: ClaimQuery,
  saved: readonly SavedClaim[],
): Promise<FoundBuild[]> {
  const makers = await buildsThatMade(atc, saved);
  return makers
    .filter((build) => isAlive(build) || mayBeNamedBy(query.claim.owner, build))
    .map(foundByOutput);
}

interface Shown {
  readonly pipeline: PipelineRef;
  readonly resources: readonly string[];
  readonly saved: readonly SavedClaim[];
  readonly takers: readonly Build[];
}

async function evidenceOf(
  atc: AtcReader,
  query: ClaimQuery,
  shown: Shown,
  claimants: readonly FoundBuild[],
): Promise<PipelineEvidence> {
  const takers =
    shown.takers.length < 2 ? shown.takers : passersFirst(shown.takers, await jobsOf(atc, shown.pipeline));
  const passedBy = jobsThatSucceeded(query, claimants, takers);
  const isHeld = [...takers, ...claimants.map(({ build }) => build)].some(isAlive);
  if (!query.wantsNext || isHeld || passedBy.size === 0)
    return { claimants, takers, next: [], withheld: null };
  return { claimants, takers, ...(await findNextJobs(atc, query, { ...shown, takers, passedBy })) };
}

/** The jobs that have succeeded with the claim, by making it or by taking it, and the build of each that did. */
function jobsThatSucceeded(
  { claimedAt }: ClaimQuery,
  claimants: readonly FoundBuild[],
  takers: readonly Build[],
): ReadonlyMap<string, Build> {
  const makers = claimants.filter((found) => !isAnotherBuild(found, claimedAt)).map(({ build }) => build);
  const succeeded = [...takers, ...makers]
    .filter(({ status }) => status === 'succeeded')
    .toSorted(newestLast);
  return new Map(succeeded.flatMap((build) => (build.job === null ? [] : [[build.job, build] as const])));
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

/** Of several builds of one job the newest counts: it is the last in the order in which versions are passed on. */
function newestLast(a: Build, b: Build): number {
  return a.id - b.id;
}
