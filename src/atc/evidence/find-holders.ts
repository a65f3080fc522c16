import { type Build, isAlive } from '../../core/build.ts';
import type { Asked, FoundBuild } from '../../core/verdict/evidence.ts';
import { provesDeath } from '../../core/verdict/proof-of-death.ts';
import { claimantAmong } from '../../core/verdict/rank-claimants.ts';
import { type PipelineRef, pipelineOf } from '../api/api-requests.ts';
import type { AtcReader } from '../api/atc-reader.ts';
import type { ClaimQuery } from './claim-query.ts';
import { buildByName, cannotBeClaimant, namedPipeline, nameOnly } from './named-build.ts';
import { askPipeline } from './pipeline-evidence.ts';
import { type Proven, proveBuild } from './proof-of-claim.ts';
import { searchClaimant } from './search-claimant.ts';

/** First depth: the build that the claim names. */
export async function askClaimant(atc: AtcReader, query: ClaimQuery): Promise<Asked> {
  const build = await buildByName(atc, query.claim.owner, query.defaultTeam);
  return { ...answer(atc, query, build === null ? [] : [nameOnly(build)]), depth: 'claimant' };
}

/** Second depth: who else may hold the lock, and what proves that the claimant ended. */
export async function askHolders(atc: AtcReader, query: ClaimQuery): Promise<Asked> {
  const { owner } = query.claim;
  const named = await buildByName(atc, owner, query.defaultTeam);
  if (named !== null && isAlive(named)) return answer(atc, query, [nameOnly(named)]);
  const { candidates, pipelines } = await findClaimant(atc, query, named);
  const found = candidates.map((one) => one.found);
  if (found.some(({ build }) => isAlive(build))) return answer(atc, query, found);
  const inPipelines = await Promise.all(pipelines.map((one) => askPipeline(atc, query, candidates, one)));
  const inOwnPipeline = inPipelines.flatMap(({ claimants }) => claimants);
  const others = found.filter(({ build }) => !inOwnPipeline.some((one) => one.build.id === build.id));
  return answer(
    atc,
    query,
    [...inOwnPipeline, ...others],
    inPipelines.flatMap(({ takers }) => takers),
  );
}

interface Found {
  /** The builds that may be the claimant, and what ties each to the claim. */
  readonly candidates: readonly Proven[];
  /** The pipelines in which the claim may be handed on. */
  readonly pipelines: readonly PipelineRef[];
}

async function findClaimant(atc: AtcReader, query: ClaimQuery, named: Build | null): Promise<Found> {
  const { owner } = query.claim;
  if (named !== null) {
    const proven = await proveBuild(atc, query, named, 'name');
    // Its times may rule the name out, but never an output: the clock of the worker that claimed may lag.
    if (proven.found.madeTheClaim || !cannotBeClaimant(named, query.claimedAt))
      return { candidates: [proven], pipelines: pipelinesOf(named) };
  }
  if (owner.kind !== 'job') return { candidates: [], pipelines: [] };
  const pipeline = namedPipeline(owner, query.defaultTeam);
  const { candidates, pipelines } = await searchClaimant(atc, query, owner, pipeline, named === null);
  const proven = await Promise.all(
    candidates.map(({ build, foundBy }) => proveBuild(atc, query, build, foundBy)),
  );
  const best = proven.some(({ found }) => isAlive(found.build))
    ? undefined
    : proven.find(({ found }) => provesDeath(found, query.claimedAt));
  // As long as nothing proves which one it is, the claim may be handed on wherever one of them belongs.
  return best === undefined
    ? { candidates: proven, pipelines }
    : { candidates: [best], pipelines: pipelinesOf(best.found.build) };
}

function pipelinesOf(build: Build): PipelineRef[] {
  const pipeline = pipelineOf(build);
  return pipeline === null ? [] : [pipeline];
}

function answer(
  atc: AtcReader,
  { claimedAt }: ClaimQuery,
  candidates: readonly FoundBuild[],
  takers: readonly Build[] = [],
): Asked {
  return {
    kind: 'asked',
    depth: 'holders',
    claimant: claimantAmong(candidates, claimedAt),
    takers,
    forbidden: atc.forbidden(),
    unread: atc.unread(),
  };
}
