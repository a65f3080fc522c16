import { type Build, isAlive } from '../build.ts';
import { describeDuration } from '../duration.ts';
import type { Hold, HoldSpan } from '../hold.ts';
import { type ClaimedLock, NO_COMMIT } from '../lock.ts';
import { describeBuild, describeOwner } from '../naming.ts';
import { graceAfter, hasJustEnded, type Policy, ruleFor } from '../policy.ts';
import { onOneLine } from '../text.ts';
import { clock, describePast } from '../time.ts';
import type { Asked, Evidence, Forbidden, NextJob, WhyNext } from './evidence.ts';
import { countsFromHold, type DecidingTimes, holdOf, isHandoverOver, nextJobOf } from './holders.ts';
import { provesDeath } from './proof-of-death.ts';
import { candidatesOf, possibleClaimants } from './rank-claimants.ts';
import type { Reason } from './reasons.ts';

/** What a sentence of detail is made of. */
export interface DetailInput {
  readonly lock: ClaimedLock;
  readonly policy: Policy;
  readonly evidence: Evidence;
  readonly now: number;
  /** When the claim was made, as judged; null where that is not known. */
  readonly since: number | null;
  readonly times: DecidingTimes;
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
  const claimed = `claimed ${describePast(input.since, input.now)}`;
  const asked = evidence.kind === 'asked' ? evidence : null;
  switch (reason) {
    case 'conflict':
      return 'The lock exists in both claimed and unclaimed: releasing it would overwrite one of the two, so remove one by hand.';
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
      return asked?.forbidden ? describeForbidden(asked.forbidden) : '';
    case 'other-concourse': {
      const host = asked?.claimant.kind === 'other-concourse' ? asked.claimant.host : 'another host';
      return `${owner} ran on the Concourse at ${host}, which is not configured; add it to concourse, or to former_urls if it moved.`;
    }
    case 'build-just-ended':
      return justEndedDetail(input);
    case 'kept':
      return keptDetail(input, owner, claimed);
    case 'build-ended':
      return `${endings(input)} and still holds the lock, ${claimed}.`;
    case 'clock-skew':
      if (lock.claim.commit === NO_COMMIT)
        return 'The claim is older than the history that the repository has, which is a shallow clone, so the claim is not known.';
      return since === null
        ? "The date of the claim's commit cannot be read, so its age is not known."
        : `The claim is dated ${describePast(since, now)}: a clock is wrong, so its age is meaningless.`;
    case 'history-rewritten':
      return 'The claim is in the root commit of a rewritten history, so the claimant is unknown.';
    case 'timed-out':
      return `${timeoutEvidence(input, owner)}${endOfHold(input)}; the timeout of ${describeDuration(policy.staleAfter ?? 0)} has passed.`;
    case 'within-timeout':
      return `${timeoutEvidence(input, owner)}${endOfHold(input)}; the timeout of ${describeDuration(policy.staleAfter ?? 0)} has not passed yet.`;
    case 'no-timeout':
      return `${timeoutEvidence(input, owner)}; only a timeout could decide, and none is set (stale_after).`;
  }
}

function unreachableDetail(evidence: Evidence): string {
  if (evidence.kind === 'asked') return evidence.unread ?? '';
  const problem = evidence.kind === 'unreachable' ? evidence.problem.trim() : '';
  return `Concourse gave no usable answer${problem === '' ? '' : `: ${problem.replace(/\.$/, '')}`}.`;
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
    return `${describeBuild(taker)} is pending and will take the lock of ${owner} again: it is a rerun of a build that had it.`;
  if (taker !== undefined)
    return `${describeBuild(taker)} took the lock over from ${owner} and ${aliveSince(taker, now)}.`;
  const next = nextJobOf(asked, since);
  return next === null ? '' : `${describeBuild(next.behind)} succeeded, and ${waiting(next)}.`;
}

function waiting({ job, why, takesAnother }: NextJob): string {
  return `the job ${job} can still take the lock: ${WAITS[why]}${takesAnother ? ', although its next build would take another claim' : ''}`;
}

const WAITS: Readonly<Record<WhyNext, string>> = {
  building: 'a build of it is pending or running',
  'just-built': 'a build of it has only just ended',
  'next-inputs': 'its next build would take this claim',
  'in-turn': 'its next build takes a claim that was passed on earlier, and this one can follow',
  undetermined: 'it waits for another of its inputs',
  paused: 'it is paused',
};

/** What the account is not permitted to see, why that matters, and which role would permit it. */
export function describeForbidden({ concourse, team, build, account }: Forbidden): string {
  const who = account === null ? 'Without credentials' : `The account ${account}`;
  const may = account === null ? 'nobody can' : 'is not permitted to';
  const what =
    build === null
      ? `${may} view ${team === null ? 'a team' : `team ${team}`} on ${concourse}`
      : `${may} view ${build} on ${concourse}, which may hold the lock`;
  const where = team === null ? 'in its team' : build === null ? 'there' : `in team ${team}`;
  const help =
    account === null
      ? `set the username and password, or the token, of an account that has the role viewer ${where}`
      : `give it the role viewer ${where}`;
  return `${who} ${what}: ${help}.`;
}

