import { isAlive } from '../build.ts';
import { type Claim, type ClaimedLock, claimedAt } from '../lock.ts';
import { hasJustEnded, type Policy, ruleFor } from '../policy.ts';
import { matchesGlob } from '../pools/glob.ts';
import { CLOCK_TOLERANCE } from '../time.ts';
import type { Asked, Depth, Evidence, FoundBuild } from './evidence.ts';
import { type DecidingTimes, endedHolders, holdOf, keepsLock, nextJobOf, timesOf } from './holders.ts';
import { provesDeath } from './proof-of-death.ts';
import { candidatesOf, possibleClaimants } from './rank-claimants.ts';
import { REASONS, type Reason, type Verdict } from './reasons.ts';
import { type DetailInput, detailOf } from './verdict-sentence.ts';

/** What the core is given to judge one claimed lock. Times in unix seconds. */
export interface Case {
  readonly lock: ClaimedLock;
  readonly policy: Policy;
  readonly evidence: Evidence;
  readonly now: number;
}

/** A verdict, or how deep the evidence must be before one can be given. */
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
  if (lock.alsoUnclaimed) return 'conflict';
  if (policy.exclude.some((glob) => matchesGlob(lock.name, glob))) return 'excluded';
  if (isWithinGrace(claimedAt(lock.claim, now), policy, now)) return 'within-grace';
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

function isWithinGrace(since: number | null, { grace }: Policy, now: number): boolean {
  return since !== null && since <= now + CLOCK_TOLERANCE && now - since < grace;
}

function reasonByHolders(input: Case, asked: Asked): Reason | Needs {
  const { claimant } = asked;
  const times = timesOf(input.lock.claim, asked, input.now);
  if (candidatesOf(claimant).some(({ build }) => isAlive(build))) return 'build-running';
  if (asked.takers.some(isAlive) || keepsLock(nextJobOf(asked, times.claimedAt), times, input.policy))
    return 'handed-on';
  if (asked.unread !== null) return 'concourse-unreachable';
  if (asked.forbidden !== null) return 'forbidden';
  if (claimant.kind === 'other-concourse') return 'other-concourse';
  if (asked.depth === 'claimant') return needs('holders');
  if (endedHolders(asked, times.claimedAt).some((build) => hasJustEnded(build, input.policy, input.now)))
    return 'build-just-ended';
  return reasonByRule(input, asked);
}

/** What decides when nobody is seen to hold the lock. */
function reasonByRule(input: Case, asked: Asked | null): Reason | Needs {
  const { lock, policy, now } = input;
  const times = timesOf(lock.claim, asked, now);
  const since = times.claimedAt;
  const ended = asked === null ? [] : endedHolders(asked, since);
  if (holdOf(lock.claim, now) !== null) return 'kept';
  // Whoever keeps the environment of a failed build to look at it means that of the next job's build, too.
  if (ended.some(({ status }) => ruleFor(status, policy) === 'keep')) return 'kept';
  if (lock.claim.owner.kind === 'person' && policy.byHand === 'keep') return 'kept';
  const [claimant, ...others] = asked === null ? [] : possibleClaimants(asked, since);
  if (claimant !== undefined && others.length === 0 && endedForGood(claimant, input, times))
    return 'build-ended';
  if (since === null || since > now + CLOCK_TOLERANCE) return 'clock-skew';
  if (asked !== null && isNobodys(lock.claim, asked) && lock.claim.isRoot) return 'history-rewritten';
  if (policy.staleAfter === null) return 'no-timeout';
  return now - times.countedFrom >= policy.staleAfter ? 'timed-out' : 'within-timeout';
}

/** Provably ended, and nothing that it was to finish depends on the lock: one born claimed may be incomplete. */
function endedForGood(
  claimant: FoundBuild,
  { lock: { claim }, policy }: Case,
  times: DecidingTimes,
): boolean {
  if (ruleFor(claimant.build.status, policy) !== 'release') return false;
  return !claim.bornClaimed && provesDeath(claimant, times.claimedAt);
}

/** Made by hand, or by a build that nothing names and that was not found by the claim's version either. */
function isNobodys({ owner }: Claim, { claimant }: Asked): boolean {
  return owner.kind === 'person' || (owner.kind === 'unknown' && claimant.kind !== 'found');
}

function needs(depth: Depth): Needs {
  return { kind: 'needs', depth };
}

function detailInput(input: Case): DetailInput {
  const { lock, policy, evidence, now } = input;
  const asked = evidence.kind === 'asked' ? evidence : null;
  const times = timesOf(lock.claim, asked, now);
  return {
    lock,
    policy,
    evidence,
    now,
    since: times.claimedAt,
    times,
    ended: asked === null ? [] : endedHolders(asked, times.claimedAt),
  };
}
