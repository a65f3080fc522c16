import { describeDuration, longestFirst } from '../duration.ts';
import { isHeld, spanOf } from '../hold.ts';
import { claimedAt } from '../lock.ts';
import { quoteName } from '../quote-name.ts';
import { shortList } from '../text.ts';
import { isoTime } from '../time.ts';
import { labelHolder } from './present-holder.ts';
import type { Surveyed, SurveyedPool } from './surveyed.ts';

/** How many locks are named in one warning, and how many different reasons get a warning each. */
const NAMED = 5;

/** What an operator should look at, though no lock may be released for it. */
export function warningsOf(pools: readonly SurveyedPool[], now: number): string[] {
  const locks = pools.flatMap((pool) => pool.locks);
  return [...unseenWarnings(locks), ...overdueWarnings(pools), ...holdWarnings(locks, now)];
}

/** Why Concourse could not be asked about a lock; many locks as a rule share one reason. */
function unseenWarnings(locks: readonly Surveyed[]): string[] {
  const unseen = locks
    .filter(({ verdict }) => verdict.reason === 'forbidden' || verdict.reason === 'concourse-unreachable')
    .map(({ verdict }) => verdict.detail);
  const different = [...new Set(unseen)];
  if (different.length <= NAMED) return different;
  const rest = new Set(different.slice(NAMED));
  const more = unseen.filter((detail) => rest.has(detail)).length;
  return [
    ...different.slice(0, NAMED),
    `Concourse could not be asked about ${more} more locks: their verdicts say why.`,
  ];
}

/**
 * Locks that are held longer than `warn_after`. One that is stale needs no warning as well: its verdict says more, and
 * it is about to be released.
 */
function overdueWarnings(pools: readonly SurveyedPool[]): string[] {
  const overdue = pools
    .flatMap(({ policy, locks }) => locks.map((one) => ({ ...one, warnAfter: policy.warnAfter })))
    .filter(({ verdict, heldFor, warnAfter }) => {
      return verdict.reason !== 'excluded' && verdict.verdict !== 'stale' && (heldFor ?? 0) > warnAfter;
    })
    .sort((a, b) => longestFirst(a.heldFor, b.heldFor));
  const [longest, ...more] = overdue;
  if (longest === undefined) return [];
  if (more.length === 0) {
    const { lock, heldFor, evidence, verdict } = longest;
    const holder = labelHolder(lock.claim, evidence);
    return [
      `${placeOf(lock)} has been held for ${describeDuration(heldFor)} by ${holder} (${verdict.reason}).`,
    ];
  }
  const warnAfter = Math.min(...overdue.map((one) => one.warnAfter));
  const names = overdue.map(({ lock }) => placeOf(lock));
  return [
    `${overdue.length} locks have been held for more than ${describeDuration(warnAfter)}, the longest for ${describeDuration(longest.heldFor)}: ${shortList(names, NAMED)}.`,
  ];
}

/** A hold that lasts for less time than its author wrote. */
function holdWarnings(locks: readonly Surveyed[], now: number): string[] {
  return locks.flatMap(({ lock }) => {
    const { hold } = lock.claim;
    const since = claimedAt(lock.claim, now);
    if (hold === null || !isHeld(hold, since, now)) return [];
    const { until, isCutShort } = spanOf(hold, since, now);
    if (!isCutShort) return [];
    const why =
      hold.end.kind === 'unreadable'
        ? `to a date that cannot be read (${quoteName(hold.end.text)})`
        : 'for more than 90 days';
    return [`${placeOf(lock)} is held by ${hold.by} ${why}; the hold counts until ${isoTime(until)}.`];
  });
}

function placeOf({ pool, name }: Surveyed['lock']): string {
  return quoteName(`${pool}/${name}`);
}
