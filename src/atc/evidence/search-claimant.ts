import { type Build, isAlive } from '../../core/build.ts';
import type { JobOwner } from '../../core/claim-owner.ts';
import { type PipelineRef, pipelineOf } from '../api/api-requests.ts';
import type { AtcReader } from '../api/atc-reader.ts';
import { buildsOfPipelineSince, LONGEST_BUILD } from '../api/build-lists.ts';
import { findSavedClaims, jobsOf, poolsOf } from '../api/claim-versions.ts';
import { type ClaimQuery, searchedFrom } from './claim-query.ts';
import { buildsThatMade } from './find-takers.ts';
import { cannotBeClaimant } from './named-build.ts';

export interface SearchResult {
  /** Builds that may be the claimant, those that are alive first. */
  readonly candidates: readonly Candidate[];
  /** The pipelines in which the claim's version may be saved. */
  readonly pipelines: readonly PipelineRef[];
}

export interface Candidate {
  readonly build: Build;
  readonly foundBy: 'pipeline' | 'instance' | 'output';
}

/**
 * Nothing that fits under the claim's name. Its build may well be running: its job was removed or renamed, or the
 * message (before v1.7.1 of the pool resource) does not carry the pipeline's instance vars.
 */
export async function searchClaimant(
  atc: AtcReader,
  query: ClaimQuery,
  owner: JobOwner,
  named: PipelineRef,
  nameIsFree: boolean,
): Promise<SearchResult> {
  const fits = (build: Build) => !cannotBeClaimant(build, query.claimedAt);
  const isThere = atc.permitted(named.team, await atc.api.pipeline(named)) !== null;
  const inPipeline = isThere ? await buildsOfPipeline(atc, query, owner, named, nameIsFree) : [];
  const instances = await otherInstances(atc, named);
  const pipelines = [...(isThere ? [named] : []), ...instances];
  if (inPipeline.length > 0) return { candidates: aliveFirst(inPipeline, 'pipeline'), pipelines };
  const inInstances = await buildsByName(atc, owner, instances);
  if (inInstances.some(fits))
    return { candidates: aliveFirst(inInstances.filter(fits), 'instance'), pipelines };
  const makers = await makersOfClaim(atc, query, pipelines);
  const byOutput = makers.filter((build) => isAlive(build) || build.name === owner.build);
  return { candidates: aliveFirst(byOutput, 'output'), pipelines };
}

/** A list of a pipeline's builds also shows those of jobs that were removed. */
async function buildsOfPipeline(
  atc: AtcReader,
  query: ClaimQuery,
  owner: JobOwner,
  pipeline: PipelineRef,
  nameIsFree: boolean,
): Promise<Build[]> {
  const builds = await buildsOfPipelineSince(atc, pipeline, searchedFrom(query) - LONGEST_BUILD);
  const sameNumber = builds.filter(
    (build) => build.name === owner.build && !cannotBeClaimant(build, query.claimedAt),
  );
  const exact = sameNumber.filter(({ job }) => job === owner.job);
  if (exact.length > 0 || !nameIsFree) return exact;
  const alive = sameNumber.filter(isAlive);
  if (alive.length === 0) return [];
  const jobs = await jobsOf(atc, pipeline);
  // A renamed job keeps its numbers. That is a weak identity: good enough for a sign of life, never for one of death.
  return jobs.some(({ name }) => name === owner.job) ? [] : alive;
}

/** The pipelines of the same name with other vars, where the message does not say which one is meant. */
async function otherInstances(atc: AtcReader, named: PipelineRef): Promise<PipelineRef[]> {
  if (named.vars !== null) return [];
  const pipelines = atc.permitted(named.team, await atc.api.pipelinesOf(named.team)) ?? [];
  return pipelines
    .filter(({ name, instanceVars }) => name === named.name && instanceVars !== null)
    .flatMap(({ team, name, instanceVars }) => pipelineOf({ team, pipeline: name, instanceVars }) ?? []);
}

async function buildsByName(
  atc: AtcReader,
  owner: JobOwner,
  pipelines: readonly PipelineRef[],
): Promise<Build[]> {
  const found = await Promise.all(
    pipelines.map(async (pipeline) =>
      atc.permitted(pipeline.team, await atc.api.build(pipeline, owner.job, owner.build)),
    ),
  );
  return found.filter((build) => build !== null);
}

async function makersOfClaim(
  atc: AtcReader,
  query: ClaimQuery,
  pipelines: readonly PipelineRef[],
): Promise<Build[]> {
  const saved = await Promise.all(
    pipelines.map(async (pipeline) =>
      findSavedClaims(atc, pipeline, await poolsOf(atc, pipeline), query.claim),
    ),
  );
  return await buildsThatMade(atc, saved.flat());
}

function aliveFirst(builds: readonly Build[], foundBy: Candidate['foundBy']): Candidate[] {
  return builds
    .toSorted((a, b) => Number(isAlive(b)) - Number(isAlive(a)) || (b.endedAt ?? 0) - (a.endedAt ?? 0))
    .map((build) => ({ build, foundBy }));
}
