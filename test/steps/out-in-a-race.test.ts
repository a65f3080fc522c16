import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runProgram } from './run-program.ts';
import { MINUTE, minutesAgo, startWorld, type World } from './start-world.ts';

describe('out, when somebody is faster', () => {
  let world: World;
  const put = (params: unknown = {}) =>
    runProgram('out', { source: world.source(), params }, { args: ['/tmp'] });
  const claimed = () => world.filesIn('aws/claimed');

  beforeEach(async () => {
    world = await startWorld();
  });

  afterEach(() => world.atc.close());

  test('judges every lock anew: a claim that is another one by now is kept', async () => {
    world.claimByBuild('env-1', { name: '2', status: 'failed' });
    world.claimByBuild('env-2', { name: '3', status: 'failed' });
    let raced = false;
    // While Concourse is asked, the first lock is released by its pipeline and claimed by the next build.
    world.atc.onRequest('/api/v1/info', () => {
      if (raced) return;
      raced = true;
      world.repository.release('aws', 'env-1', { at: minutesAgo(10) });
      world.claimByBuild('env-1', { name: '4', claimed: 9 });
    });
    const ran = await put();
    expect(ran).toMatchObject({
      status: 0,
      answer: { version: { ref: world.repository.head(), stale: 'none' } },
    });
    expect(claimed()).toEqual(['.gitkeep', 'env-1']);
    expect(ran.stderr).toContain(
      'Branch main moved while the locks were judged; judging them again (attempt 2 of 10).',
    );
  });

  test('gives up after ten lost races, and counts each once', async () => {
    world.claimByBuild('env-1', { name: '2', status: 'failed' });
    let raced = 0;
    world.atc.onRequest('/api/v1/info', () => {
      raced += 1;
      world.repository.commitByHand(`Somebody is faster (${raced})`, [{ write: `notes/${raced}` }]);
    });
    const ran = await put();
    expect(ran).toMatchObject({ status: 1, stdout: '' });
    const attempts = [...ran.stderr.matchAll(/judging them again \(attempt (\d+) of 10\)/g)].map(([, n]) =>
      Number(n),
    );
    expect(attempts).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(ran.stderr).toContain(
      'error: Branch main moved during all 10 push attempts, so nothing was released; run again when the repository is less busy.\n',
    );
    expect(claimed()).toEqual(['.gitkeep', 'env-1']);
  }, 60_000);

  test('a build that comes back to life between two judgements keeps its lock', async () => {
    const build = { name: '2', status: 'failed' } as const;
    world.claimByBuild('env-1', build);
    let raced = false;
    world.atc.onRequest('/api/v1/info', () => {
      if (raced) return;
      raced = true;
      world.repository.claim('aws', 'env-3', {
        at: minutesAgo(1),
        message: 'main/deploy/test build 9 claiming: env-3',
      });
      world.pipeline.build('test', {
        name: '9',
        status: 'started',
        start: Math.floor(Date.now() / 1000) - MINUTE,
      });
    });
    expect(await put()).toMatchObject({ status: 0 });
    expect(claimed()).toEqual(['.gitkeep', 'env-3']);
  });
});
