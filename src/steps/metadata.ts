import { describeDuration } from '../core/duration.ts';
import { quoteName } from '../core/quote-name.ts';
import { describeHold } from '../report/hold-text.ts';
import type { Report } from '../report/model.ts';
import type { Metadatum } from '../request/response.ts';

/** What an operator wants to see on the resource's page. Names come from outside: one line each. */
export function metadataOf(report: Report, extra: readonly Metadatum[] = []): Metadatum[] {
  const { summary, repository } = report;
  const numbers = ['pools', 'claimed', 'unclaimed', 'stale', 'undecided', 'released'] as const;
  return [
    { name: 'branch', value: `${repository.branch} at ${repository.ref.slice(0, 10)}` },
    ...numbers.map((name) => ({ name, value: String(summary[name]) })),
    ...extra,
    ...report.released.map(({ pool, lock, reason, held_seconds, to }) => ({
      name: `released ${quoteName(`${pool}/${lock}`)}`,
      value: `${reason}, held for ${describeDuration(held_seconds)}${to === null ? '' : `, to pool ${quoteName(to)}`}`,
    })),
    ...report.pools.flatMap((pool) =>
      pool.locks.flatMap((lock) =>
        lock.state === 'claimed' && lock.verdict !== 'live'
          ? [
              {
                name: `${lock.verdict} ${quoteName(`${pool.name}/${lock.name}`)}`,
                value: `${lock.reason}: ${lock.detail}`,
              },
            ]
          : [],
      ),
    ),
    ...report.pools.flatMap((pool) =>
      pool.locks.flatMap((lock) =>
        lock.state === 'claimed' && lock.hold !== null
          ? [{ name: `held ${quoteName(`${pool.name}/${lock.name}`)}`, value: describeHold(lock.hold) }]
          : [],
      ),
    ),
    ...report.warnings.map((value) => ({ name: 'warning', value })),
  ];
}
