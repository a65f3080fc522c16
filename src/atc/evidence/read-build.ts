import { type Build, originalOf } from '../../core/build.ts';
import { describeBuild } from '../../core/naming.ts';
import { CLOCK_TOLERANCE } from '../../core/time.ts';
import type { Forbidden, FoundBuild } from '../../core/verdict/evidence.ts';
import { provesDeath } from '../../core/verdict/proof-of-death.ts';
import type { Job, StepVersion, Version } from '../api/answer-schemas.ts';
import type { AtcReader } from '../api/atc-reader.ts';
import { getsInPlan } from '../api/build-plan.ts';
import { resourceOfStep } from '../api/claim-versions.ts';
import type { ClaimQuery } from './claim-query.ts';
import { mayBeNamedBy } from './named-build.ts';

/** A build that may be at work, and what it has: the versions that it took and made. */
export interface ReadBuild {
  readonly build: Build;
  readonly took: readonly Version[];
  readonly made: readonly Version[];
  /** It may have put something into a pool that is not shown: nothing yet, or its versions are out of sight. */
  readonly mayHideOutput: boolean;
  /** What the account is not permitted to see of it, though a claim may be there. */
  readonly hidden: Forbidden | null;
}

/** What is known of the job that a build is of. */
export interface JobOfBuild {
  /** As it is configured now; null where it was removed, or the build is of none. */
  readonly job: Job | null;
  readonly mayBePoolNamed: (resource: string) => boolean;
  /** Whether its pipeline was set again after the build started: then the build may have steps that the job has no more. */
  readonly wasSetSince: () => Promise<boolean>;
}

/**
 * What a build took and made. Where an input is out of sight (rotated credentials, a new image of a custom type), its
 * plan tells.
 */
export async function readBuild(
  atc: AtcReader,
  build: Build,
  { job, mayBePoolNamed, wasSetSince }: JobOfBuild,
): Promise<ReadBuild> {
  // A rerun of the claimant itself would claim again: only what it takes says that it will have this claim.
  const source = build.status === 'pending' ? { ...build, id: originalOf(build) } : build;
  const hidden = atc.forbiddenTo({ team: build.team, build: describeBuild(build) });
  const answer = await atc.api.buildResources(source);
  if (answer.kind === 'missing') {
    atc.markUnread(`lists the build ${describeBuild(build)}, which was removed at this moment`);
    return { build, took: [], made: [], mayHideOutput: false, hidden: null };
  }
  if (answer.kind !== 'got') return { build, took: [], made: [], mayHideOutput: true, hidden };
  const { inputs, outputs } = answer.value;
  const took = inputs.map(({ version }) => version);
  const made = build.status === 'pending' ? [] : outputs.map(({ version }) => version);
  const mayHideOutput = hasHiddenOutput(job, outputs, mayBePoolNamed);
  if (!hasHiddenInput(job, inputs, mayBePoolNamed) && !(await wasSetSince()))
    return { build, took, made, mayHideOutput, hidden: null };
  const gets = await getsInPlan(atc, source);
  return {
    build,
    took: [...took, ...(gets ?? [])],
    made,
    mayHideOutput,
    hidden: gets === null ? hidden : null,
  };
}

/** `/resources` leaves out what the resources' present sources do not show. */
function hasHiddenInput(
  job: Job | null,
  inputs: readonly StepVersion[],
  mayBePoolNamed: (resource: string) => boolean,
): boolean {
  if (job === null) return inputs.length === 0;
  const shown = new Set(inputs.map(({ name }) => name));
  return job.inputs.some(({ name, resource }) => mayBePoolNamed(resource) && !shown.has(name));
}

/** Of a resource that several steps put, what one of them made is enough. */
function hasHiddenOutput(
  job: Job | null,
  outputs: readonly StepVersion[],
  mayBePoolNamed: (resource: string) => boolean,
): boolean {
  if (job === null) return outputs.length === 0;
  const shown = new Set(outputs.map(({ name }) => resourceOfStep(job, name)));
  return job.outputs.some(({ resource }) => mayBePoolNamed(resource) && !shown.has(resource));
}

/**
 * Whether a build that runs may have made a claim that a URL ties to another one. A build that waits for its lock keeps
 * the names of its pipeline and job as they were when it started, so a later build can have the names in the URL, and
 * the same number.
 */
export function isNamesake({ build, mayHideOutput }: ReadBuild, query: ClaimQuery): boolean {
  const { owner } = query.claim;
  if (!query.isUrlHere || owner.kind !== 'job' || build.status !== 'started' || !mayHideOutput) return false;
  const begunBy = (query.claimedAt ?? query.now) + CLOCK_TOLERANCE;
  return mayBeNamedBy(owner, build) && (build.startedAt === null || build.startedAt <= begunBy);
}

/**
 * Whether a build of which nothing can be seen may hold this claim. What it takes is fixed when it starts, so it can
 * have taken only a claim that was there by then; and it can have made one only while nothing else is known to have
 * made it, and its number is that of the message. So a lock does not wait for a stranger of another team any longer
 * than that stranger could hold it.
 */
export function couldHold(build: Build, claimants: readonly FoundBuild[], query: ClaimQuery): boolean {
  const { claimedAt, claim } = query;
  if (claimedAt === null || build.startedAt === null) return true;
  if (build.startedAt >= claimedAt - CLOCK_TOLERANCE) return true;
  const isMakerKnown = claimants.some((found) => found.madeTheClaim || provesDeath(found, claimedAt));
  return !isMakerKnown && mayBeNamedBy(claim.owner, build);
}
