import { mayBePool } from '../../core/pools/pool-types.ts';
import type { Resource } from '../api/answer-schemas.ts';
import { isOfPipeline, NEWEST_VERSIONS, type PipelineRef, pipelineOf } from '../api/api-requests.ts';
import type { AtcReader } from '../api/atc-reader.ts';
import { claimMatcher, findSavedClaims, type SavedClaim } from '../api/claim-versions.ts';
import type { ClaimQuery } from './claim-query.ts';

/** The resources of one pipeline that may be pools. */
export interface PoolsOfPipeline {
  readonly pipeline: PipelineRef;
  readonly resources: readonly string[];
}

/** Of everything that the account can see. */
export async function allPoolResources(atc: AtcReader): Promise<Resource[]> {
  const resources = atc.mustExist(null, await atc.api.allResources()) ?? [];
  return resources.filter(({ type }) => mayBePool(type));
}

export function groupByPipeline(pools: readonly Resource[]): PoolsOfPipeline[] {
  const pipelines = new Map(pools.map((pool) => [JSON.stringify(pipelineOf(pool)), pipelineOf(pool)]));
  return [...pipelines.values()].flatMap((pipeline) =>
    pipeline === null
      ? []
      : [
          {
            pipeline,
            resources: pools.filter((pool) => isOfPipeline(pool, pipeline)).map(({ name }) => name),
          },
        ],
  );
}

/**
 * The claim's versions among these resources, by one list of each, which serves every claim of a judgement. Only where
 * a list is full the version is asked for by itself.
 */
export async function findListedClaims(
  atc: AtcReader,
  { claim }: ClaimQuery,
  { pipeline, resources }: PoolsOfPipeline,
): Promise<SavedClaim[]> {
  const isClaim = claimMatcher(claim);
  const found = await Promise.all(
    resources.map(async (resource) => {
      const answer = await atc.api.newestVersions(pipeline, resource);
      const versions = (await atc.nullIfRemoved({ pipeline, resource }, answer)) ?? [];
      const listed = versions.filter(({ version }) => isClaim(version));
      if (listed.length === 0 && versions.length >= NEWEST_VERSIONS)
        return await findSavedClaims(atc, pipeline, [resource], claim);
      return listed.map(({ id, enabled }) => ({ pipeline, resource, version: id, isEnabled: enabled }));
    }),
  );
  return found.flat();
}
