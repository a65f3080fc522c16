import { type Build, isAlive } from '../core/build.ts';
import type { Asked, Claimant, FoundBuild, NextInLine } from '../core/evidence.ts';
import { isAnotherBuild, provesDeath } from '../core/evidence.ts';
import { findSavedClaims, poolsOf, resourceOfStep } from './claim-versions.ts';
import { buildByName, cannotBeClaimant, namedPipeline } from './claimant.ts';
import type { Look } from './look.ts';
import { findNextInLine } from './next-in-line.ts';
import { type Proven, proveBuild } from './proof.ts';
import type { Quest } from './quest.ts';
import { type PipelineRef, pipelineOf } from './questions.ts';
import { searchClaimant } from './search.ts';
import { takersByPlan, takersOfSaved } from './takers.ts';

/** First depth: the build that the claim names. */
export async function askClaimant(look: Look, quest: Quest): Promise<Asked> {
  const build = await buildByName(look, quest.claim.owner, quest.defaultTeam);
  const found = build === null ? null : nameOnly(build);
  return { ...nothing(look, found), depth: 'claimant' };
}

/** Second depth: who else may hold the lock, and what proves that the claimant ended. */
export async function askHolders(look: Look, quest: Quest): Promise<Asked> {
  const { owner } = quest.claim;
  const named = await buildByName(look, owner, quest.defaultTeam);
  if (named !== null && isAlive(named)) return nothing(look, nameOnly(named));
  const { proven, pipelines } = await findClaimant(look, quest, named);
  if (proven !== null && isAlive(proven.found.build)) return nothing(look, proven.found);
  const homes = await Promise.all(pipelines.map((pipeline) => askPipeline(look, quest, proven, pipeline)));
  return {
    ...nothing(look, proven?.found ?? null),
    takers: homes.flatMap(({ takers }) => takers),
    next: homes.find(({ next }) => next !== null)?.next ?? null,
    forbidden: look.forbidden(),
  };
}

/** The claimant and what ties it to the claim, and the pipelines in which the claim may be handed on. */
async function findClaimant(
  look: Look,
  quest: Quest,
  named: Build | null,
): Promise<{ proven: Proven | null; pipelines: readonly PipelineRef[] }> {
  const { owner } = quest.claim;
  if (named !== null && !cannotBeClaimant(named, quest.claimedAt)) {
    return { proven: await proveBuild(look, quest, named, 'name'), pipelines: pipelinesOf(named) };
  }
  if (owner.kind !== 'job') return { proven: null, pipelines: [] };
  const pipeline = namedPipeline(owner, quest.defaultTeam);
  const { candidates, pipelines } = await searchClaimant(look, quest, owner, pipeline, named === null);
  const [first] = candidates;
  if (first !== undefined && isAlive(first.build)) {
    return { proven: await proveBuild(look, quest, first.build, first.foundBy), pipelines };
  }
  const proven = await Promise.all(
    candidates.map(({ build, foundBy }) => proveBuild(look, quest, build, foundBy)),
  );
  const best = proven.find(({ found }) => provesDeath(found, quest.claimedAt)) ?? proven[0] ?? null;
  return { proven: best, pipelines: best === null ? pipelines : pipelinesOf(best.found.build) };
}

interface Home {
  readonly takers: readonly Build[];
  readonly next: NextInLine | null;
}

/** Who took the claim in this pipeline, and who still may. */
async function askPipeline(
  look: Look,
  quest: Quest,
  proven: Proven | null,
  pipeline: PipelineRef,
): Promise<Home> {
  const resources = await resourcesOfClaim(look, proven, pipeline);
  const saved = await findSavedClaims(look, pipeline, resources, quest.claim);
  const takers =
    saved.length === 0 ? await takersByPlan(look, quest, pipeline) : await takersOfSaved(look, quest, saved);
  const passedBy = jobsThatSucceeded(quest, proven, takers);
  if (!quest.wantsNext || passedBy.size === 0 || takers.some(isAlive)) return { takers, next: null };
  const holding = saved.length === 0 ? resources : saved.map(({ resource }) => resource);
  return {
    takers,
    next: await findNextInLine(look, quest, { pipeline, passedBy, resources: holding, takers }),
  };
}

/** The resource that the claimant's `put` used; where nothing tells, every one that may be a pool. */
async function resourcesOfClaim(look: Look, proven: Proven | null, pipeline: PipelineRef): Promise<string[]> {
  if (proven !== null && proven.step !== null) {
    const jobs = look.surely(pipeline.team, await look.questions.jobs(pipeline)) ?? [];
    const job = jobs.find(({ name }) => name === proven.found.build.job) ?? null;
    const resource = resourceOfStep(job, proven.step);
    if (resource !== null) return [resource];
  }
  return await poolsOf(look, pipeline);
}

/** The claimant's job, where it succeeded, and those of the takers that passed its claim on. */
function jobsThatSucceeded(
  { claimedAt }: Quest,
  proven: Proven | null,
  takers: readonly Build[],
): Set<string> {
  if (proven === null || isAnotherBuild(proven.found.build, claimedAt)) return new Set();
  if (proven.found.build.status !== 'succeeded') return new Set();
  const succeeded = [proven.found.build, ...takers.filter(({ status }) => status === 'succeeded')];
  return new Set(succeeded.flatMap(({ job }) => job ?? []));
}

function pipelinesOf(build: Build): PipelineRef[] {
  const pipeline = pipelineOf(build);
  return pipeline === null ? [] : [pipeline];
}

function nameOnly(build: Build): FoundBuild {
  return { build, foundBy: 'name', namedByUrl: false, madeTheClaim: false, madeAnotherClaim: null };
}

function nothing(look: Look, found: FoundBuild | null): Asked {
  const claimant: Claimant = found === null ? { kind: 'not-known' } : { kind: 'found', found };
  return { kind: 'asked', depth: 'holders', claimant, takers: [], next: null, forbidden: look.forbidden() };
}
