import { type Build, isAlive } from '../build.ts';
import { describeDuration } from '../duration.ts';
import type { ClaimedLock } from '../lock.ts';
import { describeBuild, describeOwner } from '../naming.ts';
import { type Policy, ruleFor } from '../policy.ts';
import { onOneLine } from '../text.ts';
import { describePast } from '../time.ts';
import type { Asked, Evidence, NextInLine } from './evidence.ts';
import { provesDeath } from './proof-of-death.ts';
import { candidatesOf, possibleClaimants } from './rank-claimants.ts';
import type { Reason } from './reasons.ts';

/** What a sentence of detail is made of. */
export interface DetailInput {
  readonly lock: ClaimedLock;
  readonly policy: Policy;
  readonly evidence: Evidence;
  readonly now: number;
  /** When the claim was made, as judged. */
  readonly since: number;
  /** When the timeout began to count. */
  readonly countedFrom: number;
  readonly ended: readonly Build[];
}

/**
 * One sentence for a tired operator: what decided, and on which evidence. It goes into commit messages, where a new
 * line in a name or in an answer could forge a trailer.
 */
export function detailOf(reason: Reason, input: DetailInput): string {
  return onOneLine(sentenceFor(reason, input));
}

function sentenceFor(reason: Reason, input: DetailInput): string {
  const { lock, policy, evidence, now, since } = input;
  const owner = describeOwner(lock.claim.owner, lock.claim.author);
  const claimed = `claimed ${describePast(since, now)}`;
  const asked = evidence.kind === 'asked' ? evidence : null;
  switch (reason) {
    case 'conflict':
      return 'The lock lies in both claimed and unclaimed: releasing it would overwrite one of the two, so remove one by hand.';
    case 'excluded':
      return `An exclude pattern of the pool matches this lock; ${claimed} by ${owner}.`;
    case 'within-grace':
      return `The lock was ${claimed} by ${owner}, within the grace of ${describeDuration(policy.grace)}.`;
    case 'build-running':
      return runningDetail(asked, claimed, now);
    case 'handed-on':
      return handedOnDetail(asked, owner, input);
    case 'concourse-unreachable':
      return unreachableDetail(evidence);
    case 'forbidden':
      return forbiddenDetail(asked);
    case 'other-concourse': {
      const host = asked?.claimant.kind === 'other-concourse' ? asked.claimant.host : 'another host';
      return `${owner} was built by the Concourse on ${host}, which is not among those configured; add it to concourse, or to former_urls if it moved.`;
    }
    case 'build-just-ended':
      return justEndedDetail(input);
    case 'kept':
      return keptDetail(input, owner, claimed);
    case 'build-ended':
      return `${endings(input)} and still holds the lock, ${claimed}.`;
    case 'clock-skew':
      return `The claim is dated ${describePast(since, now)}: a clock is wrong, so its age says nothing.`;
    case 'history-rewritten':
      return 'The claim sits in the first commit of a rewritten history: who claimed the lock is lost.';
    case 'timed-out':
      return `${timeoutEvidence(input, owner)}; the timeout of ${describeDuration(policy.staleAfter ?? 0)} has passed.`;
    case 'within-timeout':
      return `${timeoutEvidence(input, owner)}; the timeout of ${describeDuration(policy.staleAfter ?? 0)} has not passed yet.`;
    case 'no-timeout':
      return `${timeoutEvidence(input, owner)}; only a timeout could decide, and none is set (stale_after).`;
  }
}

function unreachableDetail(evidence: Evidence): string {
  if (evidence.kind === 'asked') return evidence.unread ?? '';
  const problem = evidence.kind === 'unreachable' ? evidence.problem.trim() : '';
  return `Concourse gave no trustworthy answer${problem === '' ? '' : `: ${problem.replace(/\.$/, '')}`}.`;
}

function runningDetail(asked: Asked | null, claimed: string, now: number): string {
  const alive = asked === null ? undefined : candidatesOf(asked.claimant).find((one) => isAlive(one.build));
  if (alive === undefined) return '';
  const { build, foundBy } = alive;
  const how = {
    name: '',
    pipeline: ', found among the builds of its pipeline,',
    instance: ', found in another instance of its pipeline,',
    output: ', found by its output,',
  }[foundBy];
  return `${describeBuild(build)}${how} ${aliveSince(build, now)}; the lock was ${claimed}.`;
}

function aliveSince(build: Build, now: number): string {
  if (build.status === 'pending') return 'is pending';
  return build.startedAt === null
    ? 'is running'
    : `is running, started ${describePast(build.startedAt, now)}`;
}

