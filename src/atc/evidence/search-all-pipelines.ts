import { isAlive, isSameBuild } from '../../core/build.ts';
import type { Asked } from '../../core/verdict/evidence.ts';
import { candidatesOf, claimantAmong } from '../../core/verdict/rank-claimants.ts';
import { isOfPipeline } from '../api/api-requests.ts';
import type { AtcReader } from '../api/atc-reader.ts';
import { uniqueBuilds } from '../api/build-lists.ts';
import type { ClaimQuery } from './claim-query.ts';
import type { TakenPool } from './last-look.ts';
import { askWhereSaved, type PipelineEvidence } from './pipeline-evidence.ts';
import { findListedClaims, groupByPipeline, type PoolsOfPipeline } from './pool-resources.ts';

const NOTHING: PipelineEvidence = { claimants: [], takers: [], next: [], withheld: null };

/**
 * Before a lock is released its claim's version is looked for in all resources that may be pools and that a job takes,
 * of every team that the account can see: a pipeline or a team that was renamed answers to the claim's name no more,
 * and a job of any pipeline can have taken the version and passed it on. Where the claimant is settled only jobs
 * without `passed` can have brought it into another pipeline.
 */
export async function searchAllPipelines(
  atc: AtcReader,
  query: ClaimQuery,
  asked: Asked,
  pools: readonly TakenPool[],
): Promise<Asked> {
  const known = candidatesOf(asked.claimant);
  if (known.some(({ build }) => isAlive(build)) || asked.takers.some(isAlive)) return asked;
  const isSettled = known.some(({ madeTheClaim }) => madeTheClaim);
  const pipelines = groupByPipeline(pools.filter(({ isTakenFreely }) => isTakenFreely || !isSettled)).filter(
    ({ pipeline }) => !isSettled || !known.some(({ build }) => isOfPipeline(build, pipeline)),
  );
  const shown = await Promise.all(pipelines.map((one) => askIfSaved(atc, query, one)));
  const found = shown.flatMap(({ claimants }) => claimants);
  const candidates = [
    ...known.filter(({ build }) => !found.some((other) => isSameBuild(other.build, build))),
    ...found,
  ];
  return {
    ...asked,
    claimant: candidates.length === 0 ? asked.claimant : claimantAmong(candidates, query.claimedAt),
    takers: uniqueBuilds([...asked.takers, ...shown.flatMap(({ takers }) => takers)]),
    next: [...asked.next, ...shown.flatMap(({ next }) => next)],
    withheld: asked.withheld ?? shown.find(({ withheld }) => withheld !== null)?.withheld ?? null,
    forbidden: asked.forbidden ?? atc.forbidden(),
    unread: asked.unread ?? atc.unread(),
  };
}

/** What a pipeline shows of a claim, where one of its resources has the claim's version. */
export async function askIfSaved(
  atc: AtcReader,
  query: ClaimQuery,
  pools: PoolsOfPipeline,
): Promise<PipelineEvidence> {
  const saved = await findListedClaims(atc, query, pools);
  return saved.length === 0 ? NOTHING : await askWhereSaved(atc, query, pools.pipeline, [], saved);
}
