// How many HTTP requests a check takes that finds nothing new.
import { writeFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { HTTP_BACKEND, startHttpsGit } from '../access/start-https-git.ts';
import { makeRepository } from '../make-repository.ts';
import { describeWith } from '../needs.ts';
import { opening } from '../open.ts';
import { temporaryFolder } from '../temporary-folder.ts';

describeWith([HTTP_BACKEND, '/usr/bin/openssl'])('a kept clone over HTTPS', () => {
  const start = async (branches: number) => {
    const server = await startHttpsGit();
    const made = makeRepository();
    made.addUnclaimed('aws', 'env');
    for (let number = 0; number < branches; number += 1) made.startBranch(`old-${number}`);
    const environment = { TMPDIR: temporaryFolder() };
    const gitConfig = [{ name: 'http.sslCAInfo', value: server.caFile }];
    const look = async () => {
      const before = server.requests.length;
      const source = { uri: server.uriOf(made.path), isCached: true, environment, gitConfig };
      const { repository, lifetime } = opening(source);
      const opened = await repository;
      const head = await opened.fetch();
      await opened.poolsAt(head);
      lifetime.end();
      expect(head).toBe(made.head());
      return server.requests.slice(before).map((request) => request.replace(made.path, ''));
    };
    return { made, look };
  };

  it('takes one request, once it is known that there are few refs', async () => {
    const { made, look } = await start(3);
    await look();
    expect(await look()).toHaveLength(2);
    expect(await look()).toEqual(['GET /info/refs?service=git-upload-pack']);
    made.claim('aws', 'env');
    await look();
    expect(await look()).toHaveLength(1);
  });

  it('does not list many refs again and again', async () => {
    const { made, look } = await start(0);
    await look();
    const lines = Array.from({ length: 300 }, (_, number) => `${made.head()} refs/heads/old/${number}\n`);
    writeFileSync(`${made.path}/packed-refs`, `# pack-refs with: sorted \n${lines.sort().join('')}`);
    await look();
    expect(await look()).toEqual(['GET /info/refs?service=git-upload-pack', 'POST /git-upload-pack']);
  });
});
