import type { Name } from '../lock.ts';
import { quoteName } from '../quote-name.ts';
import { type LockName, shownLock } from './find-lock.ts';

/** Why nothing is released. */
export type PlanProblem =
  | { readonly kind: 'over-limit'; readonly limit: number; readonly locks: readonly LockName[] }
  /** `path` as somebody wrote it. */
  | { readonly kind: 'unknown-lock'; readonly path: string; readonly nearest: LockName | null }
  | { readonly kind: 'claim-missing'; readonly lock: LockName }
  | { readonly kind: 'outside-pools'; readonly lock: LockName }
  | { readonly kind: 'conflict'; readonly lock: LockName; readonly detail: string }
  | {
      readonly kind: 'other-claim';
      readonly lock: LockName;
      readonly asked: string;
      readonly now: string;
    }
  | {
      readonly kind: 'unselected-pools';
      readonly names: readonly Name[];
      readonly selected: readonly Name[];
    }
  | { readonly kind: 'target-is-own-pool'; readonly pool: Name }
  | {
      readonly kind: 'target-missing';
      readonly pool: Name;
      readonly to: Name;
      readonly pools: readonly Name[];
    }
  | { readonly kind: 'target-incomplete'; readonly pool: Name; readonly to: Name };

/** Why one lock is not released, though the others are. */
export type PlanWarning =
  | { readonly kind: 'already-free'; readonly lock: LockName }
  | { readonly kind: 'taken-in-target'; readonly lock: LockName; readonly to: Name };

/** One sentence: what is wrong, and what to do. */
export function planProblemSentence(problem: PlanProblem): string {
  switch (problem.kind) {
    case 'over-limit':
      return overLimit(problem.limit, problem.locks);
    case 'unknown-lock':
      return unknownLockSentence(problem.path, problem.nearest);
    case 'claim-missing':
      return `release names ${shownLock(problem.lock)} without its claim; write ${shownLock(problem.lock)}@CLAIM, with the hash of the claim commit.`;
    case 'outside-pools':
      return `release names ${shownLock(problem.lock)}, which is in none of the pools that params.pools names.`;
    case 'conflict':
      return `${shownLock(problem.lock)} cannot be released: ${problem.detail}`;
    case 'other-claim':
      return `${shownLock(problem.lock)} is claimed by ${problem.now} now, not by ${problem.asked}; look at the new claim before you release it.`;
    case 'unselected-pools':
      return `params.pools names ${listed(problem.names)}, which source does not select; it selects ${listed(problem.selected) || 'none'}.`;
    case 'target-is-own-pool':
      return `Locks of pool ${quoteName(problem.pool)} cannot be released to that pool itself; name another pool in release_to, and set it only in entries of pools that do not match ${quoteName(problem.pool)}.`;
    case 'target-missing':
      return `Locks of pool ${quoteName(problem.pool)} cannot be released to ${quoteName(problem.to)}: the repository has no such pool; it has ${listed(problem.pools) || 'none'}.`;
    case 'target-incomplete':
      return `Locks of pool ${quoteName(problem.pool)} cannot be released to ${quoteName(problem.to)}: that pool needs both folders, claimed and unclaimed, each with a .gitkeep.`;
  }
}

export function planWarningSentence(warning: PlanWarning): string {
  const lock = shownLock(warning.lock);
  switch (warning.kind) {
    case 'already-free':
      return `${lock} is free already; nothing was released for it.`;
    case 'taken-in-target':
      return `${lock} was not released: pool ${quoteName(warning.to)} has a lock of that name already; remove or rename one of the two.`;
  }
}

export function unknownLockSentence(path: string, nearest: LockName | null): string {
  const hint = nearest === null ? '.' : `; did you mean ${shownLock(nearest)}?`;
  return `No selected pool has a lock ${quoteName(path)}${hint}`;
}

const SHOWN = 5;

function overLimit(limit: number, locks: readonly LockName[]): string {
  const [many, them] = locks.length === 1 ? ['1 lock', 'it'] : [`${locks.length} locks`, 'them'];
  const names = locks.slice(0, SHOWN).map(shownLock).join(', ');
  const more = locks.length > SHOWN ? ', …' : '';
  return `${many} would be released (${names}${more}), which exceeds the limit of ${limit}, so nothing was released; review ${them}, then raise limit.`;
}

function listed(names: readonly Name[]): string {
  return names.map(quoteName).join(', ');
}
