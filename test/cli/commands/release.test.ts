import { beforeEach, describe, expect, test } from '@jest/globals';
import { locksIn, type PoolAtWork, poolAtWork } from '../pool-at-work.ts';
import { plain, runAtTerminal } from '../run-at-terminal.ts';
import { runCli } from '../run-cli.ts';

let pool: PoolAtWork;
beforeEach(async () => {
  pool = await poolAtWork();
});
const release = (args: readonly string[]) =>
  runCli([...pool.withConcourse, 'release', ...args], { env: pool.env });

describe('release by name', () => {
  test('with its claim it needs no yes, and the commit says why', async () => {
    const reason = ['--reason', 'Ada is on holiday\nReason: forged'];
    const { status, stdout } = await release([`aws/env-3@${pool.claims['env-3']}`, ...reason]);
    expect(status).toBe(0);
    expect(stdout).toContain('released 1 lock (aws/env-3: by-request)');
    expect(locksIn(pool.repository, 'unclaimed')).toEqual(['env-3', 'env-4']);
    const message = pool.repository.git('log', '-1', '--format=%B', 'main');
    expect(message).toContain('Released by request: Ada is on holiday Reason: forged. ');
    expect(message.match(/^Reason: .*$/gm)).toEqual(['Reason: by-request']);
  });

  test('a claim may be shortened', async () => {
    const { status } = await release([`aws/env-3@${pool.claims['env-3']?.slice(0, 10)}`]);
    expect(status).toBe(0);
    expect(locksIn(pool.repository, 'unclaimed')).toContain('env-3');
  });

  test('without a terminal a bare name needs --yes', async () => {
    const refused = await release(['aws/env-3']);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain('Without a terminal a lock needs its claim (POOL/LOCK@CLAIM');
    expect(locksIn(pool.repository, 'claimed')).toContain('env-3');
    expect((await release(['aws/env-3', '--yes'])).status).toBe(0);
    expect(locksIn(pool.repository, 'unclaimed')).toContain('env-3');
  });

  test('a name that only looks like one with a claim needs --yes, too', async () => {
    pool.repository.addUnclaimed('aws', 'env@1234567');
    pool.repository.claim('aws', 'env@1234567');
    const { status, stderr } = await release(['aws/env@1234567']);
    expect(status).toBe(2);
    expect(stderr).toContain('Without a terminal a lock needs its claim');
    expect(locksIn(pool.repository, 'claimed')).toContain('env@1234567');
  });

  test('at a terminal it asks for a claim, too', async () => {
    const args = [...pool.withConcourse, 'release', `aws/env-3@${pool.claims['env-3']}`];
    const { status } = await runAtTerminal(args, { env: pool.env, answer: 'n' });
    expect(status).toBe(1);
    expect(locksIn(pool.repository, 'claimed')).toContain('env-3');
  });

  test('another claim by now is refused', async () => {
    const { status, stderr } = await release([`aws/env-3@${pool.claims['env-1']}`]);
    expect(status).toBe(1);
    expect(stderr).toContain(
      `error: aws/env-3 is claimed by ${pool.claims['env-3']} now, not by ${pool.claims['env-1']}; look at the new claim before you release it.`,
    );
  });

  test('what is free already is a warning, what is not there an error', async () => {
    const free = await release(['aws/env-4', '--yes']);
    expect(free).toMatchObject({ status: 0, stdout: 'Nothing to release.\n' });
    expect(free.stderr).toContain('warning: aws/env-4 is free already; nothing was released for it.');
    const gone = await release(['aws/env-9', '--yes']);
    expect(gone.status).toBe(1);
    expect(gone.stderr).toContain('error: No selected pool has a lock aws/env-9; did you mean aws/env-1?');
  });

  test('works while Concourse is down', async () => {
    const args = [...pool.args, '--concourse-url', 'http://127.0.0.1:9', 'release', 'aws/env-3', '--yes'];
    const { status } = await runCli(args);
    expect(status).toBe(0);
    expect(locksIn(pool.repository, 'unclaimed')).toContain('env-3');
  });

  test('at a terminal it shows what it is, says that the holder lives, and asks', async () => {
    const args = [...pool.withConcourse, 'release', 'aws/env-2'];
    const { status, screen } = await runAtTerminal(args, { env: pool.env, answer: 'yes' });
    expect(status).toBe(0);
    expect(plain(screen)).toMatch(/aws\/env-2 .*live: build-running/);
    expect(plain(screen)).toContain('1 of them has a holder that is alive, or may be. Release 1 lock? [y/N]');
    expect(locksIn(pool.repository, 'unclaimed')).toContain('env-2');
  });

  test('at a terminal it says of how many nobody knows', async () => {
    const args = [...pool.withConcourse, 'release', 'aws/env-2', 'aws/env-3'];
    const { screen } = await runAtTerminal(args, { env: pool.env, answer: 'n' });
    expect(plain(screen)).toMatch(/aws\/env-3 .*undecided: no-timeout/);
    expect(plain(screen)).toContain(
      '1 of them has a holder that is alive, or may be. For 1 of them it is unknown whether anyone holds it. Release 2 locks? [y/N]',
    );
  });

  test('at a terminal it says which pool the lock goes to', async () => {
    pool.repository.addUnclaimed('aws-dirty', 'spare');
    const args = [...pool.withConcourse, 'release', 'aws/env-3', '--to', 'aws-dirty'];
    const { status, screen } = await runAtTerminal(args, { env: pool.env, answer: 'y' });
    expect(plain(screen)).toContain('Release 1 lock to pool aws-dirty? [y/N]');
    expect(status).toBe(0);
    expect(pool.repository.git('ls-tree', '--name-only', 'main', 'aws-dirty/unclaimed/')).toContain('env-3');
  });

  test.each([
    ['a pool that is not there', 'gone', 1, 'Locks of pool aws cannot be released to gone'],
    ['nothing', '', 2, '--to: expected the name of a pool, got an empty string.'],
  ])('at a terminal it does not ask where the lock would go to %s', async (_what, to, exit, sentence) => {
    const args = [...pool.withConcourse, 'release', 'aws/env-3', '--to', to];
    const { status, screen } = await runAtTerminal(args, { env: pool.env, answer: 'n' });
    expect(status).toBe(exit);
    expect(plain(screen)).toContain(sentence);
    expect(plain(screen)).not.toContain('[y/N]');
  });

  test('a name stays bound to the claim that was shown', async () => {
    const beforeAnswer = () => {
      pool.repository.release('aws', 'env-3');
      pool.repository.claim('aws', 'env-3', { message: 'main/deploy/test build 3 claiming: env-3' });
    };
    const args = [...pool.withConcourse, 'release', 'aws/env-3'];
    const { status, screen } = await runAtTerminal(args, { env: pool.env, answer: 'y', beforeAnswer });
    expect(status).toBe(1);
    expect(plain(screen)).toContain(`not by ${pool.claims['env-3']}`);
    expect(locksIn(pool.repository, 'claimed')).toContain('env-3');
  });
});

