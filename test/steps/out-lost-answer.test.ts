// Over HTTP a connection can close after the server took a push and before it says so: curl then sends the push again,
// and the server rejects it as a lost race against ourselves.
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { HTTP_BACKEND, type HttpsGit, startHttpsGit } from '../git/access/start-https-git.ts';
import { describeWith } from '../git/needs.ts';
import { runProgram } from './run-program.ts';
import { startWorld, type World } from './start-world.ts';

describeWith([HTTP_BACKEND, '/usr/bin/openssl'])('out, when the first answer to its push is lost', () => {
  let world: World;
  let server: HttpsGit;

  beforeEach(async () => {
    world = await startWorld();
    server = await startHttpsGit();
  });

  afterEach(() => world.atc.close());

  it('counts what landed, and releases no more than its limit, though others push on top', async () => {
    for (const [lock, name] of [
      ['env-1', '2'],
      ['env-2', '3'],
    ] as const)
      world.claimByBuild(lock, { name, status: 'failed' });
    const before = world.repository.head();
    let posts = 0;
    server.intercept((request, response) => {
      if (request.method !== 'POST' || !request.url?.endsWith('git-receive-pack')) return false;
      posts += 1;
      if (posts === 1) {
        response.write = () => true;
        response.end = () => response.destroy();
        // By the time of the next look the released lock is somebody else's, and a third one is stale.
      } else if (posts === 2) {
        world.claimByBuild('env-3', { name: '4', status: 'failed' });
      }
      return false;
    });
    const source = world.source({
      uri: server.uriOf(world.repository.path),
      git_config: [{ name: 'http.sslCAInfo', value: server.caFile }],
    });
    const ran = await runProgram('out', { source, params: { limit: 2 } }, { args: ['/tmp'] });
    expect(posts).toBe(2);
    const released = world.repository
      .git('log', '--reverse', '--format=%H %s', `${before}..main`)
      .split('\n')
      .filter((line) => line.includes(' unclaiming: '));
    expect(released.map((line) => line.slice(41))).toEqual(['unclaiming: env-1', 'unclaiming: env-2']);
    expect(ran).toMatchObject({
      status: 0,
      answer: { version: { ref: released[1]?.slice(0, 40), stale: 'none' } },
    });
    expect(ran.answer.metadata).toContainEqual({ name: 'released', value: '2' });
    expect(ran.stderr.match(/^released aws\/env-\d/gm)).toEqual(['released aws/env-1', 'released aws/env-2']);
    expect(world.filesIn('aws/claimed')).toEqual(['.gitkeep', 'env-3']);
  });
});
