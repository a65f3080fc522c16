// Claims so far back that the history's different trees are looked at, and not what each commit changed.
import { describe, expect, it } from '@jest/globals';
import { type Commit, FIRST_COMMIT_AT, makeRepository, type TestRepository } from '../make-repository.ts';
import { opening } from '../open.ts';

/** Commits of another lock, more than are walked one by one. */
function passTime(made: TestRepository, commits = 2400, branch = 'main'): void {
  made.commits(
    Array.from({ length: commits }, (_, number): Commit => {
      const [from, to] = number % 2 === 0 ? ['unclaimed', 'claimed'] : ['claimed', 'unclaimed'];
      return { branch, changes: [{ move: `zoo/${from}/busy`, to: `zoo/${to}/busy` }] };
    }),
  );
}

function start(...locks: readonly string[]): TestRepository {
  const made = makeRepository();
  made.addUnclaimed('zoo', 'busy');
  for (const lock of locks) made.addUnclaimed('aws', lock);
  return made;
}

async function look(made: TestRepository) {
  const { repository, logged } = opening({ uri: made.uri });
  const opened = await repository;
  const head = await opened.fetch();
  const pools = await opened.poolsAt(head);
  const locks = pools.flatMap(({ name, claimed }) =>
    (claimed ?? []).map((lock) => ({ pool: name, name: lock })),
  );
  const claims = await opened.claimsAt(head, locks);
  const found = locks.map(({ pool, name }, at) => [`${pool}/${name}`, claims[at]?.commit]);
  return {
    found: Object.fromEntries(found),
    claims: Object.fromEntries(locks.map(({ name }, at) => [name, claims[at]])),
    isByTrees: logged.some((line) => line.includes('git diff-tree')),
  };
}

