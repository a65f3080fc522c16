import { type Build, isAlive } from '../../core/build.ts';
import { type JobOwner, type Owner, readingsOf } from '../../core/claim-owner.ts';
import type { FoundBuild } from '../../core/verdict/evidence.ts';
import { isAnotherBuild } from '../../core/verdict/proof-of-death.ts';
import type { PipelineRef } from '../api/api-requests.ts';
import type { AtcReader } from '../api/atc-reader.ts';
import type { ClaimQuery } from './claim-query.ts';

/** The build that the claim's message names: one request. Null where there is nothing under that name. */
export async function buildByName(atc: AtcReader, owner: Owner, defaultTeam: string): Promise<Build | null> {
  switch (owner.kind) {
    case 'job': {
      const pipeline = namedPipeline(owner, defaultTeam);
      return atc.permitted(pipeline.team, await atc.api.build(pipeline, owner.job, owner.build));
    }
    case 'one-off': {
      const whose = { team: null, build: `build ${owner.build}` };
      const build = atc.permitted(whose, await atc.api.buildById(owner.build));
      // Ids are used for checks, too: a number of another Concourse can be that of one here.
      return build === null || build.isCheck ? null : build;
    }
    case 'person':
    case 'unknown':
      return null;
  }
}

/**
 * What the message names where it is read in another way (a job's name can hold a slash): only pipelines that the team
 * has are asked for it.
 */
export async function buildsByOtherReadings(
  atc: AtcReader,
  { claim: { owner }, defaultTeam }: ClaimQuery,
): Promise<Build[]> {
  if (owner.kind !== 'job') return [];
  const [, ...others] = readingsOf(owner);
  const found = await Promise.all(
    others.map(async (reading) => {
      const team = reading.team ?? defaultTeam;
      const pipelines = atc.permitted(team, await atc.api.pipelinesOf(team)) ?? [];
      if (!pipelines.some(({ name }) => name === reading.pipeline)) return null;
      return await buildByName(atc, reading, defaultTeam);
    }),
  );
  return found.filter((build) => build !== null);
}

export function namedPipeline(owner: JobOwner, defaultTeam: string): PipelineRef {
  return { team: owner.team ?? defaultTeam, name: owner.pipeline, vars: owner.varsQuery };
}

/** A build that its name ties to the claim, and nothing else yet. */
export function nameOnly(build: Build): FoundBuild {
  return { build, foundBy: 'name', namedByUrl: false, madeTheClaim: false, madeAnotherClaim: null };
}

/** Names of builds are used again: this one has begun after the claim, or was aborted before it began. */
export function cannotBeClaimant(build: Build, claimedAt: number | null): boolean {
  return !isAlive(build) && (build.startedAt === null || isAnotherBuild(nameOnly(build), claimedAt));
}

/** Whether a build that has ended can be the one that the message means, by whatever name its job goes now. */
export function mayBeNamedBy(owner: Owner, build: Build): boolean {
  switch (owner.kind) {
    case 'job':
      return build.name === owner.build;
    case 'one-off':
      return String(build.id) === owner.build;
    case 'unknown':
      return true;
    case 'person':
      return false;
  }
}
