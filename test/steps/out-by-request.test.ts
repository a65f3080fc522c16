import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runProgram } from './run-program.ts';
import { startWorld, type World } from './start-world.ts';

const NO_COMMIT = '0'.repeat(40);

describe('out, told to release claims that are named', () => {
  let world: World;
  const put = (params: unknown = {}) =>
    runProgram('out', { source: world.source(), params }, { args: ['/tmp'] });
  const claimed = () => world.filesIn('aws/claimed');

  beforeEach(async () => {
    world = await startWorld();
  });

  afterEach(() => world.atc.close());

  test('releases the claim of a living build, by request, and nothing else', async () => {
    const claim = world.claimByBuild('env-1', { name: '2' });
    world.claimByBuild('env-2', { name: '3', status: 'failed' });
    const ran = await put({ release: [`aws/env-1@${claim}`] });
    expect(ran).toMatchObject({ status: 0, answer: { version: { stale: expect.stringMatching(/^1:/) } } });
    expect(claimed()).toEqual(['.gitkeep', 'env-2']);
    expect(world.repository.git('log', '-1', '--format=%(trailers:key=Reason)', 'main')).toBe(
      'Reason: by-request',
    );
  });

  test('refuses another claim by now, and warns of a lock that is free', async () => {
    const claim = world.claimByBuild('env-1', { name: '2' });
    world.repository.release('aws', 'env-1');
    const free = await put({ release: [`aws/env-1@${claim}`] });
    expect(free).toMatchObject({ status: 0, answer: { version: { ref: NO_COMMIT } } });
    expect(free.stderr).toMatch(/warning: aws\/env-1 is free already/);
    const next = world.claimByBuild('env-1', { name: '3' });
    const refused = await put({ release: [`aws/env-1@${claim}`] });
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(refused.stderr).toContain(next);
    expect(claimed()).toEqual(['.gitkeep', 'env-1']);
  });

  test('does what it was told also when Concourse is down', async () => {
    const claim = world.claimByBuild('env-1', { name: '2' });
    await world.atc.close();
    expect(await put({ release: [`aws/env-1@${claim}`] })).toMatchObject({ status: 0 });
    expect(claimed()).toEqual(['.gitkeep']);
  });

  test('never overwrites a lock that lies in both folders', async () => {
    const claim = world.claimByBuild('env-1', { name: '2', status: 'failed' });
    world.repository.commitByHand('Put it back by hand', [{ write: 'aws/unclaimed/env-1' }]);
    expect(await put()).toMatchObject({ status: 0, answer: { version: { ref: NO_COMMIT } } });
    expect(await put({ release: [`aws/env-1@${claim}`] })).toMatchObject({ status: 1 });
    expect(claimed()).toEqual(['.gitkeep', 'env-1']);
  });
});
