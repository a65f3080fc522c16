import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runProgram } from './run-program.ts';
import { minutesAgo, startWorld, type World } from './start-world.ts';

const NO_COMMIT = '0'.repeat(40);

describe('check', () => {
  let world: World;
  const check = async (version: unknown = null, more: Record<string, unknown> = {}) => {
    const ran = await runProgram('check', { source: world.source(more), version });
    expect(ran).toMatchObject({ status: 0 });
    return ran.answer;
  };

  beforeEach(async () => {
    world = await startWorld();
  });

  afterEach(() => world.atc.close());

  test('answers no version, and asks no Concourse, while nothing is claimed', async () => {
    expect(await check()).toEqual([]);
    expect(world.atc.requests).toEqual([]);
  });

  test('answers no version while no lock is stale, also when one was given', async () => {
    world.claimByBuild('env-1', { name: '1' });
    expect(await check()).toEqual([]);
    expect(await check({ ref: world.repository.head(), stale: '1:0123456789abcdef' })).toEqual([]);
  });

  test('answers the head and the set of stale claims, and the same version again while the set is the same', async () => {
    world.claimByBuild('env-1', { name: '1', status: 'failed' });
    const [version, ...others] = await check();
    expect(others).toEqual([]);
    expect(version).toEqual({
      ref: world.repository.head(),
      stale: expect.stringMatching(/^1:[0-9a-f]{16}$/),
    });

    world.claimByBuild('env-2', { name: '2' });
    world.repository.commitByHand('Write a README', [{ write: 'README.md' }]);
    expect(await check(version)).toEqual([version]);
  });

  test('answers the given version and a new one when another lock is stale, and when it is released by others', async () => {
    world.claimByBuild('env-1', { name: '1', status: 'failed' });
    const [first] = await check();
    world.claimByBuild('env-2', { name: '2', status: 'aborted', ended: 10 });
    const [echo, second] = await check(first);
    expect(echo).toEqual(first);
    expect(second).toEqual({ ref: world.repository.head(), stale: expect.stringMatching(/^2:/) });

    world.repository.release('aws', 'env-1');
    const [, third] = await check(second);
    expect(third.stale).toMatch(/^1:/);
    expect(third.stale).not.toBe(first.stale);
  });

  test('a lock that was released and claimed again by another build that died makes another set', async () => {
    world.claimByBuild('env-1', { name: '1', status: 'failed', claimed: 60, ended: 55 });
    const [first] = await check();
    world.repository.release('aws', 'env-1', { at: minutesAgo(50) });
    world.claimByBuild('env-1', { name: '2', status: 'failed', claimed: 40 });
    const [, second] = await check(first);
    expect(second.stale).toMatch(/^1:/);
    expect(second.stale).not.toBe(first.stale);
  });

  test('takes the version of an out that pushed nothing', async () => {
    world.claimByBuild('env-1', { name: '1', status: 'failed' });
    const [{ stale }] = await check();
    expect(await check({ ref: NO_COMMIT, stale })).toEqual([{ ref: NO_COMMIT, stale }]);
    expect(await check({ ref: NO_COMMIT, stale: 'none' })).toEqual([
      { ref: NO_COMMIT, stale: 'none' },
      { ref: world.repository.head(), stale },
    ]);
  });

  test('does not echo a version without `stale`, nor one whose commit is gone', async () => {
    world.claimByBuild('env-1', { name: '1', status: 'failed' });
    const [version] = await check();
    expect(await check({ ref: world.repository.head() })).toEqual([version]);
    expect(await check({ ref: 'a'.repeat(40), stale: version.stale })).toEqual([version]);
    expect(await check({ ref: 'a'.repeat(40), stale: '3:0123456789abcdef' })).toEqual([version]);
  });

  test('works without a Concourse, by the timeout alone, on the branch of the remote', async () => {
    world.claimByBuild('env-1', { name: '1', claimed: 61 });
    world.claimByBuild('env-2', { name: '2', claimed: 59 });
    const source = { uri: world.repository.uri, pools: 'aws:60' };
    const ran = await runProgram('check', { source });
    expect(ran).toMatchObject({ status: 0, answer: [{ stale: expect.stringMatching(/^1:/) }] });
    expect(ran.stderr).toMatch(/branch main at /);
    expect(world.atc.requests).toEqual([]);
  });

  test('fails, and says why, when the login is refused', async () => {
    world.claimByBuild('env-1', { name: '1', status: 'failed' });
    const concourse = { url: world.atc.url, username: 'pool-boy', password: 'wrong-password' };
    const ran = await runProgram('check', { source: world.source({ concourse }) });
    expect(ran).toMatchObject({ status: 1, stdout: '' });
    expect(ran.stderr).toMatch(/refuses|refused/);
    expect(ran.stderr).not.toContain('wrong-password');
  });
});
