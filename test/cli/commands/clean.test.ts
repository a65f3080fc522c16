import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../git/temporary-folder.ts';
import { recordPushes } from '../../metrics/record-pushes.ts';
import { locksIn, minutesAgo, type PoolAtWork, poolAtWork } from '../pool-at-work.ts';
import { plain, runAtTerminal } from '../run-at-terminal.ts';
import { fileWith, PROGRAM, runCli } from '../run-cli.ts';

let pool: PoolAtWork;
beforeEach(async () => {
  pool = await poolAtWork();
});

describe('clean without a terminal', () => {
  test.each([
    ['--pools', ['--pools', 'a*'], {}],
    ['POOLS', [], { POOLS: 'a*' }],
  ])('%s narrows, and takes no protection from a pool', async (_name, args, env) => {
    const source = fileWith(
      `uri: ${pool.repository.path}\nstale_after: 1m\npools: [{name: '*s', exclude: [env-1, env-2], by_hand: keep}]\n`,
    );
    const { status, stderr } = await runCli(['--source', source, '--verbose', ...args, 'clean'], { env });
    expect(stderr).toContain('aws/env-1 is live (excluded)');
    expect(stderr).toContain('aws/env-3 is live (kept)');
    expect(status).toBe(0);
    expect(locksIn(pool.repository, 'claimed')).toEqual(['env-1', 'env-2', 'env-3']);
  });

  test('releases what is stale, one commit a lock', async () => {
    const { status, stdout } = await runCli([...pool.withConcourse, 'clean'], { env: pool.env });
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout:
        'Pool Boy: released 1 lock (aws/env-1: build-ended), 0 of 2 claimed locks stale, 1 undecided, in 1 pool.\n',
    });
    expect(locksIn(pool.repository, 'claimed')).toEqual(['env-2', 'env-3']);
    expect(pool.repository.git('log', '-1', '--format=%s', 'main')).toBe('unclaiming: env-1');
  });

  test('--dry-run only says what it would release', async () => {
    const head = pool.repository.head();
    const { status, stdout } = await runCli([...pool.withConcourse, 'clean', '--dry-run'], { env: pool.env });
    expect(status).toBe(0);
    expect(stdout).toContain('Dry run: would release 1 lock (aws/env-1).\n');
    expect(pool.repository.head()).toBe(head);
  });

  test('--limit 0 releases none', async () => {
    const head = pool.repository.head();
    const { status, stdout, stderr } = await runCli([...pool.withConcourse, 'clean', '--limit', '0'], {
      env: pool.env,
    });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(
      'error: 1 lock would be released (aws/env-1), which exceeds the limit of 0, so nothing was released',
    );
    expect(pool.repository.head()).toBe(head);
  });

  test('without a trustworthy answer it fails, and releases nothing', async () => {
    const head = pool.repository.head();
    const args = [...pool.args, '--concourse-url', 'http://127.0.0.1:9', 'clean'];
    const { status, stderr } = await runCli([...args, '--stale-after', '1']);
    expect(status).toBe(1);
    expect(stderr).toContain('error: http://127.0.0.1:9 refused the connection');
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(pool.repository.head()).toBe(head);
  });
});

