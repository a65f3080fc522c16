import { bodyOf, trailersIn } from './messages/trailers.ts';
import { quoteName } from './quote-name.ts';
import { shortText } from './text.ts';
import { CLOCK_TOLERANCE, parseIsoTime } from './time.ts';

/** When a hold ends, as its `Hold-Until` says. */
export type HoldEnd =
  /** Unix seconds. */
  | { readonly kind: 'at'; readonly at: number }
  /** It ends with the commit that says so. */
  | { readonly kind: 'now' }
  /** No date that a calendar holds. Whoever wrote it wanted a hold, so it lasts as long as one may. */
  | { readonly kind: 'unreadable'; readonly text: string };

/** A person's word that a claimed lock must not be released for a while. */
export interface Hold {
  /** The commit that says so; the claim itself, where the hold was made with it. */
  readonly commit: string;
  /** The commit's author. */
  readonly by: string;
  /** Null where none was given. */
  readonly reason: string | null;
  readonly end: HoldEnd;
  /** Unix seconds; null where the commit's date cannot be read. */
  readonly committedAt: number | null;
}

/** A hold, and the one claim that it is for. */
export interface HoldOnClaim {
  /** `POOL/LOCK`, as the trailer has it: quoted, where git would quote the path. */
  readonly path: string;
  /** The claim commit. */
  readonly claim: string;
  readonly hold: Hold;
}

/** The part of a commit that a hold is read from. */
export interface HoldCommit {
  readonly commit: string;
  readonly author: string;
  readonly committedAt: number | null;
  readonly message: string;
}

/** How long a hold lasts at most, in seconds: 90 days. */
export const LONGEST_HOLD = 90 * 86_400;

const HOLD_UNTIL = /^Hold-Until:/;

const HOLD = /^(.+)@([0-9a-f]{40}|[0-9a-f]{64})$/u;

/**
 * The holds that a commit makes, one for each `Hold: POOL/LOCK@CLAIM` trailer beside a `Hold-Until`. Anybody who can
 * push can write one; each concerns the claim that it names and nothing else.
 */
export function holdsMadeBy(commit: HoldCommit): readonly HoldOnClaim[] {
  const trailers = trailersIn(commit.message);
  const until = trailers.findLast(({ key }) => key === 'Hold-Until');
  if (until === undefined) return [];
  const hold = holdOf(commit, until.value);
  return trailers
    .filter(({ key }) => key === 'Hold')
    .flatMap(({ value }) => {
      const [, path, claim] = HOLD.exec(value) ?? [];
      return path === undefined || claim === undefined ? [] : [{ path, claim, hold }];
    });
}

/**
 * The hold in a claim's own message: who claims by hand can say for how long. Any line below the subject counts, also
 * where git would see no trailer: whoever forgets the blank line before it means it no less.
 */
export function holdWithClaim(claim: HoldCommit): Hold | null {
  const [, ...lines] = claim.message.split(/\r?\n/);
  const until = lines.findLast((line) => HOLD_UNTIL.test(line));
  return until === undefined ? null : holdOf(claim, until.replace(HOLD_UNTIL, '').trim());
}

/** In characters. Who and why go into each log, report and metadata, and anybody who can push writes them. */
const MOST_NAME = 200;
const MOST_REASON = 1000;

function holdOf({ commit, author, committedAt, message }: HoldCommit, until: string): Hold {
  const reason = bodyOf(message);
  return {
    commit,
    by: shortText(author, MOST_NAME),
    reason: reason === '' ? null : shortText(reason, MOST_REASON),
    end: endOf(until),
    committedAt,
  };
}

function endOf(text: string): HoldEnd {
  if (text.toLowerCase() === 'now') return { kind: 'now' };
  const at = parseIsoTime(text, 'end of the day');
  return at === null ? { kind: 'unreadable', text: shortText(text, MOST_NAME) } : { kind: 'at', at };
}

/** Whether a hold's trailer names this lock. */
export function isHoldOn(path: string, pool: string, lock: string): boolean {
  return path === `${pool}/${lock}` || path === quoteName(`${pool}/${lock}`);
}

/** How far a hold reaches. */
export interface HoldSpan {
  /** Unix seconds. */
  readonly until: number;
  /** It was written to last longer than a hold may, or to a date that cannot be read. */
  readonly isCutShort: boolean;
}

/**
 * How far a hold reaches: 90 days at most from its commit. Where that date cannot be true (none, in the future, or
 * before the claim that it is for), they count from the claim, or a wrong clock could hold a lock for years.
 * `claimedAt` (null where it is not known) and
 * `now` in unix seconds.
 */
export function spanOf({ end, committedAt }: Hold, claimedAt: number | null, now: number): HoldSpan {
  const isPlausible =
    committedAt !== null && committedAt <= now + CLOCK_TOLERANCE && committedAt >= (claimedAt ?? 0);
  const start = isPlausible ? committedAt : (claimedAt ?? now);
  const longest = start + LONGEST_HOLD;
  switch (end.kind) {
    case 'now':
      return { until: start, isCutShort: false };
    case 'unreadable':
      return { until: longest, isCutShort: true };
    case 'at':
      return { until: Math.min(end.at, longest), isCutShort: end.at > longest };
  }
}

/** Whether the hold still lasts. */
export function isHeld(hold: Hold | null, claimedAt: number | null, now: number): boolean {
  return hold !== null && now < spanOf(hold, claimedAt, now).until;
}
