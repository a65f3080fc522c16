import { type Build, isAlive, isSameBuild } from '../core/build.ts';
import type { Asked, Evidence } from '../core/verdict/evidence.ts';
import { candidatesOf, claimantAmong } from '../core/verdict/rank-claimants.ts';
import type { Outcome } from './one-concourse.ts';

/**
 * One piece of evidence of what several Concourses say: alive on any of them is alive; without an answer from one
 * of them nothing else can be said; and a proven end takes precedence over one that is not.
 */
export function mergeAsked(outcomes: readonly Outcome<Asked>[], claimedAt: number | null): Evidence {
  const answers = outcomes.flatMap((outcome) => (outcome.kind === 'answered' ? [outcome.value] : []));
  const [first] = answers;
  const silent = outcomes.find((outcome) => outcome.kind === 'unreachable');
  if (silent !== undefined && !answers.some(isHeld)) return { kind: 'unreachable', problem: silent.problem };
  if (first === undefined) return { kind: 'unreachable', problem: 'No Concourse was asked.' };
  // Two answers may hold one and the same build, where both add to what was known before.
  const found = answers.flatMap(({ claimant }) => candidatesOf(claimant));
  // An output proves most; and what one of them casts doubt on is in doubt.
  const best = found.toSorted(
    (a, b) => Number(b.madeTheClaim) - Number(a.madeTheClaim) || Number(a.namedByUrl) - Number(b.namedByUrl),
  );
  const candidates = withoutTwins(best, ({ build }) => build);
  return {
    ...first,
    claimant: candidates.length === 0 ? first.claimant : claimantAmong(candidates, claimedAt),
    takers: withoutTwins(
      answers.flatMap(({ takers }) => takers),
      (build) => build,
    ),
    next: answers.flatMap(({ next }) => next),
    withheld: answers.find(({ withheld }) => withheld !== null)?.withheld ?? null,
    forbidden: answers.find(({ forbidden }) => forbidden !== null)?.forbidden ?? null,
    // Who keeps the lock here may cease to; then what the silent one knows is missing.
    unread: answers.find(({ unread }) => unread !== null)?.unread ?? silent?.problem ?? null,
  };
}

function isHeld({ claimant, takers, next }: Asked): boolean {
  return (
    candidatesOf(claimant).some(({ build }) => isAlive(build)) || takers.some(isAlive) || next.length > 0
  );
}

function withoutTwins<One>(all: readonly One[], buildOf: (one: One) => Build): One[] {
  return all.filter(
    (one, index) => all.findIndex((other) => isSameBuild(buildOf(other), buildOf(one))) === index,
  );
}
