import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../git/temporary-folder.ts';
import { runProgram } from './run-program.ts';
import { minutesAgo, startWorld, type World } from './start-world.ts';

const NO_COMMIT = '0'.repeat(40);

describe('in', () => {
  let world: World;
  const get = async (version: unknown, more: Record<string, unknown> = {}) => {
    const directory = join(temporaryFolder(), 'get');
    mkdirSync(directory);
    const ran = await runProgram('in', { source: world.source(more), version }, { args: [directory] });
    expect(ran).toMatchObject({ status: 0, answer: { version } });
    const read = (name: string) => readFileSync(join(directory, name), 'utf8');
    return { ...ran, report: JSON.parse(read('report.json')), read };
  };

  beforeEach(async () => {
    world = await startWorld();
  });

  afterEach(() => world.atc.close());

  test('writes the report, in all its forms, as of the commit', async () => {
    const claim = world.claimByBuild('env-1', { name: '2', status: 'failed', claimed: 30, ended: 5 });
    world.claimByBuild('env-2', { name: '3' });
    const { report, read, answer } = await get({ ref: NO_COMMIT, stale: 'none' });
    expect(report.summary).toEqual({
      pools: 1,
      claimed: 2,
      unclaimed: 1,
      stale: 1,
      undecided: 0,
      released: 0,
    });
    expect(report.repository).toEqual({
      uri: world.repository.uri,
      branch: 'main',
      ref: world.repository.head(),
    });
    expect(report.concourse).toEqual([{ url: world.atc.url, version: '8.2.5' }]);
    expect(report.pools[0].locks[0]).toMatchObject({
      name: 'env-1',
      state: 'claimed',
      claim: { commit: claim, message: 'main/deploy/test build 2 claiming: env-1' },
      owner: { kind: 'job', team: 'main', pipeline: 'deploy', job: 'test', build: '2', url: null },
      holders: [{ name: '2', status: 'failed', role: 'claimant' }],
      verdict: 'stale',
      reason: 'build-ended',
      detail: expect.stringMatching(
        /^main\/deploy\/test #2 failed 5 minutes ago \(\d\d:\d\d UTC\) and still holds the lock, claimed 30 minutes ago/,
      ),
    });
    expect(read('stale')).toBe('aws/env-1\n');
    expect(read('summary')).toBe(
      'Pool Boy: 1 of 2 claimed locks stale (aws/env-1: build-ended), in 1 pool.\n',
    );
    expect(read('report.md')).toMatch(/\| `env-1` \| 30 minutes \| .* \| \*\*stale\*\*: build-ended \|/);
    expect(answer.metadata).toContainEqual({ name: 'stale', value: '1' });
  });

  test('says that the branch has moved on, and counts as stale only what is still claimed by the same claim', async () => {
    world.claimByBuild('env-1', { name: '2', status: 'failed' });
    world.claimByBuild('env-2', { name: '3', status: 'failed' });
    const ref = world.repository.head();
    world.repository.release('aws', 'env-1', { at: minutesAgo(10) });
    world.claimByBuild('env-1', { name: '4', status: 'failed', claimed: 9, ended: 8 });
    const { report, read, stderr } = await get({ ref, stale: '2:0123456789abcdef' });
    expect(report.repository.ref).toBe(ref);
    expect(report.summary).toMatchObject({ claimed: 2, stale: 1 });
    expect(read('stale')).toBe('aws/env-2\n');
    expect(report.pools[0].locks[0].detail).toMatch(
      /\. Since then the lock was released or claimed again\.$/,
    );
    expect(report.warnings).toEqual([expect.stringMatching(/has moved on/)]);
    expect(stderr).toMatch(/warning: .*moved on/);
  });

  test('of several locks that one commit claimed by hand, one that was released since is not stale', async () => {
    const move = (lock: string) => ({ move: `aws/unclaimed/${lock}`, to: `aws/claimed/${lock}` });
    world.repository.commitByHand('I take both', [move('env-1'), move('env-2')], { at: minutesAgo(90) });
    const ref = world.repository.head();
    world.repository.release('aws', 'env-1', { at: minutesAgo(10) });
    const { report, read } = await get({ ref, stale: '2:0123456789abcdef' }, { stale_after: 60 });
    expect(report.summary).toMatchObject({ claimed: 2, stale: 1 });
    expect(read('stale')).toBe('aws/env-2\n');
  });

  test('warns of a head that is dated in the future, where only the repository can tell that a clock is wrong', async () => {
    world.repository.commitByHand('From the future', [{ write: 'README.md' }], { at: minutesAgo(-600) });
    const version = { ref: NO_COMMIT, stale: 'none' };
    const directory = temporaryFolder();
    const source = { uri: world.repository.uri, stale_after: 60 };
    const ran = await runProgram('in', { source, version }, { args: [directory] });
    expect(ran).toMatchObject({ status: 0 });
    expect(JSON.parse(readFileSync(join(directory, 'report.json'), 'utf8')).warnings).toEqual([
      expect.stringMatching(/^The head of branch main is dated (9 hours 59 minutes|10 hours) in the future/),
    ]);
  });

  test('refuses a commit that is no longer in the history, in a sentence', async () => {
    const version = { ref: 'b'.repeat(40), stale: '1:0123456789abcdef' };
    const ran = await runProgram('in', { source: world.source(), version }, { args: [temporaryFolder()] });
    expect(ran).toMatchObject({ status: 1, stdout: '' });
    expect(ran.stderr).toMatch(/^error: The commit b{40} is no longer in the history of branch main/);
  });

  test('reports what an out released, found by its run', async () => {
    const claims = [
      world.claimByBuild('env-1', { name: '2', status: 'failed' }),
      world.claimByBuild('env-2', { name: '3', status: 'failed' }),
    ];
    const put = await runProgram('out', { source: world.source(), params: {} }, { args: ['/tmp'] });
    world.repository.claim('aws', 'env-3');
    const { report } = await get(put.answer.version);
    expect(report.summary).toMatchObject({ claimed: 0, released: 2 });
    expect(
      report.released.map(({ lock, claim }: { lock: string; claim: string }) => [lock, claim]).sort(),
    ).toEqual([
      ['env-1', claims[0]],
      ['env-2', claims[1]],
    ]);
    expect(report.released[0]).toMatchObject({
      pool: 'aws',
      reason: 'build-ended',
      held_seconds: expect.any(Number),
    });
  });

  test('reports what an out released that left something stale', async () => {
    const claim = world.claimByBuild('env-1', { name: '2', status: 'failed' });
    world.claimByBuild('env-2', { name: '3', status: 'failed' });
    const params = { release: [`aws/env-1@${claim}`] };
    const put = await runProgram('out', { source: world.source(), params }, { args: ['/tmp'] });
    expect(put.answer.version.stale).toMatch(/^1:/);
    const { report } = await get(put.answer.version);
    expect(report.released.map(({ lock }: { lock: string }) => lock)).toEqual(['env-1']);
  });

  test('does not tell again of releases when another lock at the same commit has become stale', async () => {
    const claim = world.claimByBuild('env-1', { name: '2', status: 'failed', claimed: 90, ended: 80 });
    world.claimByBuild('env-2', { name: '3', status: 'failed', claimed: 85, ended: 20 });
    const trailers = ['Pool: aws', 'Lock: env-1', `Claim: ${claim}`, 'Held-For: 60', 'Reason: build-ended'];
    const run = ['Released-By: pool-boy 1.0.0', 'Run: 5f0c0a0d-6c1c-4b2f-9e1a-4f7f0b8f0f9b'];
    world.repository.release('aws', 'env-1', {
      at: minutesAgo(60),
      message: ['unclaiming: env-1', '', 'It was stale.', '', ...trailers, ...run].join('\n'),
    });
    const ref = world.repository.head();
    const after = await get({ ref, stale: 'none' });
    expect(after.report.summary).toMatchObject({ stale: 1, released: 1 });
    const { answer } = await runProgram('check', { source: world.source(), version: null });
    expect(answer).toEqual([{ ref, stale: expect.stringMatching(/^1:/) }]);
    const { report } = await get(answer[0]);
    expect(report.summary).toMatchObject({ stale: 1, released: 0 });
  });

  test.each([
    ['a login that is refused', { username: 'pool-boy', password: 'wrong-password' }],
    ['a token that is refused', { token: 'no-such-token' }],
  ])('never fails for %s: the locks are undecided', async (_name, login) => {
    world.claimByBuild('env-1', { name: '2', status: 'failed' });
    const { report, stderr } = await get(
      { ref: NO_COMMIT, stale: 'none' },
      { concourse: { url: world.atc.url, ...login } },
    );
    expect(report.summary).toMatchObject({ stale: 0, undecided: 1 });
    expect(report.pools[0].locks[0]).toMatchObject({ verdict: 'undecided', reason: 'concourse-unreachable' });
    expect(report.warnings).toEqual([report.pools[0].locks[0].detail]);
    expect(stderr).not.toContain('wrong-password');
  });

  test('never fails for a Concourse that is down', async () => {
    world.claimByBuild('env-1', { name: '2', status: 'failed' });
    await world.atc.close();
    const { report } = await get({ ref: NO_COMMIT, stale: 'none' });
    expect(report.pools[0].locks[0]).toMatchObject({ verdict: 'undecided', reason: 'concourse-unreachable' });
    expect(report.concourse).toEqual([{ url: world.atc.url, version: null }]);
  });
});
