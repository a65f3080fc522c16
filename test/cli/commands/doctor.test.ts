import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { makeRepository } from '../../git/make-repository.ts';
import { minutesAgo, poolAtWork } from '../pool-at-work.ts';
import { runCli } from '../run-cli.ts';

describe('doctor', () => {
  test('a set-up without a fault', async () => {
    const pool = await poolAtWork();
    const args = [...pool.withConcourse, '--branch', 'main', '--stale-after', '8h', 'doctor'];
    const { status, stdout } = await runCli(args, { env: pool.env });
    expect(stdout.replace(/\n {2}(?! )/g, ' ').split('\n')).toEqual([
      expect.stringMatching(/^✓ The repository .* can be read; branch main is at [0-9a-f]{10}\.$/),
      expect.stringContaining('✓ The account may push there (shown by a push of what is there already;'),
      '✓ 1 pool: all have both folders, and no lock is in two of them.',
      `✓ ${pool.atc.url} answers (Concourse 8.2.5) and accepts the login.`,
      '✓ The account may look at 1 team whose builds claim locks (main).',
      '✓ 3 claimed locks can be judged.',
      '✓ No timeout would have cut short a hold of the last months.',
      '✓ No pipeline that can be read has a pool in this repository.',
      '',
      '0 problems, 0 warnings.',
      '',
    ]);
    expect(status).toBe(0);
  });

  test('a pool with every fault, each with its cure', async () => {
    const repository = makeRepository();
    const write = (path: string) => ({ write: path });
    const at = (minutes: number) => ({
      at: minutesAgo(minutes),
      author: 'Ada <a@b>',
      committer: 'Ada <a@b>',
    });
    repository.commitByHand(
      'set up',
      [
        'aws/unclaimed/a',
        'aws/unclaimed/gone',
        'aws/claimed/both',
        'aws/unclaimed/both',
        'aws/unclaimed/100%',
        'gcp/unclaimed/a',
        'phantom/claimed/x',
      ].map(write),
      at(500),
    );
    repository.commitByHand('tidy up', [{ remove: 'aws/unclaimed/gone' }], at(400));
    const { status, stdout } = await runCli(['--repo', repository.path, 'doctor']);
    const text = stdout.replace(/\n {2}(?! )/g, ' ');
    expect(status).toBe(1);
    for (const words of [
      '! No branch is set',
      '→ set branch: main (or --branch main)',
      '! phantom holds claimed but no unclaimed, so it may not be a pool',
      '! Pool aws has no claimed/.gitkeep',
      '→ mkdir -p aws/claimed && touch aws/claimed/.gitkeep && git add aws/claimed/.gitkeep',
      '✗ Pool gcp has no folder claimed',
      '✗ aws/both lies in both claimed and unclaimed',
      '→ git rm aws/unclaimed/both',
      '! The name of lock aws/100% holds a "%"',
      '! No Concourse is set',
      '! Nothing can decide about aws/both (conflict)',
      '! aws/gone is in neither folder any more: Ada took it out by hand 6 hours 40 minutes ago',
      '! Pool aws has no stale_after, and no Concourse is asked',
    ]) {
      expect(text).toContain(words);
    }
    expect(text).toMatch(/→ git revert [0-9a-f]{40} # if that was a mistake/);
    expect(text).toMatch(/\n2 problems, \d+ warnings\.\n$/);
  });

  test('a repository that is not there, and a Concourse that does not answer', async () => {
    const { status, stdout } = await runCli([
      '--repo',
      '/nonexistent/locks',
      '--concourse-url',
      'http://127.0.0.1:9',
      'doctor',
    ]);
    expect(status).toBe(1);
    expect(stdout).toContain('✗ There is no git repository at /nonexistent/locks');
    expect(stdout).toContain('→ try it by hand: git ls-remote /nonexistent/locks');
    expect(stdout).toContain('✗ http://127.0.0.1:9 refused the connection');
    expect(stdout).toContain('2 problems, 0 warnings.');
  });

  test('an account without a role in a team whose builds claim', async () => {
    const pool = await poolAtWork();
    pool.repository.claim('aws', 'env-4', {
      at: minutesAgo(30),
      message: 'dev/deploy/test build 1 claiming: env-4',
    });
    const { status, stdout } = await runCli([...pool.withConcourse, 'doctor'], { env: pool.env });
    expect(status).toBe(1);
    expect(stdout.replace(/\n {2}(?! )/g, ' ')).toContain(
      '✗ The account has no role in team dev, whose builds claim locks',
    );
    expect(stdout).toContain('→ fly -t TARGET set-team --team-name dev --local-user pool-boy');
  });

  test('a wrong password', async () => {
    const pool = await poolAtWork();
    const { status, stdout } = await runCli([...pool.withConcourse, 'doctor'], {
      env: { CONCOURSE_PASSWORD: 'wrong-password' },
    });
    expect(status).toBe(1);
    expect(stdout).toContain('refuses the password of pool-boy');
    expect(stdout).not.toContain('wrong-password');
  });

  test('a timeout that is shorter than past holds', async () => {
    const repository = makeRepository();
    repository.addUnclaimed('aws', 'a', { at: minutesAgo(10_000) });
    for (let i = 0; i < 3; i += 1) {
      const message = (what: string) => `main/deploy/test build ${i} ${what}: a`;
      repository.claim('aws', 'a', { at: minutesAgo(5_000 - 500 * i), message: message('claiming') });
      repository.release('aws', 'a', { at: minutesAgo(4_880 - 500 * i), message: message('unclaiming') });
    }
    const { stdout } = await runCli(['--repo', repository.path, '--stale-after', '60', 'doctor']);
    expect(stdout.replace(/\n {2}(?! )/g, ' ')).toContain(
      '! The timeout of pool aws, 1h, is shorter than 3 of 3 past holds that ended well (0 leaked)',
    );
  });

  test('in JSON', async () => {
    const pool = await poolAtWork();
    const { stdout } = await runCli([...pool.args, 'doctor', '--output', 'json']);
    const { findings } = JSON.parse(stdout);
    expect(findings[0]).toMatchObject({ level: 'good', mend: null });
  });

  test('nothing is changed', async () => {
    const pool = await poolAtWork();
    const hook = join(pool.repository.path, 'hooks', 'pre-receive');
    const mark = join(pool.repository.path, 'was-pushed');
    writeFileSync(hook, `#!/bin/sh\ntouch '${mark}'\n`);
    chmodSync(hook, 0o755);
    const head = pool.repository.head();
    await runCli([...pool.withConcourse, 'doctor'], { env: pool.env });
    expect(pool.repository.head()).toBe(head);
    expect(pool.repository.git('for-each-ref').split('\n')).toHaveLength(1);
    expect(() => chmodSync(mark, 0o600)).toThrow();
  });
});

test('no finding shows a secret, in whatever form', async () => {
  const repository = makeRepository();
  repository.addUnclaimed('aws', 's3cret-name');
  repository.commitByHand('by mistake', [{ write: 'aws/claimed/s3cret-name' }]);
  const gateway = ['--push-gateway', 'http://someone:s3cret-name@127.0.0.1:9'];
  for (const output of ['json', 'text']) {
    const args = ['--repo', repository.path, '--pools', 'aws', ...gateway, 'doctor', '--output', output];
    const { stdout } = await runCli(args);
    expect(stdout).toContain('aws/*** lies in both claimed and unclaimed');
    expect(stdout).not.toContain('s3cret-name');
  }
});
