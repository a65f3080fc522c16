import { shortDuration } from '../../../core/duration.ts';
import { endedWell, isLeak } from '../../../core/history/leak.ts';
import { type History, heldFor } from '../../../core/history/lock-history.ts';
import type { Operation } from '../../../core/history/lock-operation.ts';
import { proposeTimeout } from '../../../core/history/timeout-proposal.ts';
import type { SelectedPool } from '../../../core/pools/pool-selection.ts';
import { quoteName } from '../../../core/quote-name.ts';
import { count } from '../../../core/text.ts';
import { describePast } from '../../../core/time.ts';
import { type Finding, good, type Tell, warning } from './finding.ts';

export interface HoldsInput {
  readonly pools: readonly SelectedPool[];
  readonly history: History;
  /** Oldest first. */
  readonly operations: readonly Operation[];
  readonly asksConcourse: boolean;
  readonly now: number;
  /** How far back the history goes. */
  readonly days: number;
}

/** What the past says about the timeouts, and which locks got lost. */
export function checkHolds(input: HoldsInput, tell: Tell): void {
  const findings = [...input.pools.flatMap((pool) => timeoutOf(pool, input)), ...lostLocks(input)];
  for (const finding of findings) tell(finding);
  if (findings.length > 0) return;
  const { history, pools, days } = input;
  const timed = pools.filter(({ policy }) => policy.staleAfter !== null).map(({ listing }) => listing.name);
  const holds = history.holds.filter((hold) => timed.includes(hold.pool) && endedWell(hold)).length;
  if (holds > 0)
    tell(
      good(`No timeout would have cut short any of the ${count(holds, 'hold')} of the last ${days} days.`),
    );
  else if (timed.length > 0)
    tell(good(`No hold ended in the last ${days} days, so there is nothing to compare the timeouts with.`));
}

function timeoutOf(
  { listing, policy }: SelectedPool,
  { history, asksConcourse, now }: HoldsInput,
): Finding[] {
  const holds = history.holds.filter(({ pool }) => pool === listing.name);
  const pool = quoteName(listing.name);
  const { staleAfter } = policy;
  const well = holds.filter(endedWell);
  const proposed = proposeTimeout(holds, staleAfter ?? policy.warnAfter, now).staleAfter;
  const fix = `stale_after: ${shortDuration(proposed ?? 86_400).replaceAll(' ', '')} (see pool-boy history)`;
  if (staleAfter === null) {
    const handedOn = well.filter(({ end }) => end.kind === 'released' && end.by !== 'same-build').length;
    if (!asksConcourse)
      return [
        warning(
          `Pool ${pool} has no stale_after, and no Concourse is configured, so no lock there is ever judged.`,
          fix,
        ),
      ];
    if (handedOn === 0) return [];
    return [
      warning(
        `Pool ${pool} has no stale_after, but its locks are handed on (${handedOn} of ${count(well.length, 'past hold')} ended in another build), so one that gets stuck in between is never freed.`,
        fix,
      ),
    ];
  }
  const longer = well.filter((hold) => (heldFor(hold, now) ?? 0) > staleAfter);
  if (longer.length === 0) return [];
  const leaks = holds.filter((hold) => isLeak(hold, staleAfter, now)).length;
  return [
    warning(
      `The timeout of pool ${pool}, ${shortDuration(staleAfter)}, is shorter than ${longer.length} of ${count(well.length, 'past hold')} that ended well (${leaks} leaked); each of them could have lost its lock where age alone decides.`,
      fix,
    ),
  ];
}

/** Deleted with no word of the pool resource: somebody meant to do something else. */
function lostLocks({ operations, pools, now }: HoldsInput): Finding[] {
  const last = new Map<string, Operation>();
  for (const one of operations) last.set(JSON.stringify([one.pool, one.lock]), one);
  return [...last.values()]
    .filter(({ kind, owner }) => kind === 'remove' && owner.kind === 'person')
    .filter(({ pool, lock }) => !isThere(pool, lock, pools))
    .map(({ pool, lock, author, at, commit }) =>
      warning(
        `${quoteName(`${pool}/${lock}`)} is in neither folder any more; ${author} took it out by hand ${describePast(at, now)}.`,
        `git revert ${commit} # if that was a mistake`,
      ),
    );
}

function isThere(pool: string, lock: string, pools: readonly SelectedPool[]): boolean {
  const listing = pools.find((one) => one.listing.name === pool)?.listing;
  return [...(listing?.claimed ?? []), ...(listing?.unclaimed ?? [])].includes(lock);
}
