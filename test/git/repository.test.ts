import { expect, it } from '@jest/globals';
import { FIRST_COMMIT_AT, makeRepository } from './make-repository.ts';
import { opening } from './open.ts';

it('asks nothing twice of a commit, which never changes', async () => {
  const made = makeRepository();
  made.addUnclaimed('aws', 'env', { at: FIRST_COMMIT_AT });
  const claim = made.claim('aws', 'env', { at: FIRST_COMMIT_AT + 60 });
  const { repository, logged } = opening({ uri: made.uri });
  const opened = await repository;
  const head = await opened.fetch();
  await opened.poolsAt(head);
  await opened.claimsAt(head, [{ pool: 'aws', name: 'env' }]);
  expect(await opened.committedAt(head)).toBe(FIRST_COMMIT_AT + 60);
  const release = {
    pool: 'aws',
    lock: 'env',
    claim,
    reason: 'timed-out' as const,
    detail: 'It is old.',
    heldFor: 60,
    to: null,
  };
  const info = { run: 'a-run', version: '1.2.3', buildUrl: null, now: FIRST_COMMIT_AT + 120 };
  const result = await opened.push([{ kind: 'release', release }], head, info);
  expect(result).toMatchObject({ kind: 'pushed', head: made.head() });
  const commands = logged.flatMap((line) => /^debug: git (\S+)/.exec(line)?.[1] ?? []);
  expect(commands).toEqual(['fetch', 'ls-tree', 'log', 'cat-file', 'fast-import', 'push']);
});
