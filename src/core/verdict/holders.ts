import type { Build } from '../build.ts';
import { isAlive, isSameBuild } from '../build.ts';
import { type Hold, type HoldSpan, spanOf } from '../hold.ts';
import { type Claim, claimedAt } from '../lock.ts';
import type { Policy } from '../policy.ts';
import type { Asked, NextJob, WhyNext } from './evidence.ts';
import { possibleClaimants } from './rank-claimants.ts';

/** The times that decide, in unix seconds. */
export interface DecidingTimes {
  readonly now: number;
  /** When the claim was made; null where its date cannot be read. */
  readonly claimedAt: number | null;
  /** When the last holder ended, as far as that is known. */
  readonly lastEnd: number | null;
  /**
   * The timeout counts from the claim, or from the end of the last holder or of a person's hold where that is later (a
   * `put` that outlives its build can claim after the end). A claim of an unknown time counts from now.
   */
  readonly countedFrom: number;
}

export function timesOf(claim: Claim, asked: Asked | null, now: number): DecidingTimes {
  const since = claimedAt(claim, now);
  const ends = asked === null ? [] : endedHolders(asked, since).flatMap(({ endedAt }) => endedAt ?? []);
  return {
    now,
    claimedAt: since,
    lastEnd: ends.length === 0 ? null : Math.max(...ends),
    countedFrom: Math.max(since ?? now, holdEnd(claim, now) ?? 0, ...ends),
  };
}

/** The hold that covers this claim now; null where there is none, or it has ended. */
export function holdOf(claim: Claim, now: number): (Hold & HoldSpan) | null {
  const until = holdEnd(claim, now);
  if (claim.hold === null || until === null || until <= now) return null;
  return { ...claim.hold, ...spanOf(claim.hold, startOf(claim, now), now) };
}

/** When the claim's hold ended, where the timeout counts from that; null where it does not. In unix seconds. */
export function countsFromHold(claim: Claim, { now, countedFrom }: DecidingTimes): number | null {
  const end = holdEnd(claim, now);
  return end !== null && end <= now && end === countedFrom ? end : null;
}

function holdEnd(claim: Claim, now: number): number | null {
  return claim.hold === null ? null : spanOf(claim.hold, startOf(claim, now), now).until;
}

/** A hold for a claim of an unknown time counts from its own commit. */
function startOf(claim: Claim, now: number): number {
  return claimedAt(claim, now) ?? claim.hold?.committedAt ?? now;
}

/** The claimant (each build that may be it) and the takers, once they have ended. */
export function endedHolders(asked: Asked, since: number | null): Build[] {
  const claimants = possibleClaimants(asked, since).map(({ build }) => build);
  return [...claimants, ...asked.takers].filter((build) => !isAlive(build));
}

/** Of the jobs behind a holder the one that is nearest to taking the lock. One behind a build that holds nothing does not count. */
export function nextJobOf(asked: Asked, since: number | null): NextJob | null {
  const holders = [...asked.takers, ...possibleClaimants(asked, since).map(({ build }) => build)];
  const next = asked.next.filter(({ behind }) => holders.some((build) => isSameBuild(build, behind)));
  return next.toSorted((a, b) => ORDER.indexOf(a.why) - ORDER.indexOf(b.why))[0] ?? null;
}

const ORDER: readonly WhyNext[] = [
  'building',
  'just-built',
  'next-inputs',
  'in-turn',
  'undetermined',
  'paused',
];

/**
 * Whether a job behind a holder keeps the lock: for the rule that asks for it alone, since `release` gives the lock of
 * a success back although the pipeline could still use it. One that only waits does so no longer than
 * `handover_timeout` after the last holder's end.
 */
export function keepsLock(next: NextJob | null, times: DecidingTimes, policy: Policy): boolean {
  if (next === null || policy.onSuccess !== 'handover') return false;
  return !onlyWaits(next.why) || !isHandoverOver(times, policy);
}

export function isHandoverOver({ now, lastEnd, countedFrom }: DecidingTimes, policy: Policy): boolean {
  return policy.handoverTimeout !== null && now - (lastEnd ?? countedFrom) >= policy.handoverTimeout;
}

function onlyWaits(why: WhyNext): boolean {
  switch (why) {
    case 'building':
    case 'just-built':
      return false;
    case 'next-inputs':
    case 'in-turn':
    case 'undetermined':
    case 'paused':
      return true;
  }
}
