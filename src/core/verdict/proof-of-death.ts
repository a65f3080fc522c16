import type { Build } from '../build.ts';
import { isAlive } from '../build.ts';
import { CLOCK_TOLERANCE } from '../time.ts';
import type { FoundBuild } from './evidence.ts';

/**
 * Seconds that a build which only a URL names may have begun after the claim. A URL names its pipeline and job as they
 * were called when the build was loaded: a later build can have taken the name.
 */
const URL_TOLERANCE = 30;

/**
 * Names of builds recur when a pipeline is set again: a build that only its name ties to the claim, and that started
 * well after it, is another one. A living build is never dropped for that, nor one that has the claim as its output:
 * clocks are wrong at times. `claimedAt`: unix seconds, null where it is not known.
 */
export function isAnotherBuild({ build, madeTheClaim }: FoundBuild, claimedAt: number | null): boolean {
  return !madeTheClaim && !isAlive(build) && startedAfter(build, claimedAt, CLOCK_TOLERANCE);
}

/**
 * Whether this ended build provably made the claim: by its output, or by the claim's URL with times that fit closely.
 * `claimedAt`: unix seconds; null where it is not known: then only an output is proof.
 */
export function provesDeath(found: FoundBuild, claimedAt: number | null): boolean {
  const { build, madeTheClaim } = found;
  if (isAlive(build) || build.startedAt === null || build.endedAt === null) return false;
  if (claimedAt === null) return madeTheClaim;
  if (claimedAt > build.endedAt + CLOCK_TOLERANCE && !mayClaimAfterItsEnd(build)) return false;
  if (madeTheClaim) return !startedAfter(build, claimedAt, CLOCK_TOLERANCE);
  return (
    found.namedByUrl && found.madeAnotherClaim === null && !startedAfter(build, claimedAt, URL_TOLERANCE)
  );
}

/** The `put` of a build that was aborted or lost its worker can live on, and claim late. */
function mayClaimAfterItsEnd({ status }: Build): boolean {
  return status === 'aborted' || status === 'errored';
}

function startedAfter({ startedAt }: Build, claimedAt: number | null, tolerance: number): boolean {
  return startedAt !== null && claimedAt !== null && startedAt > claimedAt + tolerance;
}
