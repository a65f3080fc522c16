import { quoteName } from '../core/quote-name.ts';
import { isStale, type SurveyedPool } from '../core/survey/surveyed.ts';
import { count, shortList } from '../core/text.ts';
import type { Report } from './model.ts';

/** How many locks are named in a line. */
const NAMED = 5;

/** One line for a chat. */
export function summaryLine(report: Report): string {
  const { claimed, stale, undecided, released, pools, unclaimed } = report.summary;
  if (claimed === 0 && released === 0) {
    return `Pool Boy: no lock is claimed; ${count(unclaimed, 'lock')} free in ${count(pools, 'pool')}.`;
  }
  if (claimed === 0) {
    return `Pool Boy: released ${count(released, 'lock')} (${releasedNames(report)}); no lock is claimed now.`;
  }
  const parts = [
    released > 0 ? `released ${count(released, 'lock')} (${releasedNames(report)})` : null,
    `${stale} of ${count(claimed, 'claimed lock')} stale${staleNames(report)}`,
    undecided > 0 ? `${undecided} undecided` : null,
  ];
  return `Pool Boy: ${parts.filter((part) => part !== null).join(', ')}, in ${count(pools, 'pool')}.`;
}

function releasedNames({ released }: Report): string {
  return shortList(
    released.map(({ pool, lock, reason }) => `${quoteName(`${pool}/${lock}`)}: ${reason}`),
    NAMED,
  );
}

/**
 * A pool counts only claims that are still the newest at the head, and its locks do not say which those are: where
 * the two differ, the pool alone is named.
 */
function staleNames({ pools }: Report): string {
  const names = pools
    .filter(({ stale }) => stale > 0)
    .flatMap((pool) => {
      const locks = pool.locks.filter((lock) => lock.state === 'claimed' && lock.verdict === 'stale');
      if (locks.length !== pool.stale) return [`${pool.stale} in ${quoteName(pool.name)}`];
      return locks.flatMap((lock) =>
        lock.state === 'claimed' ? [`${quoteName(`${pool.name}/${lock.name}`)}: ${lock.reason}`] : [],
      );
    });
  return names.length === 0 ? '' : ` (${shortList(names, NAMED)})`;
}

/** The file `stale`: one `pool/lock` a line, empty when there is none. */
export function staleLines(pools: readonly SurveyedPool[]): string {
  const names = pools
    .flatMap(({ locks }) => locks.filter(isStale))
    .map(({ lock }) => quoteName(`${lock.pool}/${lock.name}`));
  return names.map((name) => `${name}\n`).join('');
}
