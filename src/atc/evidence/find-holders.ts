import { type Build, isAlive } from '../../core/build.ts';
import { type Asked, claimantAmong, type FoundBuild, provesDeath } from '../../core/verdict/evidence.ts';
import { type PipelineRef, pipelineOf } from '../api/api-requests.ts';
import type { Look } from '../api/permitted-requests.ts';
import type { Quest } from './claim-query.ts';
import { searchClaimant } from './find-claimant.ts';
import { buildByName, cannotBeClaimant, namedPipeline, nameOnly } from './named-build.ts';
import { askPipeline } from './pipelines-with-claim.ts';
import { type Proven, proveBuild } from './prove-build.ts';

/** First depth: the build that the claim names. */
export async function askClaimant(look: Look, quest: Quest): Promise<Asked> {
  const build = await buildByName(look, quest.claim.owner, quest.defaultTeam);
  return { ...answer(look, quest, build === null ? [] : [nameOnly(build)]), depth: 'claimant' };
}

/** Second depth: who else may hold the lock, and what proves that the claimant ended. */
export async function askHolders(look: Look, quest: Quest): Promise<Asked> {
  const { owner } = quest.claim;
  const named = await buildByName(look, owner, quest.defaultTeam);
  if (named !== null && isAlive(named)) return answer(look, quest, [nameOnly(named)]);
  const { candidates, pipelines } = await findClaimant(look, quest, named);
  const found = candidates.map((one) => one.found);
  if (found.some(({ build }) => isAlive(build))) return answer(look, quest, found);
  const homes = await Promise.all(pipelines.map((one) => askPipeline(look, quest, candidates, one)));
  const atHome = homes.flatMap(({ claimants }) => claimants);
  const homeless = found.filter(({ build }) => !atHome.some((one) => one.build.id === build.id));
  return answer(
    look,
    quest,
    [...atHome, ...homeless],
    homes.flatMap(({ takers }) => takers),
  );
}

interface Found {
  /** The builds that may be the claimant, and what ties each to the claim. */
  readonly candidates: readonly Proven[];
  /** The pipelines in which the claim may be handed on. */
  readonly pipelines: readonly PipelineRef[];
}

async function findClaimant(look: Look, quest: Quest, named: Build | null): Promise<Found> {
  const { owner } = quest.claim;
  if (named !== null) {
    const proven = await proveBuild(look, quest, named, 'name');
    // Its times may rule the name out, but never an output: the clock of the worker that claimed may lag.
    if (proven.found.madeTheClaim || !cannotBeClaimant(named, quest.claimedAt))
      return { candidates: [proven], pipelines: pipelinesOf(named) };
  }
  if (owner.kind !== 'job') return { candidates: [], pipelines: [] };
  const pipeline = namedPipeline(owner, quest.defaultTeam);
  const { candidates, pipelines } = await searchClaimant(look, quest, owner, pipeline, named === null);
  const proven = await Promise.all(
    candidates.map(({ build, foundBy }) => proveBuild(look, quest, build, foundBy)),
  );
  const best = proven.some(({ found }) => isAlive(found.build))
    ? undefined
    : proven.find(({ found }) => provesDeath(found, quest.claimedAt));
  // As long as nothing proves which one it is, the claim may be handed on wherever one of them is at home.
  return best === undefined
    ? { candidates: proven, pipelines }
    : { candidates: [best], pipelines: pipelinesOf(best.found.build) };
}

function pipelinesOf(build: Build): PipelineRef[] {
  const pipeline = pipelineOf(build);
  return pipeline === null ? [] : [pipeline];
}

function answer(
  look: Look,
  { claimedAt }: Quest,
  candidates: readonly FoundBuild[],
  takers: readonly Build[] = [],
): Asked {
  return {
    kind: 'asked',
    depth: 'holders',
    claimant: claimantAmong(candidates, claimedAt),
    takers,
    forbidden: look.forbidden(),
    unread: look.unread(),
  };
}
