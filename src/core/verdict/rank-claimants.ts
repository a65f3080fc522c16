import { isAlive } from '../build.ts';
import type { Asked, Claimant, FoundBuild } from './evidence.ts';
import { isAnotherBuild, provesDeath } from './proof-of-death.ts';

/** Of several builds that answer to the claim's name the one that says most; the others count until one is proven. */
export function claimantAmong(candidates: readonly FoundBuild[], claimedAt: number): Claimant {
  const [found, ...others] = candidates.toSorted((a, b) => weight(b, claimedAt) - weight(a, claimedAt));
  if (found === undefined) return { kind: 'not-known' };
  return { kind: 'found', found, others: provesDeath(found, claimedAt) ? [] : others };
}

function weight(found: FoundBuild, claimedAt: number): number {
  if (isAlive(found.build)) return 4;
  if (provesDeath(found, claimedAt)) return 3;
  return isAnotherBuild(found, claimedAt) ? 1 : 2;
}

export function candidatesOf(claimant: Claimant): readonly FoundBuild[] {
  return claimant.kind === 'found' ? [claimant.found, ...claimant.others] : [];
}

/** The builds of which each may have made the claim: a sign of life of any of them counts. */
export function possibleClaimants({ claimant }: Asked, claimedAt: number): readonly FoundBuild[] {
  return candidatesOf(claimant).filter((found) => !isAnotherBuild(found, claimedAt));
}