function justEndedDetail(input: DetailInput): string {
  const { policy } = input;
  const spans = input.ended
    .filter((build) => hasJustEnded(build, policy, input.now))
    .map(({ status }) => graceAfter(status, policy));
  const span = describeDuration(Math.max(...spans));
  return `${endings(input)}: its hooks may still run, within the grace of ${span}.`;
}

function keptDetail(input: DetailInput, owner: string, claimed: string): string {
  const hold = holdOf(input.lock.claim, input.now);
  if (hold !== null) return `${describeHold(hold, input.now)}; the lock was ${claimed} by ${owner}.`;
  const kept = input.ended.find(({ status }) => ruleFor(status, input.policy) === 'keep');
  if (kept === undefined)
    return `Claimed by hand by ${owner} ${describePast(input.since, input.now)}, and by_hand is keep.`;
  const key = { succeeded: 'on_success', failed: 'on_failure', errored: 'on_error', aborted: 'on_abort' };
  const { status } = kept;
  const rule = status === 'pending' || status === 'started' ? 'the rule' : key[status];
  return `${describeEnd(kept, input.now)}, and ${rule} is keep; the lock was ${claimed}.`;
}

function describeHold({ by, until, reason, isCutShort }: Hold & HoldSpan, now: number): string {
  const limit = isCutShort ? ', which is as long as a hold lasts' : '';
  const why = reason === null ? '' : ` ("${reason.trim()}")`;
  return `${by} holds the lock until ${clock(until, now)}${limit}${why}`;
}

/** What the timeout has to go by: why neither a holder nor a death could be shown. */
function timeoutEvidence(input: DetailInput, owner: string): string {
  const { lock } = input;
  const ago = describePast(input.since, input.now);
  const { asked, claimants } = whoClaimed(input);
  const none = claimants.length === 0;
  const others = none && input.ended.length > 0 ? `, and ${endings(input)}` : '';
  const { kind } = lock.claim.owner;
  if (kind === 'person') return `Claimed by hand by ${owner} ${ago}${others}${whyNotNext(input)}`;
  if (kind === 'unknown' && none)
    return `The claim names no build and was made ${ago}${others}${whyNotNext(input)}`;
  if (asked === null) return `${owner} claimed the lock ${ago}, and no Concourse is configured`;
  if (none) {
    const name = kind === 'one-off' ? owner : `build ${owner}`;
    return `Concourse has no matching ${name}${others}; the lock was claimed ${ago}${whyNotNext(input)}`;
  }
  return `${endings(input)}${doubt(input)}; the lock was claimed ${ago}${whyNotNext(input)}`;
}

/** Without it a lock claimed days ago would have a timeout of an hour that has not passed. */
function endOfHold({ lock, times }: DetailInput): string {
  const end = countsFromHold(lock.claim, times);
  return end === null ? '' : `; the hold on it ended ${describePast(end, times.now)}`;
}

/** Why a job behind a holder does not keep the lock any more. */
function whyNotNext({ evidence, policy, since, times }: DetailInput): string {
  if (evidence.kind !== 'asked' || policy.onSuccess !== 'handover') return '';
  const { withheld } = evidence;
  const next = nextJobOf(evidence, since);
  if (next !== null && isHandoverOver(times, policy))
    return `; ${waiting(next)}, but the handover_timeout of ${describeDuration(policy.handoverTimeout ?? 0)} has passed`;
  if (withheld === null) return '';
  return withheld.how === 'pinned'
    ? `; another version of ${withheld.resource} is pinned, so no job takes this claim`
    : `; this version of ${withheld.resource} is disabled, so no job takes it`;
}

/** Why the end of the claimant was not enough. */
function doubt(input: DetailInput): string {
  const { lock, since } = input;
  const [found, ...others] = whoClaimed(input).claimants;
  if (found === undefined) return '';
  if (lock.claim.bornClaimed)
    return ' and had created the lock as claimed, so its environment may be incomplete';
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
  return last.map((build) => describeEnd(build, now)).join(', ');
}

function describeEnd(build: Build, now: number): string {
  const at = build.endedAt === null ? '' : ` ${describePast(build.endedAt, now)}`;
  return `${describeBuild(build)} ${build.status}${at}`;
}

function whoClaimed({ evidence, since }: DetailInput) {
  const asked = evidence.kind === 'asked' ? evidence : null;
  return { asked, claimants: asked === null ? [] : possibleClaimants(asked, since) };
}
