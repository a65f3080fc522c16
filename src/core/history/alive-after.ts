import { type Build, isAlive } from '../build.ts';
import { describeBuild } from '../naming.ts';
import { CLOCK_TOLERANCE } from '../time.ts';
import type { Asked, FoundBuild } from '../verdict/evidence.ts';
import { candidatesOf } from '../verdict/rank-claimants.ts';
import type { ClaimMade } from './lock-operation.ts';
import type { CameBack, OwnRelease } from './own-releases.ts';

/**
 * Whether Concourse shows a holder of the claim that was alive after our release: the build that claimed, or one that
 * had the claim among its inputs. A build that only its name ties to the claim counts where it was running then.
 */
export function aliveAfter(release: OwnRelease, asked: Asked, now: number): CameBack | null {
  const { claim } = release;
  if (claim === null) return null;
  const claimants = candidatesOf(asked.claimant).filter((found) => isClaimant(found, claim));
  const holders = [...claimants.map(({ build }) => build), ...asked.takers];
  const alive = holders.find((build) => wasAliveAfter(build, release.at));
  if (alive === undefined) return null;
  const isEnded = alive.endedAt !== null && !isAlive(alive);
  return {
    release,
    claim: claim.commit,
    build: describeBuild(alive),
    at: isEnded ? (alive.endedAt ?? now) : now,
    how: isEnded ? 'ended' : 'runs',
    evidence: 'concourse',
  };
}

function isClaimant({ build, madeTheClaim }: FoundBuild, { at }: ClaimMade): boolean {
  if (madeTheClaim) return true;
  if (at === null) return false;
  const began = build.startedAt !== null && build.startedAt <= at + CLOCK_TOLERANCE;
  return began && (build.endedAt === null || build.endedAt >= at - CLOCK_TOLERANCE);
}

function wasAliveAfter(build: Build, at: number): boolean {
  if (build.status === 'pending' || build.startedAt === null) return false;
  // A person who runs an old build again later does not show that anybody needed the lock when it was released.
  if (build.rerunOf !== null && build.startedAt > at) return false;
  return isAlive(build) || (build.endedAt !== null && build.endedAt > at);
}