function handedOnDetail(asked: Asked | null, owner: string, { since, now }: DetailInput): string {
  if (asked === null) return '';
  const taker = asked.takers.find(({ status }) => status === 'started') ?? asked.takers.find(isAlive);
  if (taker?.status === 'pending')
    return `${describeBuild(taker)} is pending and will take the lock of ${owner} again: it repeats a build that had it.`;
  if (taker !== undefined)
    return `${describeBuild(taker)} took the lock over from ${owner} and ${aliveSince(taker, now)}.`;
  const next = possibleClaimants(asked, since).find((one) => one.next !== null)?.next ?? null;
  return next === null ? '' : `${owner} succeeded, and ${waiting(next)}`;
}

function waiting({ job, why, takesAnother }: NextInLine): string {
  const reason = {
    'next-inputs': 'its next build would take this claim',
    building: 'a build of it is under way',
    'just-built': 'a build of it has only just ended',
    paused: 'it is paused',
  }[why];
  return `the job ${job} can still take the lock: ${reason}${takesAnother ? ', although its next build would take another claim' : ''}.`;
}

function forbiddenDetail(asked: Asked | null): string {
  const { team, account, concourse } = asked?.forbidden ?? { team: '?', account: '?', concourse: '?' };
  if (account === null)
    return `Without a login nobody may look at team ${team} on ${concourse}: set the username and password, or the token, of an account that has the role viewer there.`;
  return `The account ${account} may not look at team ${team} on ${concourse}: give it the role viewer there.`;
}

function justEndedDetail(input: DetailInput): string {
  const { policy } = input;
  const errored = input.ended.some((build) => build.status === 'errored');
  const span = describeDuration(errored ? Math.max(policy.grace, policy.errorGrace) : policy.grace);
  return `${endings(input)}: its hooks may still run, within the grace of ${span}.`;
}

function keptDetail(input: DetailInput, owner: string, claimed: string): string {
  const { claimants } = whoClaimed(input);
  const kept = claimants.find(({ build }) => ruleFor(build.status, input.policy) === 'keep');
  if (kept === undefined)
    return `Claimed by hand by ${owner} ${describePast(input.since, input.now)}, and by_hand is keep.`;
  const key = { succeeded: 'on_success', failed: 'on_failure', errored: 'on_error', aborted: 'on_abort' };
  const { status } = kept.build;
  const rule = status === 'pending' || status === 'started' ? 'the rule' : key[status];
  return `${endings(input)}, and ${rule} is keep; the lock was ${claimed}.`;
}

/** What the timeout has to go by: why neither a holder nor a death could be shown. */
function timeoutEvidence(input: DetailInput, owner: string): string {
  const { lock, since, now } = input;
  const ago = describePast(since, now);
  const { asked, claimants } = whoClaimed(input);
  const none = claimants.length === 0;
  const others = none && input.ended.length > 0 ? `, and ${endings(input)}` : '';
  if (lock.claim.owner.kind === 'person') return `Claimed by hand by ${owner} ${ago}${others}`;
  if (lock.claim.owner.kind === 'unknown') return `The claim names no build and was made ${ago}${others}`;
  if (asked === null) return `${owner} claimed the lock ${ago}, and no Concourse is set that could be asked`;
  if (none) {
    return `Concourse knows no build ${owner} that fits${others}; the lock was claimed ${ago}`;
  }
  return `${endings(input)}${doubt(input)}; the lock was claimed ${ago}`;
}

/** Why the end of the claimant was not enough. */
function doubt(input: DetailInput): string {
  const { lock, since } = input;
  const [found, ...others] = whoClaimed(input).claimants;
  if (found === undefined) return '';
  if (lock.claim.bornClaimed) return ' and had created the lock as claimed, so it may be half built';
  if (others.length > 0) return ', but nothing proves which of them made the claim';
  if (found.build.status === 'succeeded' || provesDeath(found, since)) return '';
  if (found.madeAnotherClaim !== null && !found.madeTheClaim)
    return `, but its output is another claim of the pool (${found.madeAnotherClaim.slice(0, 10)})`;
  if (found.madeTheClaim) return ', but its times do not fit the claim: a clock is wrong';
  return ', but nothing proves that it made the claim';
}

/** `main/deploy/test #2 failed 5 minutes ago (14:02 UTC)`, for every holder, the last to end first. */
function endings({ ended, now }: DetailInput): string {
  const last = [...ended].sort((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0));
  return last.map((build) => `${describeBuild(build)} ${build.status}${endTime(build, now)}`).join(', ');
}

function endTime(build: Build, now: number): string {
  return build.endedAt === null ? '' : ` ${describePast(build.endedAt, now)}`;
}

function whoClaimed({ evidence, since }: DetailInput) {
  const asked = evidence.kind === 'asked' ? evidence : null;
  return { asked, claimants: asked === null ? [] : possibleClaimants(asked, since) };
}
