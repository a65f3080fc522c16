import { beforeAll, describe, expect, test } from '@jest/globals';
import { makeRepository, type TestRepository } from '../../git/make-repository.ts';
import { minutesAgo } from '../pool-at-work.ts';
import { runCli } from '../run-cli.ts';

let repository: TestRepository;

/** Thirty holds of ten minutes, a day apart, and one of two days that a person ended. */
beforeAll(() => {
  repository = makeRepository();
  repository.addUnclaimed('aws', 'env-1', { at: minutesAgo(60 * 24 * 60) });
  repository.addUnclaimed('gcp', 'env-1', { at: minutesAgo(60 * 24 * 60) });
  const day = 24 * 60;
  for (let i = 0; i < 30; i += 1) {
    const [claim, release] = ['claiming', 'unclaiming'].map(
      (what) => `main/deploy/test build ${i} ${what}: env-1`,
    );
    const at = (40 - i) * day - 60;
    repository.claim('aws', 'env-1', { at: minutesAgo(at), message: claim ?? '' });
    repository.release('aws', 'env-1', { at: minutesAgo(at - 10), message: release ?? '' });
  }
  const leak = 'main/deploy/leaky build 1 claiming: env-1';
  repository.claim('aws', 'env-1', { at: minutesAgo(3 * day), message: leak });
  const ada = 'Ada <ada@example.com>';
  repository.release('aws', 'env-1', {
    at: minutesAgo(day),
    message: 'free it',
    author: ada,
    committer: ada,
  });
});

describe('history', () => {
  test('in JSON: figures of pools and jobs, and a proposed timeout with its price', async () => {
    const { status, stdout } = await runCli([
      '--repo',
      repository.path,
      'history',
      '--since',
      '30d',
      '--output',
      'json',
    ]);
    expect(status).toBe(0);
    const { pools, jobs } = JSON.parse(stdout);
    expect(pools[0]).toMatchObject({
      name: 'aws',
      claims: 21,
      held_seconds: { count: 21, p50: 600, max: 172_800 },
      leaked: 1,
      leaked_by: [{ job: 'main/deploy/leaky', leaked: 1 }],
      stale_after: { proposed_seconds: 900, based_on_holds: 30 },
    });
    expect(pools[0].stale_after.candidates).toEqual([
      { seconds: 600, cut_short: 0, freed_sooner: 1, seconds_won: 172_200 },
      { seconds: 900, cut_short: 0, freed_sooner: 1, seconds_won: 171_900 },
    ]);
    expect(jobs.map((job: { name: string; claims: number }) => [job.name, job.claims])).toEqual([
      ['main/deploy/leaky', 1],
      ['main/deploy/test', 20],
    ]);
  });

  test('as tables', async () => {
    const { status, stdout, stderr } = await runCli(['--repo', repository.path, 'history']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/Pools\nPOOL +CLAIMS +P50/);
    expect(stdout).toMatch(/aws +21 +10m .* main\/deploy\/leaky \(1\)\n/);
    expect(stdout).toMatch(/main\/deploy\/test +20 .* same-build 20\n/);
    expect(stdout).toMatch(/Proposed stale_after\n.*\naws +none +15m +30 +10m: 0, 15m: 0\n/);
    expect(stdout).toMatch(/gcp +none +too few holds +0\n/);
  });

  test('of one pool', async () => {
    const { stdout } = await runCli([
      '--repo',
      repository.path,
      '--pools',
      'gcp',
      'history',
      '--output',
      'json',
    ]);
    expect(JSON.parse(stdout).pools.map(({ name }: { name: string }) => name)).toEqual(['gcp']);
  });
});

test('--since in the future is no time to look back to', async () => {
  const { status, stdout, stderr } = await runCli([
    '--repo',
    repository.path,
    'history',
    '--since',
    '2999-01-01',
  ]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('error: --since: expected a time in the past, got one in the future');
});
