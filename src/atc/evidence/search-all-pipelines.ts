import { isAlive, isSameBuild } from '../../core/build.ts';
import { CLOCK_TOLERANCE } from '../../core/time.ts';
import type { Asked, FoundBuild } from '../../core/verdict/evidence.ts';
import { candidatesOf, claimantAmong } from '../../core/verdict/rank-claimants.ts';
import { isOfPipeline, pipelineOf } from '../api/api-requests.ts';
import type { AtcReader } from '../api/atc-reader.ts';
import { uniqueBuilds } from '../api/build-lists.ts';
import type { ClaimQuery } from './claim-query.ts';
import type { Seen, TakenPool } from './last-look.ts';
import { askWhereSaved, type PipelineEvidence } from './pipeline-evidence.ts';
import type { WasSetSince } from './pipelines-set.ts';
import { findListedClaims, groupByPipeline, type PoolsOfPipeline } from './pool-resources.ts';

const NOTHING: PipelineEvidence = { claimants: [], takers: [], next: [], withheld: null };

/**
 * Before a lock is released its claim's version is looked for in all resources that may be pools and that a job takes,
 * of every team that the account can see: a pipeline or a team that was renamed answers to the claim's name no more,
 * and a job of any pipeline can have taken the version and passed it on. Where the claimant is settled only jobs
 * without `passed` can have brought it into another pipeline: those that have none now, and those of a pipeline that
 * was set again since the claim, which may have had none then.
 */
export async function searchAllPipelines(
  atc: AtcReader,
  query: ClaimQuery,
  asked: Asked,
  { pools, wasSetSince }: Pick<Seen, 'pools' | 'wasSetSince'>,
): Promise<Asked> {
  const known = candidatesOf(asked.claimant);
  if (known.some(({ build }) => isAlive(build)) || asked.takers.some(isAlive)) return asked;
  const isSettled = known.some(({ madeTheClaim }) => madeTheClaim);
  const asking = isSettled ? await poolsElsewhere(query, known, pools, wasSetSince) : pools;
  const shown = await Promise.all(groupByPipeline(asking).map((one) => askIfSaved(atc, query, one)));
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

/** The pools of other pipelines than the claimant's that can have come to the claim without its pipeline. */
async function poolsElsewhere(
  { claimedAt }: ClaimQuery,
  claimants: readonly FoundBuild[],
  pools: readonly TakenPool[],
  wasSetSince: WasSetSince,
): Promise<TakenPool[]> {
  const since = claimedAt === null ? null : claimedAt - CLOCK_TOLERANCE;
  const elsewhere = pools.filter((pool) => {
    const pipeline = pipelineOf(pool);
    return pipeline !== null && !claimants.some(({ build }) => isOfPipeline(build, pipeline));
  });
  const isAsked = await Promise.all(
    elsewhere.map(async (pool) => pool.isTakenFreely || (await wasSetSince(pool, since))),
  );
  return elsewhere.filter((_, at) => isAsked[at]);
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
