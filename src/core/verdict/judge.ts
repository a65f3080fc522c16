import type { Build } from '../build.ts';
import { isAlive } from '../build.ts';
import { type Claim, type ClaimedLock, claimedAt } from '../lock.ts';
import { type Policy, ruleFor } from '../policy.ts';
import { matchesGlob } from '../pools/glob.ts';
import { CLOCK_TOLERANCE } from '../time.ts';
import type { Asked, Depth, Evidence, FoundBuild } from './evidence.ts';
import { provesDeath } from './proof-of-death.ts';
import { candidatesOf, possibleClaimants } from './rank-claimants.ts';
import { REASONS, type Reason, type Verdict } from './reasons.ts';
import { type DetailInput, detailOf } from './sentence.ts';

/** What the core is given to judge one claimed lock. Times in unix seconds. */
export interface Case {
  readonly lock: ClaimedLock;
  readonly policy: Policy;
  readonly evidence: Evidence;
  readonly now: number;
}

/** A verdict, or how much deeper the evidence must go before one can be given. */
export type Judgement = { readonly kind: 'judged'; readonly verdict: Verdict } | Needs;
export interface Needs {
  readonly kind: 'needs';
  readonly depth: Depth;
}

/**
 * Judges one claimed lock. No lock is ever called stale on less than the whole evidence: where a Concourse is set,
 * `stale` is only answered after its last look, so a caller cannot forget to take it.
 */
export function judge(input: Case): Judgement {
  const found = firstReasonThatFits(input);
  if (typeof found !== 'string') return found;
  const { evidence } = input;
  const verdict = REASONS[found];
  if (verdict === 'stale' && evidence.kind === 'asked' && evidence.depth !== 'last-look')
    return needs('last-look');
  return { kind: 'judged', verdict: { verdict, reason: found, detail: detailOf(found, detailInput(input)) } };
}

function firstReasonThatFits(input: Case): Reason | Needs {
  const { lock, policy, evidence, now } = input;
  const since = claimedAt(lock.claim, now);
  if (lock.alsoUnclaimed) return 'conflict';
  if (policy.exclude.some((glob) => matchesGlob(lock.name, glob))) return 'excluded';
  if (since <= now + CLOCK_TOLERANCE && now - since < policy.grace) return 'within-grace';
  switch (evidence.kind) {
    case 'not-asked':
      return needs('claimant');
    case 'unreachable':
      return 'concourse-unreachable';
    case 'no-concourse':
      return reasonByRule(input, null);
    case 'asked':
      return reasonByHolders(input, evidence);
  }
}

function reasonByHolders(input: Case, asked: Asked): Reason | Needs {
  const { claimant } = asked;
  const since = claimedAt(input.lock.claim, input.now);
  if (candidatesOf(claimant).some(({ build }) => isAlive(build))) return 'build-running';
  if (asked.takers.some(isAlive) || isNextInLine(asked, since, input.policy)) return 'handed-on';
  if (asked.unread !== null) return 'concourse-unreachable';
  if (asked.forbidden !== null) return 'forbidden';
  if (claimant.kind === 'other-concourse') return 'other-concourse';
  if (asked.depth === 'claimant') return needs('holders');
  const holders = endedHolders(asked, since);
  if (holders.some((build) => justEnded(build, input))) return 'build-just-ended';
  return reasonByRule(input, asked);
}

/** What decides when nobody is seen to hold the lock. */
function reasonByRule(input: Case, asked: Asked | null): Reason | Needs {
  const { lock, policy, now } = input;
  const since = claimedAt(lock.claim, now);
  const claimants = asked === null ? [] : possibleClaimants(asked, since);
  if (claimants.some(({ build }) => ruleFor(build.status, policy) === 'keep')) return 'kept';
  if (lock.claim.owner.kind === 'person' && policy.byHand === 'keep') return 'kept';
  const [claimant, ...others] = claimants;
  if (claimant !== undefined && others.length === 0 && endedForGood(claimant, input)) return 'build-ended';
  if (since > now + CLOCK_TOLERANCE) return 'clock-skew';
  if (asked !== null && isNobodys(lock.claim) && lock.claim.parentCommittedAt === null)
    return 'history-rewritten';
  if (policy.staleAfter === null) return 'no-timeout';
  return now - countedFrom(since, asked) >= policy.staleAfter ? 'timed-out' : 'within-timeout';
}

/**
 * A job behind the claimant can still take the lock. That counts for the rule that asks for it alone: `release` gives
 * the lock of a success back although the pipeline could still use it.
 */
function isNextInLine(asked: Asked, since: number, policy: Policy): boolean {
  if (policy.onSuccess !== 'handover') return false;
  return possibleClaimants(asked, since).some(
    ({ build, next }) => next !== null && build.status === 'succeeded',
  );
}

/** Provably ended, and nothing that it was to finish depends on the lock: a lock born claimed may be half built. */
function endedForGood(claimant: FoundBuild, { lock: { claim }, policy, now }: Case): boolean {
  if (ruleFor(claimant.build.status, policy) !== 'release') return false;
  return !claim.bornClaimed && provesDeath(claimant, claimedAt(claim, now));
}

/** The timeout counts from the claim, or from the last holder's end where that is known. */
function countedFrom(since: number, asked: Asked | null): number {
  const ends = asked === null ? [] : endedHolders(asked, since).map((build) => build.endedAt ?? since);
  return Math.max(since, ...ends);
}

/** The claimant (each build that may be it) and the takers, once they have ended. */
function endedHolders(asked: Asked, since: number): Build[] {
  const claimants = possibleClaimants(asked, since).map(({ build }) => build);
  return [...claimants, ...asked.takers].filter((build) => !isAlive(build));
}

/** Hooks, forced aborts and cut-off workers may run on for a while after a build has "ended". */
function justEnded(build: Build, { policy, now }: Case): boolean {
  if (build.endedAt === null) return false;
  const span = build.status === 'errored' ? Math.max(policy.grace, policy.errorGrace) : policy.grace;
  return now - build.endedAt < span;
}

function isNobodys(claim: Claim): boolean {
  return claim.owner.kind === 'person' || claim.owner.kind === 'unknown';
}

function needs(depth: Depth): Needs {
  return { kind: 'needs', depth };
}

function detailInput(input: Case): DetailInput {
  const { lock, policy, evidence, now } = input;
  const since = claimedAt(lock.claim, now);
  const asked = evidence.kind === 'asked' ? evidence : null;
  return {
    lock,
    policy,
    evidence,
    now,
    since,
    countedFrom: countedFrom(since, asked),
    ended: asked === null ? [] : endedHolders(asked, since),
  };
}
