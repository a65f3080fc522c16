import type { Build } from '../build.ts';
import { isAlive } from '../build.ts';
import { CLOCK_TOLERANCE } from '../time.ts';
import type { FoundBuild } from './evidence.ts';

/**
 * Names of builds recur when a pipeline is set again: a build that only its name ties to the claim, and that started
 * well after it, is another one. A living build is never dropped for that, nor one that has the claim as its output:
 * clocks lie.
 */
export function isAnotherBuild({ build, madeTheClaim }: FoundBuild, claimedAt: number): boolean {
  return !madeTheClaim && startedAfter(build, claimedAt);
}

/**
 * Whether this ended build provably made the claim: by its output or by the claim's URL, with times that fit.
 * A claim after the build's end fits, too: the `put` of an aborted build can live on and claim late.
 */
export function provesDeath(found: FoundBuild, claimedAt: number): boolean {
  const { build } = found;
  if (isAlive(build) || build.startedAt === null || build.endedAt === null) return false;
  if (startedAfter(build, claimedAt)) return false;
  if (found.madeTheClaim) return true;
  return found.namedByUrl && found.madeAnotherClaim === null;
}

function startedAfter(build: Build, claimedAt: number): boolean {
  return !isAlive(build) && build.startedAt !== null && build.startedAt > claimedAt + CLOCK_TOLERANCE;
}