describe('an old claim', () => {
  it('is found, with its parent and its hold', async () => {
    const made = start('a', 'b');
    const first = made.claim('aws', 'a');
    made.release('aws', 'a');
    const again = made.claim('aws', 'a');
    made.commitByHand('holding a', [], {
      message: `holding a until 2023-12-01\n\nLooking at it.\n\nHold: aws/a@${again}\nHold-Until: 2023-12-01\n`,
    });
    const second = made.claim('aws', 'b');
    passTime(made);
    const { found, claims, isByTrees } = await look(made);
    expect(isByTrees).toBe(true);
    expect(found).toEqual({ 'aws/a': again, 'aws/b': second });
    expect(first).not.toBe(again);
    expect(claims.a).toMatchObject({ hold: { reason: 'Looking at it.' } });
    expect(claims.a?.parentCommittedAt).toBe(Number(made.git('log', '-1', '--format=%ct', `${again}~1`)));
  });

  it('is not an edit of the content or of the type, nor a rename of its pool', async () => {
    const made = start('a', 'b');
    const claim = made.claim('aws', 'a');
    const other = made.claim('aws', 'b');
    made.commitByHand('edit', [{ write: 'aws/claimed/a', content: 'note\n' }]);
    made.commitByHand('folder', [{ remove: 'aws/claimed/a' }, { write: 'aws/claimed/a/x' }]);
    made.commitByHand('file', [{ remove: 'aws/claimed/a' }, { write: 'aws/claimed/a' }]);
    made.renamePool('aws', 'cloud/aws');
    made.commitByHand('edit', [{ write: 'cloud/aws/claimed/a', content: 'more\n' }]);
    made.renamePool('cloud/aws', 'amazon');
    passTime(made);
    const { found, isByTrees } = await look(made);
    expect(isByTrees).toBe(true);
    expect(found).toEqual({ 'amazon/a': claim, 'amazon/b': other });
  });

  it('is the newest of several that left the same tree behind', async () => {
    const made = start('a', 'b');
    const claims = ['a', 'b', 'a', 'b', 'a'].map((lock, number) => {
      if (number > 0) made.release('aws', lock === 'a' ? 'b' : 'a');
      return made.claim('aws', lock);
    });
    passTime(made);
    expect((await look(made)).found).toEqual({ 'aws/a': claims[4] });
  });

  it('can be older than all that is read at once', async () => {
    const made = start('a', 'b', 'c');
    const oldest = made.claim('aws', 'a');
    passTime(made, 10);
    const claim = made.claim('aws', 'b');
    made.commitByHand('holding b', [], {
      message: `holding b\n\nLooking at it.\n\nHold: aws/b@${claim}\nHold-Until: 2024-01-01\n`,
    });
    passTime(made, 42_000);
    const newer = made.claim('aws', 'c');
    passTime(made);
    const { found, claims, isByTrees } = await look(made);
    expect(isByTrees).toBe(true);
    expect(found).toEqual({ 'aws/a': oldest, 'aws/b': claim, 'aws/c': newer });
    expect(claims.b).toMatchObject({ hold: { reason: 'Looking at it.' } });
  });

  it('can be the first commit of all', async () => {
    const made = makeRepository();
    const root = made.addClaimed('aws', 'a');
    made.addUnclaimed('zoo', 'busy');
    passTime(made);
    const { found, claims } = await look(made);
    expect(found).toEqual({ 'aws/a': root });
    expect(claims.a).toMatchObject({ isRoot: true, bornClaimed: true });
  });

  it('is the newer of two that a merge joined', async () => {
    const made = start('a', 'b');
    made.claim('aws', 'a');
    const other = made.claim('aws', 'b');
    made.startBranch('side');
    made.commitByHand('docs', [{ write: 'README' }]);
    made.release('aws', 'a', { branch: 'side' });
    const newer = made.claim('aws', 'a', { branch: 'side' });
    made.merge('side', []);
    passTime(made);
    expect((await look(made)).found).toEqual({ 'aws/a': newer, 'aws/b': other });
  });

  it('is the newer of two that a merge joined, also where its clock lagged', async () => {
    const made = start('a');
    made.claim('aws', 'a');
    made.startBranch('side');
    made.release('aws', 'a', { at: FIRST_COMMIT_AT + 1000 });
    made.claim('aws', 'a', { at: FIRST_COMMIT_AT + 1100 });
    made.release('aws', 'a', { branch: 'side', at: FIRST_COMMIT_AT + 5000 });
    const newer = made.claim('aws', 'a', { branch: 'side', at: FIRST_COMMIT_AT + 900 });
    made.merge('side', []);
    passTime(made);
    expect((await look(made)).found).toEqual({ 'aws/a': newer });
  });

  it('is the merge that made it, not one that was given back before', async () => {
    const made = start('a');
    made.claim('aws', 'a');
    made.release('aws', 'a');
    made.startBranch('side');
    made.claim('aws', 'a', { branch: 'side' });
    made.release('aws', 'a', { branch: 'side' });
    made.commitByHand('docs', [{ write: 'README' }], { branch: 'side' });
    const merge = made.merge('side', [{ move: 'aws/unclaimed/a', to: 'aws/claimed/a' }, { write: 'README' }]);
    passTime(made);
    expect((await look(made)).found).toEqual({ 'aws/a': merge });
  });

  it('is found behind merges that have nothing to do with it', async () => {
    const made = start('a');
    const claim = made.claim('aws', 'a');
    for (const name of ['one', 'two']) {
      made.startBranch(name);
      made.commitByHand('x', [{ write: 'x', content: name }], { branch: name });
      passTime(made, 1200);
      made.merge(name, [{ write: 'x', content: name }]);
    }
    passTime(made);
    expect((await look(made)).found).toEqual({ 'aws/a': claim });
  });

  it.each([
    'a b',
    '*',
    '-rf',
    '[x]',
    '"q"',
    ':(top)',
    '!x',
    'back\\slash',
    'Zürich-🔒',
    'two\nlines',
    'caf\uDCE9',
  ])('is found for a lock called %j', async (lock) => {
    const made = start(lock);
    const claim = made.claim('aws', lock);
    passTime(made);
    expect((await look(made)).found).toEqual({ [`aws/${lock}`]: claim });
  });
});
