import type { Name } from '../../core/lock.ts';
import { trailersIn } from '../../core/messages/trailers.ts';
import { quoteName } from '../../core/quote-name.ts';
import type { ClaimToMake, HoldToMake, Release } from '../../core/release/release-plan.ts';
import { onOneLine } from '../../core/text.ts';
import { isoTime } from '../../core/time.ts';

/** What all commits of one run have in common. */
export interface RunInfo {
  /** A UUID: how a later run finds what this one did. */
  readonly run: string;
  readonly version: string;
  /** This build's page, where it is known. */
  readonly buildUrl: string | null;
}

/** Subject as the pool resource writes it, then why, then what programs read. */
export function releaseMessage(release: Release, { run, version, buildUrl }: RunInfo): string {
  const trailers = {
    Pool: quoteName(release.pool),
    Lock: quoteName(release.lock),
    Claim: release.claim,
    'Held-For': release.heldFor === null ? 'unknown' : String(Math.max(0, Math.round(release.heldFor))),
    Reason: release.reason,
    ...(release.to === null ? {} : { 'Released-To': quoteName(release.to) }),
    'Released-By': `pool-boy ${version}`,
    Run: run,
    ...(buildUrl === null ? {} : { 'Build-URL': buildUrl }),
  };
  return `unclaiming: ${quoteName(release.lock)}\n\n${sentence(release.detail)}\n\n${lines(trailers)}`;
}

/** For the commit that keeps git from dropping a folder whose last lock goes. */
export function keepMessage(pool: Name, folder: 'claimed' | 'unclaimed', run: string): string {
  return `keeping ${quoteName(`${pool}/${folder}`)}\n\n${lines({ Run: run })}`;
}

/** A commit that changes no file: only its trailers say something, and the pool resource sees nothing of it. */
export function holdMessage({ pool, lock, claim, until, reason }: HoldToMake, run: string): string {
  const what = until === null ? 'no longer holding' : 'holding';
  const end = until === null ? '' : ` until ${isoTime(until)}`;
  const trailers = {
    Hold: `${quoteName(`${pool}/${lock}`)}@${claim}`,
    'Hold-Until': until === null ? 'now' : isoTime(until),
    Run: run,
  };
  return `${what} ${quoteName(lock)}${end}\n\n${sentence(reason)}\n\n${lines(trailers)}`;
}

/** A claim by hand, by a subject that tells it from the pool resource's. */
export function claimMessage({ lock, by, until, reason }: ClaimToMake, run: string): string {
  const hold = until === null ? {} : { 'Hold-Until': isoTime(until) };
  const subject = `manually claiming: ${quoteName(lock)} by ${trimmedLine(by)}`;
  return `${subject}\n\n${sentence(reason)}\n\n${lines({ ...hold, Run: run })}`;
}

function lines(trailers: Readonly<Record<string, string>>): string {
  return Object.entries(trailers)
    .map(([key, value]) => `${key}: ${trimmedLine(value)}\n`)
    .join('');
}

/** One line, so that no text of others can stand where trailers do; git ends a message at a line of dashes. */
function sentence(text: string): string {
  const line = trimmedLine(text);
  return /^(---|$)/.test(line) ? `By Pool Boy. ${line}`.trimEnd() : line;
}

function trimmedLine(text: string): string {
  return onOneLine(text.toWellFormed()).trim();
}

/** The trailers of a message by their keys; of two with one key the later one counts. */
export function trailersOf(message: string): ReadonlyMap<string, string> {
  return new Map(trailersIn(message).map(({ key, value }) => [key, value]));
}

/** The claim that a commit of ours released; null for everybody else's commits. */
export function claimReleasedBy(message: string): string | null {
  const trailers = trailersOf(message);
  if (!message.startsWith('unclaiming: ') || !/^pool-boy( |$)/.test(trailers.get('Released-By') ?? '')) {
    return null;
  }
  return commitId(trailers.get('Claim'));
}

/** The commit that `git revert` says it undid, where that one had the subject of a release. */
export function revertedRelease(message: string): string | null {
  if (!message.startsWith('Revert "unclaiming: ')) return null;
  return commitId(/^This reverts commit ([0-9a-f]+)[.,]/m.exec(message)?.[1]);
}

function commitId(text: string | undefined): string | null {
  return text !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text) ? text : null;
}
