import { isAlive } from '../build.ts';
import type { Asked, Claimant, FoundBuild } from './evidence.ts';
import { isAnotherBuild } from './proof-of-death.ts';

/**
 * Of several builds that may have made the claim the one on the best evidence: a living one, then one with the claim
 * among its outputs, then one that the Build URL names, then one that only its name ties to the claim. A single output
 * settles who it was, whatever a URL says: a build that waits for its lock keeps the names of its pipeline and job as
 * they were, and a new build can have taken them. While nothing settles it, all of them count.
 */
export function claimantAmong(candidates: readonly FoundBuild[], claimedAt: number | null): Claimant {
  const weigh = (found: FoundBuild) => weight(found, claimedAt);
  const [found, ...others] = candidates.toSorted((a, b) => weigh(b) - weigh(a));
  if (found === undefined) return { kind: 'not-known' };
  const isSettled = found.madeTheClaim && !others.some(({ madeTheClaim }) => madeTheClaim);
  return { kind: 'found', found, others: isSettled ? [] : others };
}

function weight(found: FoundBuild, claimedAt: number | null): number {
  if (isAlive(found.build)) return 4;
  if (found.madeTheClaim) return 3;
  if (isAnotherBuild(found, claimedAt)) return 0;
  return found.namedByUrl ? 2 : 1;
}

export function candidatesOf(claimant: Claimant): readonly FoundBuild[] {
  return claimant.kind === 'found' ? [claimant.found, ...claimant.others] : [];
}

/** The builds of which each may have made the claim: a sign of life of any of them counts. */
export function possibleClaimants({ claimant }: Asked, claimedAt: number | null): readonly FoundBuild[] {
  return candidatesOf(claimant).filter((found) => !isAnotherBuild(found, claimedAt));
}
