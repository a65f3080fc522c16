import { type Build, isAlive } from '../../core/build.ts';
import type { Owner } from '../../core/claim-owner.ts';
import type { FoundBuild } from '../../core/verdict/evidence.ts';
import { isAnotherBuild } from '../../core/verdict/proof-of-death.ts';
import type { PipelineRef } from '../api/api-requests.ts';
import type { AtcReader } from '../api/atc-reader.ts';

/** The build that the claim's message names: one request. */
export async function buildByName(atc: AtcReader, owner: Owner, defaultTeam: string): Promise<Build | null> {
  switch (owner.kind) {
    case 'job': {
      const pipeline = namedPipeline(owner, defaultTeam);
      return atc.permitted(pipeline.team, await atc.api.build(pipeline, owner.job, owner.build));
    }
    case 'one-off':
      return atc.permitted(`of build ${owner.build}`, await atc.api.buildById(owner.build));
    case 'person':
    case 'unknown':
      return null;
  }
}

export function namedPipeline(owner: Owner & { kind: 'job' }, defaultTeam: string): PipelineRef {
  return { team: owner.team ?? defaultTeam, name: owner.pipeline, vars: owner.varsQuery };
}

/** A build that its name ties to the claim, and nothing else yet. */
export function nameOnly(build: Build): FoundBuild {
  const nothingElse = { namedByUrl: false, madeTheClaim: false, madeAnotherClaim: null, next: null };
  return { build, foundBy: 'name', ...nothingElse };
}

/** Names of builds are used again: this one has begun after the claim, or was aborted before it began. */
export function cannotBeClaimant(build: Build, claimedAt: number): boolean {
  return !isAlive(build) && (build.startedAt === null || isAnotherBuild(nameOnly(build), claimedAt));
}
