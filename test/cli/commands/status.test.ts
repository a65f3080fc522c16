import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type PoolAtWork, poolAtWork } from '../pool-at-work.ts';
import { plain, runAtTerminal } from '../run-at-terminal.ts';
import { cleanEnvironment, homeWith, PROGRAM, runCli } from '../run-cli.ts';

let pool: PoolAtWork;
beforeAll(async () => {
  pool = await poolAtWork();
});
const withTimeout = () => [...pool.withConcourse, '--stale-after', '8h'];

describe('status', () => {
  test('is a table with what is stale first, and says who holds what and why', async () => {
    const { status, stdout, stderr } = await runCli([...withTimeout(), 'status'], { env: pool.env });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^POOL\/LOCK +HELD SINCE +HELD BY +VERDICT +WHY$/);
    expect(lines[1]).toMatch(
      /^aws\/env-1 +\d\d:\d\d UTC \(50 minutes\) +main\/deploy\/test #2 +stale: build-ended +main\/deploy\/test #2 failed 30 minutes ago/,
    );
    expect(lines[2]).toMatch(/^aws\/env-3 .* Ada Lovelace \(by hand\) +live: within-timeout /);
    expect(lines[3]).toMatch(/^aws\/env-2 .* main\/deploy\/test #3 +live: build-running /);
    expect(lines.slice(4)).toEqual([
      '',
      'aws: 3 of 4 locks claimed, 1 free, timeout 8 hours',
      'Pool Boy: 1 of 3 claimed locks stale (aws/env-1: build-ended), in 1 pool.',
      '',
    ]);
  });

  test('--output json is the report', async () => {
    const { stdout } = await runCli([...withTimeout(), 'status', '--output', 'json'], { env: pool.env });
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ schema: 1, summary: { claimed: 3, unclaimed: 1, stale: 1 } });
    expect(report.pools[0].locks[0].name).toBe('env-1');
  });

  test.each([
    ['markdown', '# Pool Boy\n'],
    ['html', '<!doctype html>'],
  ])('--output %s', async (form, start) => {
    const { status, stdout } = await runCli([...withTimeout(), 'status', '--output', form], {
      env: pool.env,
    });
    expect(status).toBe(0);
    expect(stdout.slice(0, start.length)).toBe(start);
    expect(stdout).toContain('env-1');
  });

  test('--exit-code is 3 when locks are stale, and 0 when none is', async () => {
    const stale = await runCli([...withTimeout(), 'status', '--exit-code'], { env: pool.env });
    expect(stale.status).toBe(3);
    const keep = ['--on-failure', 'keep'];
    const fine = await runCli([...withTimeout(), ...keep, 'status', '--exit-code'], { env: pool.env });
    expect(fine.status).toBe(0);
  });

  test('options may stand behind the command', async () => {
    const { status } = await runCli(['status', ...withTimeout(), '--exit-code'], { env: pool.env });
    expect(status).toBe(3);
  });

  test('without a timeout and a Concourse it warns, and reports all the same', async () => {
    const { status, stdout, stderr } = await runCli([...pool.args, 'status']);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr:
        'warning: There is neither a timeout nor a Concourse, so no lock in aws can be judged stale; set --pools POOL:MINUTES, --stale-after or --concourse-url.\n',
    });
    expect(stdout).toContain('undecided: no-timeout');
  });

  test('trouble with Concourse leaves locks undecided', async () => {
    const args = [...pool.args, '--concourse-url', 'http://127.0.0.1:9', 'status'];
    const { status, stdout, stderr } = await runCli(args);
    expect(status).toBe(0);
    expect(stdout).toContain('undecided: concourse-unreachable');
    expect(stderr).toContain('warning: http://127.0.0.1:9 ');
  });

  test('a wrong password is one clear sentence, and never shown', async () => {
    const env = { CONCOURSE_PASSWORD: 'not-the-password' };
    const { stderr } = await runCli([...pool.withConcourse, 'status'], { env });
    expect(stderr).toContain('refuses the password of pool-boy');
    expect(stderr).not.toContain('not-the-password');
  });

  test('a pool that is not there is an error that names those that are', async () => {
    const { status, stdout, stderr } = await runCli([
      '--repo',
      pool.repository.path,
      '--pools',
      'aw:60',
      'status',
    ]);
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr: 'error: The repository has no pool aw; it has aws.\n',
    });
  });

  test('--verbose tells what git does', async () => {
    const { stderr } = await runCli([...pool.args, '--verbose', '--stale-after', '60', 'status']);
    expect(stderr).toContain('debug: git fetch');
  });

  test.each(['status', 'clean'])('a refused token of fly says how to get a new one: %s', async (command) => {
    const home = homeWith(`targets: {ci: {api: "${pool.atc.url}", token: {value: opaque}}}`);
    const { stderr } = await runCli([...pool.args, '--target', 'ci', command], { env: { HOME: home } });
    expect(stderr).toContain('log in again with: fly --target ci login');
    expect(stderr).not.toContain('opaque');
  });
});

test('a reader that goes away early is no error', () => {
  const command = `'${PROGRAM}' --repo '${pool.repository.path}' --stale-after 60 status --output json | head -c 1`;
  const { stdout, stderr } = spawnSync('sh', ['-c', command], { env: cleanEnvironment(), encoding: 'utf8' });
  expect(stdout).toBe('{');
  expect(stderr).not.toContain('error');
});

describe('status at a terminal', () => {
  const at = async (columns: number, ...more: string[]) => {
    const args = [...withTimeout(), 'status', ...more];
    const { screen } = await runAtTerminal(args, { env: pool.env, columns });
    return plain(screen).split('\n');
  };

  test('is one line for each lock by pool, and says why only of those that need a look', async () => {
    const lines = await at(100);
    expect(lines[0]).toMatch(/^ {2}POOL\/LOCK +HELD FOR +HELD BY +VERDICT$/);
    expect(lines[1]).toBe('aws: 3 of 4 locks claimed, 1 free, timeout 8 hours');
    expect(lines[2]).toMatch(/^ {2}aws\/env-1 +50m +main\/deploy\/test #2 +stale: build-ended$/);
    const why = lines
      .slice(3, -5)
      .map((line) => line.trim())
      .join(' ');
    expect(why).toMatch(
      /^main\/deploy\/test #2 failed 30 minutes ago .* and still holds the lock, claimed 50/,
    );
    expect(lines.slice(-5)).toEqual([
      expect.stringMatching(/^ {2}aws\/env-3 +2h 5m +Ada Lovelace \(by hand\) +live: within-timeout$/),
      expect.stringMatching(/^ {2}aws\/env-2 +40m +main\/deploy\/test #3 +live: build-running$/),
      '',
      'Pool Boy: 1 of 3 claimed locks stale (aws/env-1: build-ended), in 1 pool.',
      '',
    ]);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
  });

  test('shortens only who holds it where there is no room', async () => {
    const lines = await at(66);
    const locks = lines.filter((line) => line.startsWith('  aws/'));
    expect(locks).toHaveLength(3);
    for (const line of locks) expect(line.length).toBeLessThanOrEqual(66);
    expect(locks[1]).toMatch(/^ {2}aws\/env-3 +2h 5m +Ada Lovelace \(by han… +live: within-timeout$/);
  });

  test('--wide is the whole table', async () => {
    expect((await at(300, '--wide'))[0]).toMatch(/^POOL\/LOCK +HELD SINCE +HELD BY +VERDICT +WHY$/);
  });
});
