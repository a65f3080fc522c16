import { beforeAll, describe, expect, test } from '@jest/globals';
import { minutesAgo, type PoolAtWork, poolAtWork } from '../pool-at-work.ts';
import { runCli } from '../run-cli.ts';

let pool: PoolAtWork;
beforeAll(async () => {
  pool = await poolAtWork();
});
const explain = (lock: string, ...args: string[]) =>
  runCli([...pool.withConcourse, '--stale-after', '8h', 'explain', lock, ...args], { env: pool.env });

describe('explain', () => {
  test('a lock that is stale: what Concourse said, what decided, and what would change it', async () => {
    const { status, stdout, stderr } = await explain('aws/env-1');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(
      /^aws\/env-1 is claimed by main\/deploy\/test #2 since 50 minutes ago \(.* UTC\), commit [0-9a-f]{40}\.\n/,
    );
    expect(stdout).toContain('Verdict: stale (build-ended)\n  main/deploy/test #2 failed 30 minutes ago');
    const text = stdout.replace(/\n {2}/g, ' ');
    expect(text).toContain(
      'The build that claimed was found under its name: main/deploy/test #2 is failed, started',
    );
    expect(text).toContain('Proof that it made the claim: the claim is among its outputs.');
    expect(text).toContain('No running build that the account can see has the claim.');
    expect(text).toContain(
      'What would change it The next run releases it; to keep only this one for a while use pool-boy hold, and to keep locks of such builds set on_failure',
    );
    expect(stdout).toMatch(
      /History\nWHEN +WHAT +HELD +BY +COMMIT\n.* added .*\n.* claimed +main\/deploy\/test #2 +[0-9a-f]{10}\n$/,
    );
  });

  test('a name that is wrong by one letter', async () => {
    const { status, stderr } = await explain('aws/env-9');
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'error: There is no lock aws/env-9, and there never was one; did you mean aws/env-1?\n',
    });
  });

  test('a build that runs keeps its lock, proof or not', async () => {
    const busy = await poolAtWork();
    busy.repository.claim('aws', 'env-4', {
      at: minutesAgo(10),
      message: 'main/deploy/test build 9 claiming: env-4',
    });
    busy.ci.pipelines[0]?.build('test', { name: '9', status: 'started', start: minutesAgo(11) });
    const { stdout } = await runCli([...busy.withConcourse, 'explain', 'aws/env-4'], { env: busy.env });
    const text = stdout.replace(/\n {2}/g, ' ');
    expect(text).toContain(
      'It is alive, which keeps the lock, with or without a proof that it made the claim.',
    );
    expect(text).not.toContain('its end alone frees nothing');
  });

  test('a lock that is free', async () => {
    const { stdout } = await explain('aws/env-4');
    expect(stdout.split('\n')[0]).toBe('aws/env-4 is free.');
  });

  test('a name that is nearly right', async () => {
    const { status, stderr } = await explain('asw/env-4');
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'error: No pool has a lock asw/env-4; did you mean aws/env-4?\n',
    });
  });

  test('a lock that never was', async () => {
    const { status, stderr } = await explain('aws/nothing');
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'error: There is no lock aws/nothing, and there never was one; see `pool-boy status`.\n',
    });
  });

  test('in JSON', async () => {
    const { stdout } = await explain('aws/env-3', '--output', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 1,
      pool: 'aws',
      lock: 'env-3',
      state: 'claimed',
      claim: pool.claims['env-3'],
      verdict: 'live',
      reason: 'within-timeout',
      concourse: [
        'The claim names no build.',
        'No running build that the account can see has the claim.',
      ].slice(0, 1),
      operations: [{ kind: 'claim', by: 'Ada Lovelace' }, { kind: 'add' }],
    });
  });
});

test('the story tells who released after how long, oldest first, and ends at --limit', async () => {
  const { repository, args } = await poolAtWork();
  const build = (what: string, n: number) => `main/deploy/test build ${n} ${what}: env-4`;
  for (let i = 0; i < 3; i += 1) {
    repository.claim('aws', 'env-4', { at: minutesAgo(30 - 10 * i), message: build('claiming', 10 + i) });
    repository.release('aws', 'env-4', { at: minutesAgo(25 - 10 * i), message: build('unclaiming', 10 + i) });
  }
  const { stdout } = await runCli([...args, 'explain', 'aws/env-4', '--limit', '2']);
  const story = stdout.slice(stdout.indexOf('History')).split('\n');
  expect(story[2]).toMatch(/UTC +claimed +main\/deploy\/test #12 +[0-9a-f]{10}$/);
  expect(story[3]).toMatch(
    /UTC +released +after 5 minutes +main\/deploy\/test #12 \(same-build\) +[0-9a-f]{10}$/,
  );
  expect(story[4]).toBe('There are older entries; use --limit 20 to see them.');
});

test('what Concourse said shows no secret, in whatever form', async () => {
  const { repository, withConcourse, env } = await poolAtWork();
  const url = 'https://s3cret-host.example/builds/7';
  repository.claim('aws', 'env-4', {
    at: minutesAgo(30),
    message: `main/deploy/test build 9 claiming: env-4\n\nBuild URL: ${url}`,
  });
  const gateway = ['--push-gateway', 'http://someone:s3cret-host@127.0.0.1:9'];
  for (const output of ['json', 'text']) {
    const args = [...withConcourse, ...gateway, 'explain', 'aws/env-4', '--output', output];
    const { stdout } = await runCli(args, { env });
    expect(stdout).toContain('The claim was made by the Concourse on ***.example');
    expect(stdout).not.toContain('s3cret-host');
  }
});

test('--limit 0 would tell no story', async () => {
  const { status, stdout, stderr } = await explain('aws/env-4', '--limit', '0');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('error: --limit: expected at least 1, got 0.');
});

test('the story ends with the claim of a lock that a merge claimed', async () => {
  const { repository, args } = await poolAtWork();
  repository.startBranch('side');
  repository.commitByHand('elsewhere', [{ write: 'README.md' }], { branch: 'side' });
  const move = { move: 'aws/unclaimed/env-4', to: 'aws/claimed/env-4' };
  const merge = repository.merge('side', [move], { at: minutesAgo(20), author: 'Ada <a@b>' });
  const { stdout } = await runCli([...args, 'explain', 'aws/env-4', '--output', 'json']);
  expect(JSON.parse(stdout)).toMatchObject({
    claim: merge,
    operations: [{ kind: 'claim' }, { kind: 'add' }],
  });
});
