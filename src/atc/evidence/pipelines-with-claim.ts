import { type Build, isAlive } from '../../core/build.ts';
import type { FoundBuild } from '../../core/verdict/evidence.ts';
import { isOfPipeline, type PipelineRef } from '../api/api-requests.ts';
import { findSavedClaims, jobsOf, poolsOf, resourceOfStep, type SavedClaim } from '../api/claim-versions.ts';
import type { Look } from '../api/permitted-requests.ts';
import type { Quest } from './claim-query.ts';
import { takersByPlan, takersOfSaved } from './find-takers.ts';
import { findNextInLine } from './jobs-behind.ts';
import type { Proven } from './prove-build.ts';

/** What one pipeline shows of a claim. */
export interface Home {
  /** Those of the possible claimants that are of this pipeline, each with the job that is next after it. */
  readonly claimants: readonly FoundBuild[];
  readonly takers: readonly Build[];
}

/** Who took the claim in this pipeline, and who still may. */
export async function askPipeline(
  look: Look,
  quest: Quest,
  candidates: readonly Proven[],
  pipeline: PipelineRef,
): Promise<Home> {
  const here = candidates.filter(({ found }) => isOfPipeline(found.build, pipeline));
  const resources = await resourcesOfClaim(look, here, pipeline);
  const saved = await findSavedClaims(look, pipeline, resources, quest.claim);
  if (saved.length > 0) return await askHome(look, quest, pipeline, here, saved);
  const takers = await takersByPlan(look, quest, pipeline);
  return await withNext(look, quest, { pipeline, resources, takers }, here);
}

/** The same where it is known already as which version the claim is saved. */
export async function askHome(
  look: Look,
  quest: Quest,
  pipeline: PipelineRef,
  here: readonly Proven[],
  saved: readonly SavedClaim[],
): Promise<Home> {
  const takers = await takersOfSaved(look, quest, saved);
  const resources = saved.map(({ resource }) => resource);
  return await withNext(look, quest, { pipeline, resources, takers }, here);
}

async function withNext(
  look: Look,
  quest: Quest,
  home: {
    readonly pipeline: PipelineRef;
    readonly resources: readonly string[];
    readonly takers: readonly Build[];
  },
  here: readonly Proven[],
): Promise<Home> {
  const { takers } = home;
  const isHeld = takers.some(isAlive);
  const claimants = await Promise.all(
    here.map(async ({ found }) => {
      const passedBy = jobsThatSucceeded(found, takers);
      if (!quest.wantsNext || isHeld || passedBy.size === 0) return found;
      return { ...found, next: await findNextInLine(look, quest, { ...home, passedBy }) };
    }),
  );
  return { claimants, takers };
}

/** The resource that the claimant's `put` used; where nothing tells, every one that may be a pool. */
async function resourcesOfClaim(
  look: Look,
  here: readonly Proven[],
  pipeline: PipelineRef,
): Promise<string[]> {
  const steps = here.flatMap(({ found, step }) => (step === null ? [] : [{ job: found.build.job, step }]));
  const jobs = steps.length === 0 ? [] : await jobsOf(look, pipeline);
  const used = steps.flatMap(
    ({ job, step }) => resourceOfStep(jobs.find(({ name }) => name === job) ?? null, step) ?? [],
  );
  return used.length > 0 ? [...new Set(used)] : await poolsOf(look, pipeline);
}

/** The claimant's job, where it succeeded, and those of the takers that passed its claim on. */
function jobsThatSucceeded(found: FoundBuild, takers: readonly Build[]): Set<string> {
  if (found.build.status !== 'succeeded') return new Set();
  const succeeded = [found.build, ...takers.filter(({ status }) => status === 'succeeded')];
  return new Set(succeeded.flatMap(({ job }) => job ?? []));
}
