import { isAlive } from '../../core/build.ts';
import type { Asked, FoundBuild } from '../../core/verdict/evidence.ts';
import { candidatesOf, claimantAmong } from '../../core/verdict/rank-claimants.ts';
import type { Job, Resource } from '../api/answer-schemas.ts';
import { isOfPipeline, type PipelineRef, pipelineOf } from '../api/api-requests.ts';
import type { AtcReader } from '../api/atc-reader.ts';
import { findSavedClaims, mayBePool } from '../api/claim-versions.ts';
import type { ClaimQuery } from './claim-query.ts';
import { uniqueBuilds } from './find-takers.ts';
import { askWhereSaved, type PipelineEvidence } from './pipeline-evidence.ts';
import { proveBuild } from './proof-of-claim.ts';
import { makersOf } from './search-claimant.ts';

/**
 * A pipeline that was renamed after the claim answers to the claim's name no more, and its builds may have handed the
 * lock on. So, while nothing proves which build claimed, the version is looked for in all that may be pools.
 */
export async function searchAllPipelines(
  atc: AtcReader,
  query: ClaimQuery,
  asked: Asked,
  pools: readonly Resource[],
): Promise<Asked> {
  const { owner } = query.claim;
  const known = candidatesOf(asked.claimant);
  if (owner.kind !== 'job' || known.some(({ madeTheClaim }) => madeTheClaim)) return asked;
  if (known.some(({ build }) => isAlive(build)) || asked.takers.some(isAlive)) return asked;
  // A pipeline can be renamed, but not given to another team.
  const team = owner.team ?? query.defaultTeam;
  const inPipelines = await Promise.all(
    groupByPipeline(pools.filter((pool) => pool.team === team)).map(({ pipeline, resources }) =>
      askIfSaved(atc, query, owner.build, pipeline, resources),
    ),
  );
  const found = inPipelines.flatMap(({ claimants }) => claimants).filter((one) => !known.some(isSame(one)));
  return {
    ...asked,
    claimant:
      known.length + found.length === 0
        ? asked.claimant
        : claimantAmong([...known, ...found], query.claimedAt),
    takers: uniqueBuilds([...asked.takers, ...inPipelines.flatMap(({ takers }) => takers)]),
    forbidden: asked.forbidden ?? atc.forbidden(),
    unread: asked.unread ?? atc.unread(),
  };
}

/** What may be handed on: a resource that some job takes. Most custom types are notifications, which nobody does. */
export function takenPoolResources(resources: readonly Resource[], jobs: readonly Job[]): Resource[] {
  const keyOf = (row: Resource | Job, name: string) => JSON.stringify([pipelineOf(row), name]);
  const taken = new Set(jobs.flatMap((job) => job.inputs.map(({ resource }) => keyOf(job, resource))));
  return resources.filter((one) => mayBePool(one.type) && taken.has(keyOf(one, one.name)));
}

async function askIfSaved(
  atc: AtcReader,
  query: ClaimQuery,
  buildName: string,
  pipeline: PipelineRef,
  resources: readonly string[],
): Promise<PipelineEvidence> {
  const saved = await findSavedClaims(atc, pipeline, resources, query.claim);
  if (saved.length === 0) return { claimants: [], takers: [] };
  const makers = (await Promise.all(saved.map((claim) => makersOf(atc, claim)))).flat();
  const named = uniqueBuilds(makers).filter(({ name }) => name === buildName);
  const proven = await Promise.all(named.map((build) => proveBuild(atc, query, build, 'output')));
  return await askWhereSaved(atc, query, pipeline, proven, saved);
}

function groupByPipeline(pools: readonly Resource[]) {
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

/** Of two Concourses builds may have one number. */
function isSame({ build }: FoundBuild): (other: FoundBuild) => boolean {
  return (other) =>
    other.build.id === build.id &&
    other.build.pipeline === build.pipeline &&
    other.build.startedAt === build.startedAt;
}
