import { isAlive } from '../core/build.ts';
import { type Asked, type Claimant, type Evidence, isAnotherBuild, provesDeath } from '../core/evidence.ts';
import type { Outcome } from './concourse.ts';

/**
 * One piece of evidence of what several Concourses say: alive on any of them is alive; without an answer from one
 * of them nothing else can be said; and an end that is proven goes before one that is not.
 */
export function mergeAsked(outcomes: readonly Outcome<Asked>[], claimedAt: number): Evidence {
  const answers = outcomes.flatMap((outcome) => (outcome.kind === 'answered' ? [outcome.value] : []));
  const [first] = answers;
  const silent = outcomes.find((outcome) => outcome.kind === 'unreachable');
  if (silent !== undefined && !answers.some(isHeld)) return { kind: 'unreachable', problem: silent.problem };
  if (first === undefined) return { kind: 'unreachable', problem: 'No Concourse was asked.' };
  const claimants = answers.map(({ claimant }) => claimant);
  const best = claimants.toSorted((a, b) => weight(b, claimedAt) - weight(a, claimedAt))[0] ?? first.claimant;
  return {
    ...first,
    claimant: best,
    takers: [...new Set(answers.flatMap(({ takers }) => takers))],
    next: answers.find(({ next }) => next !== null)?.next ?? null,
    forbidden: answers.find(({ forbidden }) => forbidden !== null)?.forbidden ?? null,
  };
}

function isHeld({ claimant, takers, next }: Asked): boolean {
  return (
    (claimant.kind === 'found' && isAlive(claimant.found.build)) || takers.some(isAlive) || next !== null
  );
}

function weight(claimant: Claimant, claimedAt: number): number {
  if (claimant.kind !== 'found') return 0;
  if (isAlive(claimant.found.build)) return 4;
  if (provesDeath(claimant.found, claimedAt)) return 3;
  return isAnotherBuild(claimant.found.build, claimedAt) ? 1 : 2;
}
