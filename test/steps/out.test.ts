import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runProgram } from './run-program.ts';
import { minutesAgo, startWorld, type World } from './start-world.ts';

const NO_COMMIT = '0'.repeat(40);

describe('out', () => {
  let world: World;
  const put = (params: unknown = {}, more: Record<string, unknown> = {}, env: NodeJS.ProcessEnv = {}) =>
    runProgram('out', { source: world.source(more), params }, { args: ['/tmp'], env });
  const claimed = () => world.filesIn('aws/claimed');
  const unclaimed = () => world.filesIn('aws/unclaimed');

  beforeEach(async () => {
    world = await startWorld();
  });

  afterEach(() => world.atc.close());

  test('moves the lock of a dead build to unclaimed, in a commit that says why, and leaves the others', async () => {
    const claim = world.claimByBuild('env-1', { name: '2', status: 'failed', claimed: 30, ended: 5 });
    world.claimByBuild('env-2', { name: '3' });
    const before = world.repository.head();
    const ran = await put({}, {}, { BUILD_URL: 'https://ci.example.com/builds/77' });
    const head = world.repository.head();
    expect(ran).toMatchObject({ status: 0, answer: { version: { ref: head, stale: 'none' } } });
    expect(world.repository.git('rev-list', `${before}..main`).split('\n')).toEqual([head]);
    expect(claimed()).toEqual(['.gitkeep', 'env-2']);
    expect(unclaimed()).toEqual(['.gitkeep', 'env-1', 'env-3']);

    const message = world.repository.git('log', '-1', '--format=%B', 'main').split('\n');
    expect(message.slice(0, 2)).toEqual(['unclaiming: env-1', '']);
    expect(message[2]).toMatch(
      /^main\/deploy\/test #2 failed 5 minutes ago .* and still holds the lock, claimed 30 minutes ago/,
    );
    const trailers = Object.fromEntries(
      world.repository
        .git('log', '-1', '--format=%(trailers:only,unfold)', 'main')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.split(/: (.*)/s)),
    );
    expect(trailers).toEqual({
      Pool: 'aws',
      Lock: 'env-1',
      Claim: claim,
      'Held-For': expect.stringMatching(/^18\d\d$/),
      Reason: 'build-ended',
      'Released-By': expect.stringMatching(/^pool-boy \d+\.\d+\.\d+/),
      Run: expect.stringMatching(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/),
      'Build-URL': 'https://ci.example.com/builds/77',
    });
    expect(world.repository.git('log', '-1', '--format=%an <%ae> %cn <%ce>', 'main')).toBe(
      'Pool Boy <pool-boy@localhost> Pool Boy <pool-boy@localhost>',
    );
    expect(ran.answer.metadata).toEqual(
      expect.arrayContaining([
        { name: 'claimed', value: '1' },
        { name: 'released', value: '1' },
        { name: 'released aws/env-1', value: 'build-ended, held for 30 minutes' },
      ]),
    );
  });

  test('keeps the content and the mode of a lock, and signs as git_config says', async () => {
    world.repository.commitByHand('Fill env-1', [
      { write: 'aws/unclaimed/env-1', content: 'region: eu\n', mode: '100755' },
    ]);
    world.claimByBuild('env-1', { name: '2', status: 'failed' });
    const [before] = world.repository.git('ls-tree', 'main', 'aws/claimed/env-1').split('\t');
    await put(
      {},
      {
        git_config: [
          { name: 'user.name', value: 'Locks' },
          { name: 'user.email', value: 'locks@example.com' },
        ],
      },
    );
    const [after] = world.repository.git('ls-tree', 'main', 'aws/unclaimed/env-1').split('\t');
    expect(after).toBe(before);
    expect(world.repository.git('log', '-1', '--format=%an <%ae>', 'main')).toBe('Locks <locks@example.com>');
  });

  test('keeps a folder that would become empty, in a commit of its own before the release', async () => {
    world.repository.commitByHand('Forget the .gitkeep', [{ remove: 'aws/claimed/.gitkeep' }]);
    world.claimByBuild('env-1', { name: '2', status: 'failed' });
    const before = world.repository.head();
    expect(await put()).toMatchObject({ status: 0 });
    expect(world.repository.git('log', '--reverse', '--format=%s', `${before}..main`).split('\n')).toEqual([
      'keeping aws/claimed',
      'unclaiming: env-1',
    ]);
    expect(claimed()).toEqual(['.gitkeep']);
  });

  test('with dry_run says what it would release, and changes nothing', async () => {
    world.claimByBuild('env-1', { name: '2', status: 'failed' });
    const before = world.repository.head();
    const ran = await put({ dry_run: true });
    expect(world.repository.head()).toBe(before);
    expect(ran).toMatchObject({
      status: 0,
      answer: { version: { ref: NO_COMMIT, stale: expect.stringMatching(/^1:/) } },
    });
    expect(ran.stderr).toMatch(/would release aws\/env-1/);
    expect(ran.answer.metadata).toContainEqual({
      name: 'would release aws/env-1',
      value: expect.stringMatching(/^build-ended: /),
    });
  });

  test('with nothing to release answers no commit, the same one each time', async () => {
    world.claimByBuild('env-1', { name: '2' });
    const first = await put();
    world.repository.commitByHand('Something else', [{ write: 'README.md' }]);
    const second = await put();
    expect(first).toMatchObject({ status: 0, answer: { version: { ref: NO_COMMIT, stale: 'none' } } });
    expect(second.answer.version).toEqual(first.answer.version);
  });

  test('refuses to release more than the limit, and then releases none', async () => {
    world.claimByBuild('env-1', { name: '2', status: 'failed' });
    world.claimByBuild('env-2', { name: '3', status: 'failed' });
    const before = world.repository.head();
    const ran = await put({ limit: 1 });
    expect(ran).toMatchObject({ status: 1, stdout: '' });
    expect(ran.stderr).toMatch(/error: 2 locks would be released .*limit of 1/);
    expect(world.repository.head()).toBe(before);
    expect(await put({ limit: 2 })).toMatchObject({ status: 0 });
  });

  test('narrows to the pools of params, and refuses one that source does not select', async () => {
    world.repository.addUnclaimed('gcp', 'env-9', { at: minutesAgo(4000) });
    world.claimByBuild('env-1', { name: '2', status: 'failed' });
    world.claimByBuild('env-9', { name: '3', status: 'failed', pool: 'gcp' });
    const pools = ['aws', 'gcp'];
    const refused = await put({ pools: ['azure'] }, { pools });
    expect(refused).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/params\.pools names azure.*aws, gcp/),
    });
    const ran = await put({ pools: ['gcp'] }, { pools });
    expect(ran).toMatchObject({ status: 0, answer: { version: { stale: expect.stringMatching(/^1:/) } } });
    expect(claimed()).toEqual(['.gitkeep', 'env-1']);
  });

  test('a server that refuses for good is quoted, and nothing was released', async () => {
    world.claimByBuild('env-1', { name: '2', status: 'failed' });
    const hook = join(world.repository.path, 'hooks', 'pre-receive');
    writeFileSync(hook, '#!/bin/sh\necho "only the release team may push here" >&2\nexit 1\n');
    chmodSync(hook, 0o755);
    const before = world.repository.head();
    const ran = await put();
    expect(ran).toMatchObject({ status: 1, stdout: '' });
    expect(ran.stderr).toMatch(/^error: .*only the release team may push here/m);
    expect(world.repository.head()).toBe(before);
  });

  test('releases nothing when Concourse gives no trustworthy answer', async () => {
    world.claimByBuild('env-1', { name: '2', status: 'failed' });
    const before = world.repository.head();
    world.atc.answer('/api/v1/teams/', { kind: 'html' });
    const ran = await put({}, { stale_after: 1 });
    expect(ran).toMatchObject({ status: 1, stdout: '' });
    expect(world.repository.head()).toBe(before);

    const kept = await put({}, { stale_after: 1, concourse: { ...keeping(world) } });
    expect(kept).toMatchObject({ status: 0, answer: { version: { ref: NO_COMMIT, stale: 'none' } } });
    expect(kept.stderr).toMatch(/concourse-unreachable/);
    expect(world.repository.head()).toBe(before);
  });

  test('never shows a secret, also not one that is a name in the repository, in its answer or in the commit', async () => {
    const secret = 'hunter2-secret';
    const move = { move: 'aws/unclaimed/env-1', to: 'aws/claimed/env-1' };
    const author = `${secret} <a@example.com>`;
    world.repository.commitByHand('Mine', [move], { at: minutesAgo(90), author });
    const source = { uri: world.repository.uri, pools: ['aws'], stale_after: 60, password: secret };
    const plan = await runProgram('out', { source, params: { dry_run: true } }, { args: ['/tmp'] });
    const ran = await runProgram('out', { source, params: {} }, { args: ['/tmp'] });
    expect([plan.status, ran.status]).toEqual([0, 0]);
    const all = [
      plan.stdout,
      plan.stderr,
      ran.stdout,
      ran.stderr,
      world.repository.git('log', '-1', '--format=%B', 'main'),
    ];
    expect(all.join()).toContain('Claimed by hand by ***');
    expect(all.join()).not.toContain(secret);
  });

  test('an exclusion protects a lock whatever characters its name holds, and one that matches nothing is warned of', async () => {
    world.repository.addUnclaimed('aws', 'deploy(prod)-1', { at: minutesAgo(4000) });
    world.claimByBuild('deploy(prod)-1', { name: '2', status: 'failed' });
    const ran = await put({}, { exclude: ['deploy(prod)*', 'env-[7-9]'] });
    expect(ran).toMatchObject({ status: 0, answer: { version: { ref: NO_COMMIT } } });
    expect(ran.stderr).toMatch(/warning: The exclude pattern "env-\[7-9\]" matches no lock\./);
    const refused = await put({}, { exclude: ['aws/env-1'] });
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(refused.stderr).toMatch(/source\.exclude\[0\]: expected .*without the pool.*, got "aws\/env-1"/);
  });

  test('stops at SIGTERM without a trace: nothing pushed, no file and no child left behind', async () => {
    world.claimByBuild('env-1', { name: '2', status: 'failed' });
    const before = world.repository.head();
    let stop = () => undefined as unknown;
    world.atc.answer('/api/v1/teams/', { kind: 'hang' });
    world.atc.onRequest('/api/v1/teams/', () => void stop());
    const ran = await runProgram(
      'out',
      { source: world.source(), params: {} },
      {
        args: ['/tmp'],
        env: { TMPDIR: world.folder },
        onStart: (_pid, kill) => {
          stop = kill;
        },
      },
    );
    expect(ran).toMatchObject({ status: 1, stdout: '' });
    expect(ran.stderr).toMatch(/^error: Stopped by SIGTERM/m);
    expect(world.repository.head()).toBe(before);
    expect(world.leftBehind()).toEqual([]);
  });
});

function keeping(world: World) {
  const { concourse } = world.source() as { concourse: Record<string, unknown> };
  return { ...concourse, when_unreachable: 'keep' };
}
