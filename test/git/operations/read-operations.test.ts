import { describe, expect, test } from '@jest/globals';
import type { Operation } from '../../../src/core/history/lock-operation.ts';
import { FIRST_COMMIT_AT, makeRepository, type TestRepository } from '../make-repository.ts';
import { open } from '../open.ts';

async function operationsOf(repository: TestRepository, since = 0): Promise<string[]> {
  const opened = await open({ uri: repository.uri });
  const found: Operation[] = [];
  await opened.operationsSince(await opened.fetch(), since, (operation) => found.push(operation));
  return found.map(({ kind, pool, lock }) => `${kind} ${pool}/${lock}`);
}

describe('the operations of a history, newest first', () => {
  test('as the pool resource does them', async () => {
    const repository = makeRepository();
    repository.addUnclaimed('aws', 'a');
    repository.addClaimed('aws', 'b');
    repository.claim('aws', 'a');
    repository.release('aws', 'a');
    repository.commitByHand('removing: b', [{ remove: 'aws/claimed/b' }]);
    expect(await operationsOf(repository)).toEqual([
      'remove aws/b',
      'release aws/a',
      'claim aws/a',
      'add aws/b',
      'claim aws/b',
      'add aws/a',
    ]);
  });

  test('with who, when and by which commit', async () => {
    const repository = makeRepository();
    repository.addUnclaimed('aws', 'a');
    const message = 'main/deploy/test build 2 claiming: a';
    const commit = repository.claim('aws', 'a', { at: FIRST_COMMIT_AT + 90, message, author: 'CI <c@c>' });
    const opened = await open({ uri: repository.uri });
    const [claim] = await opened.operationsOn(await opened.fetch(), { pool: 'aws', name: 'a' }, 1);
    expect(claim).toMatchObject({
      kind: 'claim',
      at: FIRST_COMMIT_AT + 90,
      commit,
      author: 'CI',
      byPoolBoy: false,
    });
    expect(claim?.owner).toMatchObject({
      kind: 'job',
      team: 'main',
      pipeline: 'deploy',
      job: 'test',
      build: '2',
    });
  });

  test('edits, other files and what lies inside a directory lock are none', async () => {
    const repository = makeRepository();
    repository.commitByHand('set up', [
      { write: 'aws/unclaimed/dir/file' },
      { write: 'aws/claimed/.gitkeep' },
    ]);
    repository.claim('aws', 'dir');
    repository.commitByHand('edit', [
      { write: 'aws/claimed/dir/claimed/more' },
      { write: 'README', content: 'commit 1' },
    ]);
    repository.commitByHand('edit again', [{ write: 'aws/claimed/dir/file', content: 'A' }]);
    expect(await operationsOf(repository)).toEqual(['claim aws/dir', 'add aws/dir']);
  });

  test('a merge does nothing itself; both sides are told', async () => {
    const repository = makeRepository();
    repository.addUnclaimed('aws', 'a');
    repository.addUnclaimed('aws', 'b');
    repository.startBranch('side');
    repository.claim('aws', 'a');
    repository.claim('aws', 'b', { branch: 'side' });
    repository.merge('side', [{ move: 'aws/unclaimed/b', to: 'aws/claimed/b' }]);
    expect(await operationsOf(repository)).toEqual(['claim aws/b', 'claim aws/a', 'add aws/b', 'add aws/a']);
  });

  test('what was done before a pool was renamed is told under its new name', async () => {
    const repository = makeRepository();
    repository.addUnclaimed('old', 'a');
    repository.addUnclaimed('old', 'b');
    repository.claim('old', 'a');
    repository.renamePool('old', 'new');
    repository.release('new', 'a');
    expect(await operationsOf(repository)).toEqual([
      'release new/a',
      'claim new/a',
      'add new/b',
      'add new/a',
    ]);
    const opened = await open({ uri: repository.uri });
    const story = await opened.operationsOn(await opened.fetch(), { pool: 'new', name: 'a' }, 10);
    expect(story.map(({ kind }) => kind)).toEqual(['release', 'claim', 'add']);
  });

  test.each([
    ['free', 'unclaimed', ['add stage/a', 'remove dev/a']],
    ['claimed', 'claimed', ['add stage/a', 'claim stage/a', 'remove dev/a']],
  ] as const)(
    'a %s lock that goes to another pool by hand takes no story of the others there',
    async (_state, folder, moved) => {
      const repository = makeRepository();
      for (const lock of ['a', 'b']) repository.addUnclaimed('dev', lock);
      repository.addUnclaimed('stage', 'c');
      repository.claim('dev', 'b');
      if (folder === 'claimed') repository.claim('dev', 'a');
      const move = [{ move: `dev/${folder}/a`, to: `stage/${folder}/a` }];
      repository.commitByHand('a is for stage now', move);
      const told = await operationsOf(repository);
      expect(told.slice(0, moved.length).sort()).toEqual([...moved].sort());
      expect(told.slice(moved.length)).toEqual([
        ...(folder === 'claimed' ? ['claim dev/a'] : []),
        'claim dev/b',
        'add stage/c',
        'add dev/b',
        'add dev/a',
      ]);
    },
  );

  test('a message cannot forge a commit, and names are any bytes', async () => {
    const repository = makeRepository();
    repository.addUnclaimed('aws', 'a\nA');
    repository.claim('aws', 'a\nA', { message: `x\n\ncommit ${'0'.repeat(40)}\nA\n` });
    repository.addUnclaimed('aws', '\udcff*');
    expect(await operationsOf(repository)).toEqual(['add aws/\udcff*', 'claim aws/a\nA', 'add aws/a\nA']);
    const opened = await open({ uri: repository.uri });
    const head = await opened.fetch();
    expect(await opened.operationsOn(head, { pool: 'aws', name: 'a\nA' }, 10)).toHaveLength(2);
    expect(await opened.operationsOn(head, { pool: 'aws', name: '\udcff*' }, 10)).toHaveLength(1);
  });

  test('of a long history only as much is fetched as is asked for', async () => {
    const repository = makeRepository();
    repository.addUnclaimed('aws', 'a');
    repository.addUnclaimed('aws', 'b');
    const turn = (i: number) => (i % 2 === 0 ? ['unclaimed', 'claimed'] : ['claimed', 'unclaimed']);
    repository.commits(
      Array.from({ length: 1000 }, (_, i) => ({
        message: `${i % 2 === 0 ? 'claiming' : 'unclaiming'}: a`,
        changes: [{ move: `aws/${turn(i)[0]}/a`, to: `aws/${turn(i)[1]}/a` }],
      })),
    );
    const last = Number(repository.git('log', '-1', '--format=%ct', 'main'));
    expect(await operationsOf(repository, last - 60 * 299)).toHaveLength(300);
    expect(await operationsOf(repository)).toHaveLength(1002);
    const opened = await open({ uri: repository.uri });
    const head = await opened.fetch();
    expect(await opened.operationsOn(head, { pool: 'aws', name: 'a' }, 5)).toHaveLength(5);
    expect(await opened.operationsOn(head, { pool: 'aws', name: 'b' }, 5)).toHaveLength(1);
  });
});

test('whether a push would be taken is asked without pushing', async () => {
  const repository = makeRepository();
  repository.addUnclaimed('aws', 'a');
  const opened = await open({ uri: repository.uri });
  const head = await opened.fetch();
  expect(await opened.pushProblem(head)).toBeNull();
  expect(repository.head()).toBe(head);
});
