import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { metricsPushes, type RunMetrics } from '../../src/metrics/metrics.ts';
import { metricsGroupPath } from '../../src/metrics/metrics-group.ts';
import { exposition } from '../../src/metrics/metrics-text.ts';
import { describeWith } from '../external-program.ts';
import { claimedLock, freeLock, NOW, poolOf, reportOf } from '../report/make-reports.ts';

const run: RunMetrics = {
  succeeded: true,
  finishedAt: NOW,
  durationSeconds: 1.25,
  failures: { atc: 1, git: 0 },
};
const repository = { uri: 'git@git.example:infra/locks.git', branch: 'main' };
const report = reportOf(
  [
    poolOf('aws', [
      claimedLock('a', { held_seconds: 90_000, verdict: 'stale', reason: 'timed-out' }),
      claimedLock('b', { verdict: 'undecided', reason: 'no-timeout' }),
      claimedLock('c'),
      freeLock('d'),
    ]),
    poolOf('cf/experimental', [freeLock('e')]),
  ],
  {
    released: [
      { pool: 'aws', lock: 'x', commit: 'c', claim: 'd', reason: 'build-ended', held_seconds: 60, to: null },
      { pool: 'aws', lock: 'y', commit: 'c', claim: 'd', reason: 'build-ended', held_seconds: 60, to: null },
    ],
  },
);

test('A run that succeeded replaces the group of each pool as a whole', () => {
  const [aws, cf, ...more] = metricsPushes({
    repository,
    run,
    report,
    namedPools: ['aws', 'cf/experimental'],
  });
  expect(more).toEqual([]);
  expect(cf?.path).toBe(metricsGroupPath({ ...repository, pool: 'cf/experimental' }));
  expect(aws?.method).toBe('PUT');
  expect(
    aws?.body,
  ).toBe(`# HELP pool_boy_locks Locks of the pool by state after the run; stale and undecided ones are claimed as well.
# TYPE pool_boy_locks gauge
pool_boy_locks{state="claimed"} 3
pool_boy_locks{state="unclaimed"} 1
pool_boy_locks{state="stale"} 1
pool_boy_locks{state="undecided"} 1
# HELP pool_boy_oldest_claim_age_seconds How long the lock that was claimed first has been held; 0 when none is claimed.
# TYPE pool_boy_oldest_claim_age_seconds gauge
pool_boy_oldest_claim_age_seconds 90000
# HELP pool_boy_last_run_released_locks Locks that the last run released, by reason.
# TYPE pool_boy_last_run_released_locks gauge
pool_boy_last_run_released_locks{reason="build-ended"} 2
pool_boy_last_run_released_locks{reason="timed-out"} 0
pool_boy_last_run_released_locks{reason="by-request"} 0
# HELP pool_boy_last_run_success Whether the last run succeeded: 1 or 0.
# TYPE pool_boy_last_run_success gauge
pool_boy_last_run_success 1
# HELP pool_boy_last_run_duration_seconds How long the last run took.
# TYPE pool_boy_last_run_duration_seconds gauge
pool_boy_last_run_duration_seconds 1.25
# HELP pool_boy_last_run_timestamp_seconds When the last run ended.
# TYPE pool_boy_last_run_timestamp_seconds gauge
pool_boy_last_run_timestamp_seconds ${NOW}
# HELP pool_boy_last_run_failures 1 for the system whose failure ended the last run, else 0.
# TYPE pool_boy_last_run_failures gauge
pool_boy_last_run_failures{system="atc"} 1
pool_boy_last_run_failures{system="git"} 0
# HELP pool_boy_last_success_timestamp_seconds When a run last succeeded.
# TYPE pool_boy_last_success_timestamp_seconds gauge
pool_boy_last_success_timestamp_seconds ${NOW}
`);
});

describe('Which groups a run writes:', () => {
  const failed = { ...run, succeeded: false };
  const written = (input: Parameters<typeof metricsPushes>[0]) =>
    metricsPushes(input).map(({ method, path }) => [method, poolOfPath(path)]);
  test.each([
    [
      'a success, those of its pools',
      { run, report, namedPools: ['aws'] },
      [
        ['PUT', 'aws'],
        ['PUT', 'cf/experimental'],
      ],
    ],
    [
      'a success where no pool is named, also one for the runs',
      { run, report, namedPools: [] },
      [
        ['PUT', 'aws'],
        ['PUT', 'cf/experimental'],
        ['POST', ''],
      ],
    ],
    [
      'an early failure adds to those of the named pools',
      { run: failed, report: null, namedPools: ['aws'] },
      [['POST', 'aws']],
    ],
    [
      'an early failure that knows no pool has the one for the runs',
      { run: failed, report: null, namedPools: [] },
      [['POST', '']],
    ],
    [
      'a late failure adds to those of its pools',
      { run: failed, report, namedPools: ['aws', 'gone'] },
      [
        ['POST', 'aws'],
        ['POST', 'cf/experimental'],
        ['POST', 'gone'],
      ],
    ],
  ])('%s', (_, input, want) => {
    expect(written({ repository, ...input })).toEqual(want);
  });

  test('a failure that knows no branch has a group without one, which the next success takes away', () => {
    const branchOf = (path: string) => /branch@base64\/([^/]+)/.exec(path)?.[1];
    const { uri } = repository;
    const early = { run: failed, report: null, namedPools: ['aws'], asksForBranch: true };
    const [push] = metricsPushes({ ...early, repository: { uri, branch: null } });
    expect([push?.method, branchOf(push?.path ?? '')]).toEqual(['POST', '=']);
    const later = metricsPushes({ ...early, repository, run, report });
    expect(later.filter(({ method }) => method === 'DELETE').map(({ path }) => path)).toEqual([push?.path]);
    const settled = metricsPushes({ ...early, repository, run, report, asksForBranch: false });
    expect(settled.map(({ method }) => method)).not.toContain('DELETE');
  });

  test('a failure does not write when a run last succeeded', () => {
    const [push] = metricsPushes({ repository, run: failed, report: null, namedPools: ['aws'] });
    expect(push?.body).toContain('pool_boy_last_run_success 0\n');
    expect(push?.body).not.toContain('last_success');
  });
});

test('A label takes any text, and stays on its line', () => {
  const text = exposition([
    {
      name: 'm',
      help: 'a\\b\nc',
      samples: [{ labels: { reason: 'q"\\\n\ud800é' }, value: Number.POSITIVE_INFINITY }],
    },
  ]);
  expect(text).toBe('# HELP m a\\\\b\\nc\n# TYPE m gauge\nm{reason="q\\"\\\\\\n\uFFFDé"} +Inf\n');
});

describeWith('promtool', 'prometheus', 'Prometheus', (promtool) => {
  test('finds nothing to object to', () => {
    for (const { body } of metricsPushes({ repository, run, report, namedPools: [] })) {
      expect(execFileSync(promtool, ['check', 'metrics'], { input: body, stdio: 'pipe' }).toString()).toBe(
        '',
      );
    }
  });
});

function poolOfPath(path: string): string {
  return Buffer.from(path.split('/').at(-1) ?? '', 'base64url').toString();
}
