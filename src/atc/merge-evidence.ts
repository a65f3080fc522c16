import { isAlive } from '../core/build.ts';
import type { Asked, Evidence } from '../core/verdict/evidence.ts';
import { candidatesOf, claimantAmong } from '../core/verdict/rank-claimants.ts';
import type { Outcome } from './one-concourse.ts';

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
  // Two answers may hold one and the same build, where both add to what was known before.
  const candidates = new Set(answers.flatMap(({ claimant }) => candidatesOf(claimant)));
  return {
    ...first,
    claimant: candidates.size === 0 ? first.claimant : claimantAmong([...candidates], claimedAt),
    takers: [...new Set(answers.flatMap(({ takers }) => takers))],
    forbidden: answers.find(({ forbidden }) => forbidden !== null)?.forbidden ?? null,
    unread: answers.find(({ unread }) => unread !== null)?.unread ?? null,
  };
}

function isHeld({ claimant, takers }: Asked): boolean {
  const candidates = candidatesOf(claimant);
  return candidates.some(({ build, next }) => isAlive(build) || next !== null) || takers.some(isAlive);
}
