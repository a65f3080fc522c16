import { type Build, isAlive } from '../../core/build.ts';
import type { Asked, FoundBuild } from '../../core/verdict/evidence.ts';
import { claimantAmong } from '../../core/verdict/rank-claimants.ts';
import { isOfPipeline, type PipelineRef, pipelineOf } from '../api/api-requests.ts';
import type { AtcReader } from '../api/atc-reader.ts';
import { uniqueBuilds } from '../api/build-lists.ts';
import type { ClaimQuery } from './claim-query.ts';
import {
  buildByName,
  buildsByOtherReadings,
  cannotBeClaimant,
  namedPipeline,
  nameOnly,
} from './named-build.ts';
import { askPipeline, type PipelineEvidence } from './pipeline-evidence.ts';
import { allPoolResources, groupByPipeline } from './pool-resources.ts';
import { type Proven, proveBuild } from './proof-of-claim.ts';
import { askIfSaved } from './search-all-pipelines.ts';
import { searchClaimant } from './search-claimant.ts';

/** First depth: the build that the claim names. */
export async function askClaimant(atc: AtcReader, query: ClaimQuery): Promise<Asked> {
  const build = await buildByName(atc, query.claim.owner, query.defaultTeam);
  return { ...answer(atc, query, build === null ? [] : [nameOnly(build)]), depth: 'claimant' };
}

/** Second depth: who else may hold the lock, and what proves that the claimant ended. */
export async function askHolders(atc: AtcReader, query: ClaimQuery): Promise<Asked> {
  const { owner } = query.claim;
  if (owner.kind === 'unknown') return await askByVersion(atc, query);
  const named = await buildByName(atc, owner, query.defaultTeam);
  if (named !== null && isAlive(named)) return answer(atc, query, [nameOnly(named)]);
  const { candidates, pipelines } = await findClaimant(atc, query, named);
  const found = candidates.map((one) => one.found);
  if (found.some(({ build }) => isAlive(build))) return answer(atc, query, found);
  const shown = await Promise.all(pipelines.map((one) => askPipeline(atc, query, candidates, one)));
  const elsewhere = found.filter(({ build }) => !pipelines.some((one) => isOfPipeline(build, one)));
  return answer(atc, query, elsewhere, shown);
}

/**
 * A claim that names nobody: a pool resource of 1.8 or newer on a Concourse before 8.0 leaves its Build URL empty, and
 * a `%` in a name garbles the message. Whoever made it is in the answers all the same, by the claim's version.
 */
async function askByVersion(atc: AtcReader, query: ClaimQuery): Promise<Asked> {
  const pipelines = groupByPipeline(await allPoolResources(atc));
  const shown = await Promise.all(pipelines.map((one) => askIfSaved(atc, query, one)));
  const asked = answer(atc, query, [], shown);
  return asked.claimant.kind === 'not-known' ? { ...asked, claimant: { kind: 'no-build' } } : asked;
}

interface Found {
  /** The builds that may be the claimant, and what ties each to the claim. */
  readonly candidates: readonly Proven[];
  /** The pipelines in which the claim may be handed on. */
  readonly pipelines: readonly PipelineRef[];
}

async function findClaimant(atc: AtcReader, query: ClaimQuery, named: Build | null): Promise<Found> {
  const { owner } = query.claim;
  const prove = (build: Build, foundBy: FoundBuild['foundBy']) => proveBuild(atc, query, build, foundBy);
  const byName = named === null ? [] : [await prove(named, 'name')];
  // Its times may rule the name out, but never an output: the clock of the worker that claimed may lag.
  if (byName.some(({ found }) => found.madeTheClaim)) return foundOnly(byName);
  const others = await buildsByOtherReadings(atc, query);
  const read = [...byName, ...(await Promise.all(others.map((build) => prove(build, 'name'))))];
  if (owner.kind !== 'job' || read.some(({ found }) => found.madeTheClaim || mayBeIt(found, query)))
    return foundOnly(read.filter(({ found }) => found.madeTheClaim || mayBeIt(found, query)));
  const pipeline = namedPipeline(owner, query.defaultTeam);
  const { candidates, pipelines } = await searchClaimant(atc, query, owner, pipeline, named === null);
  const proven = await Promise.all(candidates.map(({ build, foundBy }) => prove(build, foundBy)));
  const made = proven.filter(({ found }) => found.madeTheClaim);
  // As long as nothing settles which one it is, the claim may be handed on wherever one of them belongs.
  return made.length === 1 && !proven.some(({ found }) => isAlive(found.build))
    ? foundOnly(made)
    : { candidates: proven, pipelines };
}

function mayBeIt({ build }: FoundBuild, { claimedAt }: ClaimQuery): boolean {
  return !cannotBeClaimant(build, claimedAt);
}

function foundOnly(candidates: readonly Proven[]): Found {
  const pipelines = candidates.flatMap(({ found }) => pipelineOf(found.build) ?? []);
  const unique = new Map(pipelines.map((pipeline) => [JSON.stringify(pipeline), pipeline]));
  return { candidates, pipelines: [...unique.values()] };
}

function answer(
  atc: AtcReader,
  { claimedAt }: ClaimQuery,
  found: readonly FoundBuild[],
  shown: readonly PipelineEvidence[] = [],
): Asked {
  const candidates = [...shown.flatMap(({ claimants }) => claimants), ...found];
  return {
    kind: 'asked',
    depth: 'holders',
    claimant: claimantAmong(candidates, claimedAt),
    takers: uniqueBuilds(shown.flatMap(({ takers }) => takers)),
    next: shown.flatMap(({ next }) => next),
    withheld: shown.find(({ withheld }) => withheld !== null)?.withheld ?? null,
    forbidden: atc.forbidden(),
    unread: atc.unread(),
  };
}