describe('release in bulk', () => {
  test.each<[string, string[], string[]]>([
    ['--team leaves the living alone', ['--team', 'main'], ['env-1']],
    ['--include-live takes them, too', ['--team', 'main', '--include-live'], ['env-1', 'env-2']],
    ['--pipeline and --job', ['--pipeline', 'dep*', '--job', 'test'], ['env-1']],
    ['--job of no claim', ['--job', 'other'], []],
    ['--by-hand', ['--by-hand'], ['env-3']],
    ['--claimed-before a span', ['--claimed-before', '45m'], ['env-1', 'env-3']],
    ['--claimed-before a time', ['--claimed-before', '2020-01-01'], []],
    ['--pool', ['--pool', 'a*'], ['env-1', 'env-3']],
    ['--pool of another name', ['--pool', 'gcp'], []],
    ['all that is said must fit', ['--pool', 'aws', '--by-hand', '--claimed-before', '3h'], []],
  ])('%s', async (_name, args, freed) => {
    const { status } = await release([...args, '--yes']);
    expect(status).toBe(0);
    expect(locksIn(pool.repository, 'unclaimed')).toEqual([...freed, 'env-4']);
  });

  test('leaves a lock that a person holds alone, also while Concourse is down', async () => {
    const hold = `Hold: aws/env-3@${pool.claims['env-3']}\nHold-Until: 2999-01-01`;
    pool.repository.commitByHand(`holding env-3\n\nBug 42\n\n${hold}\n`, [], {
      author: 'Grace Hopper <grace@example.com>',
    });
    const down = [...pool.args, '--concourse-url', 'http://127.0.0.1:9', 'release', '--pool', 'aws', '--yes'];
    const { status, stderr } = await runCli(down);
    expect(status).toBe(0);
    expect(stderr).toContain('Left alone: aws/env-3 (held by Grace Hopper); name them one by one');
    expect(locksIn(pool.repository, 'claimed')).toEqual(['env-3']);
    const args = [...pool.args, '--concourse-url', 'http://127.0.0.1:9', 'release', 'aws/env-3'];
    const { screen } = await runAtTerminal(args, { answer: 'n' });
    expect(plain(screen)).toContain('Held by Grace Hopper. ');
  });

  test('one commit a lock, all in one run', async () => {
    const head = pool.repository.head();
    await release(['--pool', 'aws', '--yes', '--reason', 'outage of worker 7']);
    const log = pool.repository
      .git('log', '--format=%s %(trailers:key=Run,valueonly,separator=%x20)', `${head}..main`)
      .split('\n');
    expect(log.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'unclaiming: env-3',
      'unclaiming: env-1',
    ]);
    expect(new Set(log.map((line) => line.split(' ')[2])).size).toBe(1);
  });

  test('without a terminal and without --yes it shows the plan, and fails', async () => {
    const { status, stdout, stderr } = await release(['--pool', 'aws']);
    expect(status).toBe(1);
    expect(stdout).toContain('aws/env-1');
    expect(stderr).toContain('warning: Left alone: aws/env-2 (build-running); name them one by one');
    expect(stderr).toContain(
      'error: Nothing was released, since this was only the plan; use --yes to release these locks.',
    );
    expect(locksIn(pool.repository, 'claimed')).toHaveLength(3);
  });

  test('--dry-run is no failure, and --limit holds', async () => {
    const dry = await release(['--pool', 'aws', '--dry-run']);
    expect(dry.status).toBe(0);
    expect(dry.stdout).toContain('Dry run: would release 2 locks (aws/env-1, aws/env-3).');
    const limited = await release(['--pool', 'aws', '--yes', '--limit', '1']);
    expect(limited.status).toBe(1);
    expect(limited.stderr).toContain('which exceeds the limit of 1, so nothing was released');
    expect(locksIn(pool.repository, 'claimed')).toHaveLength(3);
  });
});