describe('clean at a terminal', () => {
  test('shows the plan, asks, and releases on yes', async () => {
    const { status, screen } = await runAtTerminal([...pool.withConcourse, 'clean'], {
      env: pool.env,
      answer: 'y',
    });
    const shown = plain(screen);
    expect(status).toBe(0);
    expect(shown).toMatch(/aws\/env-1 .*stale: build-ended/);
    expect(shown).toContain('Release this lock (2 other claimed locks stay as they are; see status)? [y/N]');
    expect(shown).toContain('released aws/env-1 (build-ended)');
    expect(locksIn(pool.repository, 'unclaimed')).toEqual(['env-1', 'env-4']);
  });

  test('says which pool the locks go to, and asks for none that its name is taken in', async () => {
    const source = fileWith(
      `uri: ${pool.repository.path}\nstale_after: 1m\npools: [{name: aws, release_to: aws-dirty}]\n`,
    );
    pool.repository.addUnclaimed('aws-dirty', 'env-2', { at: minutesAgo(2000) });
    const options = { answer: 'y' };
    const { status, screen } = await runAtTerminal(['--source', source, 'clean'], options);
    const shown = plain(screen);
    expect(status).toBe(0);
    expect(shown.match(/aws\/env-2 was not released: pool aws-dirty has a lock of that name/g)).toHaveLength(
      1,
    );
    expect(shown).toContain(
      'Release these 2 locks to pool aws-dirty (1 other claimed lock stays as it is; see status)? [y/N]',
    );
    expect(locksIn(pool.repository, 'claimed')).toEqual(['env-2']);
    const again = await runAtTerminal(['--source', source, 'clean'], options);
    expect(plain(again.screen)).not.toContain('[y/N]');
    expect(again.status).toBe(0);
  });

  test.each(['n', '', 'yeah'])('the answer %j is no', async (answer) => {
    const { status, screen } = await runAtTerminal([...pool.withConcourse, 'clean'], {
      env: pool.env,
      answer,
    });
    expect(status).toBe(1);
    expect(plain(screen)).toContain('Nothing was released.');
    expect(locksIn(pool.repository, 'claimed')).toHaveLength(3);
  });

  test.each([
    ['the end of the input', '\u0004', 'error: Nothing was released.'],
    ['Ctrl-C', '\u0003', 'error: Stopped by SIGINT; anything not yet pushed was not released.'],
  ])('%s is no, too', async (_name, answer, sentence) => {
    const { status, screen } = await runAtTerminal([...pool.withConcourse, 'clean'], {
      env: pool.env,
      answer,
    });
    expect(status).toBe(1);
    expect(plain(screen)).toContain(sentence);
    expect(locksIn(pool.repository, 'claimed')).toHaveLength(3);
  });

  test.each([
    ['a no', ['clean'], 'n', 'stale', 1],
    ['a yes', ['clean'], 'y', 'stale', 0],
    ['a limit that is exceeded', ['clean', '--limit', '0'], '', 'stale', 1],
    ['nothing to release', ['--exclude', 'env-1', 'clean'], '', 'claimed', 3],
  ])('pushes what it found, also after %s', async (_name, args, answer, state, many) => {
    const gateway = await recordPushes();
    const options = { env: pool.env, answer };
    await runAtTerminal([...pool.withConcourse, '--push-gateway', gateway.address, ...args], options);
    await gateway.close();
    const bodies = gateway.pushes.map(({ body }) => body).join('');
    expect(bodies).toMatch(new RegExp(`^pool_boy_locks\\{state="${state}"\\} ${many}$`, 'm'));
  });

  test('a lock that was claimed anew while the person thought is kept', async () => {
    const beforeAnswer = () => {
      pool.repository.release('aws', 'env-1');
      pool.repository.claim('aws', 'env-1', { message: 'main/deploy/test build 3 claiming: env-1' });
    };
    const options = { env: pool.env, answer: 'y', beforeAnswer };
    const { screen } = await runAtTerminal([...pool.withConcourse, 'clean'], options);
    expect(plain(screen)).not.toContain('released aws/env-1');
    expect(locksIn(pool.repository, 'claimed')).toContain('env-1');
  });

  test('a lock that was never shown stays, though the same commit claimed it', async () => {
    const { repository } = pool;
    for (const lock of ['env-5', 'env-6']) repository.addUnclaimed('aws', lock, { at: minutesAgo(3000) });
    // env-6 lies in both folders until the question stands there.
    repository.commitByHand(
      'I take both',
      [{ move: 'aws/unclaimed/env-5', to: 'aws/claimed/env-5' }, { write: 'aws/claimed/env-6' }],
      { at: minutesAgo(600) },
    );
    const beforeAnswer = () => repository.commitByHand('Mend', [{ remove: 'aws/unclaimed/env-6' }]);
    const options = { env: pool.env, answer: 'y', beforeAnswer };
    const { status, screen } = await runAtTerminal(
      [...pool.withConcourse, '--stale-after', '8h', 'clean'],
      options,
    );
    expect(status).toBe(0);
    expect(plain(screen)).toContain('Release these 2 locks (3 other claimed locks stay as they are');
    expect(locksIn(repository, 'claimed')).toEqual(['env-2', 'env-3', 'env-6']);
  });

  test('one other lock stays as it is', async () => {
    pool.repository.release('aws', 'env-3');
    const { screen } = await runAtTerminal([...pool.withConcourse, 'clean'], { env: pool.env, answer: 'n' });
    expect(plain(screen)).toContain('(1 other claimed lock stays as it is; see status)');
  });

  test('--yes does not ask', async () => {
    const { status, screen } = await runAtTerminal([...pool.withConcourse, 'clean', '--yes'], {
      env: pool.env,
    });
    expect(status).toBe(0);
    expect(screen).not.toContain('[y/N]');
    expect(locksIn(pool.repository, 'unclaimed')).toContain('env-1');
  });

  test('with nothing stale it does not ask', async () => {
    const args = [...pool.withConcourse, '--on-failure', 'keep', 'clean'];
    const { status, screen } = await runAtTerminal(args, { env: pool.env });
    expect(status).toBe(0);
    expect(screen).not.toContain('[y/N]');
  });

  test('in a task of Concourse, whose terminal nobody sits at, it acts', async () => {
    const options = { env: pool.env, columns: 500, rows: 500 };
    const { status, screen } = await runAtTerminal([...pool.withConcourse, 'clean'], options);
    expect(status).toBe(0);
    expect(screen).not.toContain('[y/N]');
    expect(screen).not.toContain('\u001b[2K');
    expect(locksIn(pool.repository, 'unclaimed')).toContain('env-1');
  });
});

describe('the original tool', () => {
  const linkAs = (name: string) => {
    const path = join(temporaryFolder(), name);
    symlinkSync(PROGRAM, path);
    return path;
  };
  const variables = () => ({
    CONCOURSE_BASE_URL: pool.atc.url,
    CONCOURSE_USERNAME: 'pool-boy',
    ...pool.env,
    POOL_REPO: pool.repository.path,
    POOL_REPO_SSH_PRIVATE_KEY: '',
    POOLS: 'aws:180',
  });

  test('pool_boy.sh takes everything from variables and cleans', async () => {
    const { status, stdout } = await runCli([], { env: variables(), program: linkAs('pool_boy.sh') });
    expect(status).toBe(0);
    expect(stdout).toContain('released 1 lock (aws/env-1: build-ended)');
  });

  test('pool_boy.py clean never asked, and does not now', async () => {
    const program = linkAs('pool_boy.py');
    const args = ['--verbose', '--repo', pool.repository.path, '--pools', 'aws:60', 'clean'];
    const { status, screen } = await runAtTerminal(args, { program });
    expect(status).toBe(0);
    expect(screen).not.toContain('[y/N]');
    // Its pools had minutes: only Ada's claim is older than an hour.
    expect(locksIn(pool.repository, 'claimed')).toEqual(['env-1', 'env-2']);
  });

  test('--repo, --pools and status from the environment', async () => {
    const { status, stdout } = await runCli(['status'], { env: variables() });
    expect(status).toBe(0);
    expect(stdout).toContain('aws: 3 of 4 locks claimed, 1 free, timeout 3 hours');
  });
});
