import { describe, expect, it } from '@jest/globals';

import type { GitSetting } from '../../../src/core/source/repository-source.ts';
import { type Change, FIRST_COMMIT_AT, makeRepository, type TestRepository } from '../make-repository.ts';
import { open, opening } from '../open.ts';

/** The claims of everything that lies in `claimed` at the head, by `pool/lock`. */
async function claimsOf({ uri }: TestRepository, gitConfig: readonly GitSetting[] = []) {
  const repository = await open({ uri, gitConfig });
  const head = await repository.fetch();
  const pools = await repository.poolsAt(head);
  const locks = pools.flatMap(({ name, claimed }) =>
    (claimed ?? []).map((lock) => ({ pool: name, name: lock })),
  );
  const claims = await repository.claimsAt(head, locks);
  return Object.fromEntries(
    locks.map(({ pool, name }, index) => {
      const claim = claims[index];
      if (claim === undefined) throw new Error('a claim is missing');
      return [`${pool}/${name}`, claim];
    }),
  );
}

async function commitsOf(made: TestRepository, gitConfig: readonly GitSetting[] = []) {
  const claims = Object.entries(await claimsOf(made, gitConfig));
  return Object.fromEntries(claims.map(([path, { commit }]) => [path, commit]));
}

describe('the claim of a lock', () => {
  it('is the commit that moved it into claimed', async () => {
    const made = makeRepository();
    made.addUnclaimed('aws', 'env-1');
    const claim = made.claim('aws', 'env-1', { message: 'main/deploy/test build 2 claiming: env-1' });
    made.addUnclaimed('aws', 'env-2');
    expect(await claimsOf(made)).toEqual({
      'aws/env-1': {
        commit: claim,
        message: 'main/deploy/test build 2 claiming: env-1',
        author: 'Concourse',
        owner: {
          kind: 'job',
          team: 'main',
          pipeline: 'deploy',
          instanceVars: null,
          varsQuery: null,
          job: 'test',
          build: '2',
          url: null,
        },
        bornClaimed: false,
        committedAt: FIRST_COMMIT_AT + 60,
        parentCommittedAt: FIRST_COMMIT_AT,
        isRoot: false,
        restores: null,
        hold: null,
      },
    });
  });

  it('is the newest one of many', async () => {
    const made = makeRepository();
    made.addUnclaimed('aws', 'env-1');
    made.claim('aws', 'env-1');
    made.release('aws', 'env-1');
    const second = made.claim('aws', 'env-1');
    expect(await commitsOf(made)).toEqual({ 'aws/env-1': second });
  });

  it('is the commit that added it claimed', async () => {
    const made = makeRepository();
    const claim = made.addClaimed('aws', 'env-1');
    const found = await claimsOf(made);
    expect(found['aws/env-1']).toMatchObject({ commit: claim, bornClaimed: true });
  });

  it('can be the root commit, which has no parent', async () => {
    const made = makeRepository();
    const root = made.commitByHand('squashed', [
      { write: 'aws/claimed/env-1' },
      { write: 'gcp/claimed/env-1' },
    ]);
    made.addUnclaimed('aws', 'env-2');
    const found = await claimsOf(made);
    expect(found['aws/env-1']).toMatchObject({
      commit: root,
      parentCommittedAt: null,
      owner: { kind: 'person' },
    });
    expect(found['gcp/env-1']).toMatchObject({ commit: root });
  });

  it('is not an edit of the content, of the mode or of the type', async () => {
    const made = makeRepository();
    made.addUnclaimed('aws', 'env-1');
    const claim = made.claim('aws', 'env-1');
    made.commitByHand('content', [{ write: 'aws/claimed/env-1', content: 'note\n' }]);
    made.commitByHand('mode', [{ write: 'aws/claimed/env-1', content: 'note\n', mode: '100644' }]);
    made.commitByHand('symlink', [{ write: 'aws/claimed/env-1', content: 'elsewhere', mode: '120000' }]);
    made.commitByHand('directory', [{ remove: 'aws/claimed/env-1' }, { write: 'aws/claimed/env-1/a' }]);
    made.commitByHand('more in it', [{ write: 'aws/claimed/env-1/b' }]);
    made.commitByHand('file again', [{ remove: 'aws/claimed/env-1' }, { write: 'aws/claimed/env-1' }]);
    expect(await commitsOf(made)).toEqual({ 'aws/env-1': claim });
  });

  it('is not a rename of its pool, with or without edits, into a nested pool or back', async () => {
    const made = makeRepository();
    made.addUnclaimed('aws', 'env-1');
    const claim = made.claim('aws', 'env-1');
    made.renamePool('aws', 'cloud/aws');
    made.commitByHand('rename and edit', [
      { move: 'cloud/aws', to: 'amazon' },
      { write: 'amazon/claimed/env-1', content: 'changed\n', mode: '100644' },
    ]);
    expect(await commitsOf(made)).toEqual({ 'amazon/env-1': claim });
  });

  it('is found through the renames of two pools that hold locks of one name', async () => {
    const made = makeRepository();
    made.addUnclaimed('a', 'env');
    made.addUnclaimed('b', 'env');
    made.addUnclaimed('b', 'only-b');
    const first = made.claim('a', 'env');
    const second = made.claim('b', 'env');
    made.commitByHand('both', [{ move: 'a', to: 'a2' }, { write: 'a2/README' }, { move: 'b', to: 'b2' }]);
    // The lock that only `b` has tells which pool became b2; nothing tells for a2, so this commit is its claim.
    expect(await commitsOf(made)).toEqual({ 'a2/env': made.head(), 'b2/env': second });
    expect(first).not.toBe(second);
  });

  it('is the commit by hand that swapped two locks of one name between their own folders', async () => {
    const made = makeRepository();
    made.addUnclaimed('aws', 'env');
    made.addUnclaimed('gcp', 'env');
    made.claim('gcp', 'env');
    const swap = made.commitByHand('take aws instead of gcp', [
      { move: 'gcp/claimed/env', to: 'gcp/unclaimed/env' },
      { move: 'aws/unclaimed/env', to: 'aws/claimed/env' },
    ]);
    expect(await commitsOf(made)).toEqual({ 'aws/env': swap });
  });

  it('is the commit that created a lock again', async () => {
    const made = makeRepository();
    made.addUnclaimed('aws', 'env');
    made.claim('aws', 'env');
    made.commitByHand('Delete env', [{ remove: 'aws/claimed/env' }]);
    const again = made.commitByHand('Create env', [{ write: 'aws/claimed/env' }]);
    expect(await commitsOf(made)).toEqual({ 'aws/env': again });
  });

  it('can be one commit for many locks', async () => {
    const made = makeRepository();
    const names = Array.from({ length: 40 }, (_, number) => `env-${number}`);
    made.commitByHand(
      'add',
      names.map((name) => ({ write: `aws/unclaimed/${name}` })),
    );
    const claim = made.commitByHand('take all', [{ move: 'aws/unclaimed', to: 'aws/claimed' }], {
      author: 'Ann <ann@example.com>',
      committer: 'Bot <bot@example.com>',
    });
    made.addUnclaimed('aws', 'other');
    const found = await claimsOf(made);
    expect(Object.keys(found)).toHaveLength(40);
    for (const one of Object.values(found)) {
      expect(one).toMatchObject({ commit: claim, author: 'Ann', owner: { kind: 'person' } });
    }
  });

  it('is a directory lock that is called claimed', async () => {
    const made = makeRepository();
    made.commitByHand('add', [
      { write: 'k8s/destroy/unclaimed/claimed/metadata' },
      { write: 'k8s/destroy/claimed/.gitkeep' },
    ]);
    const claim = made.commitByHand('claiming: claimed', [
      { move: 'k8s/destroy/unclaimed/claimed', to: 'k8s/destroy/claimed/claimed' },
    ]);
    made.commitByHand('edit', [{ write: 'k8s/destroy/claimed/claimed/metadata', content: 'x' }]);
    expect(await commitsOf(made)).toEqual({ 'k8s/destroy/claimed': claim });
  });

  it.each([
    ['a blank', 'a b'],
    ['a star', '*'],
    ['a leading dash', '-rf'],
    ['brackets', '[x]'],
    ['quotes', '"q"'],
    ['a backslash', 'back\\slash'],
    ['non-ASCII', 'Zürich-🔒'],
    ['a newline', 'two\nlines'],
    ['a tab', 'a\tb'],
    ['bytes that are not UTF-8', 'caf\uDCE9'],
    ['a name like a header', `commit ${'a'.repeat(40)}`],
    ['one letter', 'A'],
  ])('is found for a name with %s', async (_what, lock) => {
    const made = makeRepository();
    made.addUnclaimed(`pool of ${lock}`, lock);
    const claim = made.claim(`pool of ${lock}`, lock);
    made.release(`pool of ${lock}`, lock);
    const again = made.claim(`pool of ${lock}`, lock);
    made.addUnclaimed('other', 'x');
    expect(claim).not.toBe(again);
    expect(await commitsOf(made)).toEqual({ [`pool of ${lock}/${lock}`]: again });
  });

  it('cannot be moved by a subject that looks like git output', async () => {
    const made = makeRepository();
    const root = made.addUnclaimed('aws', 'env');
    const claim = made.commitByHand(`${root} (from ${root})\nA\n\nA\naws/claimed/env`, [
      { move: 'aws/unclaimed/env', to: 'aws/claimed/env' },
    ]);
    made.commitByHand('', []);
    made.commitByHand(`${root}`, [{ write: 'README' }]);
    expect(await commitsOf(made)).toEqual({ 'aws/env': claim });
  });

  it('keeps its own time where its clock lags behind its parent', async () => {
    const made = makeRepository();
    made.addUnclaimed('aws', 'env', { at: FIRST_COMMIT_AT + 5000 });
    made.claim('aws', 'env', { at: FIRST_COMMIT_AT });
    const found = await claimsOf(made);
    expect(found['aws/env']).toMatchObject({
      committedAt: FIRST_COMMIT_AT,
      parentCommittedAt: FIRST_COMMIT_AT + 5000,
    });
  });

  it('reads authors and messages in the encoding that the commit names', async () => {
    const made = makeRepository();
    made.addUnclaimed('aws', 'env');
    made.claim('aws', 'env', { message: Buffer.from('Zürich nimmt env', 'latin1'), encoding: 'ISO-8859-1' });
    expect((await claimsOf(made))['aws/env']).toMatchObject({ message: 'Zürich nimmt env' });
  });
});

describe('claims and merges', () => {
  it.each([
    ['a claim on the main line, a side branch merged', 'main'],
    ['a claim on the side branch, merged', 'side'],
  ])('%s: the merge is not the claim', async (_name, where) => {
    const made = makeRepository();
    made.addUnclaimed('aws', 'env');
    made.startBranch('side');
    const claim = made.claim('aws', 'env', { branch: where });
    const other = where === 'main' ? 'side' : 'main';
    made.commitByHand('docs', [{ write: 'README' }], { branch: other });
    made.merge(
      'side',
      where === 'main' ? [{ write: 'README' }] : [{ move: 'aws/unclaimed/env', to: 'aws/claimed/env' }],
    );
    expect(await commitsOf(made)).toEqual({ 'aws/env': claim });
  });

  it('finds a claim from before a fork, whichever side was merged into which', async () => {
    const made = makeRepository();
    made.addUnclaimed('aws', 'env');
    const claim = made.claim('aws', 'env');
    made.startBranch('side');
    made.commitByHand('a', [{ write: 'A' }]);
    made.commitByHand('b', [{ write: 'B' }], { branch: 'side' });
    made.merge('side', [{ write: 'B' }]);
    made.merge('main', [{ write: 'A' }], { branch: 'side' });
    made.merge('side', []);
    expect(await commitsOf(made)).toEqual({ 'aws/env': claim });
  });

  it('takes the newer claim where the merged side released and claimed again', async () => {
    const made = makeRepository();
    made.addUnclaimed('aws', 'env');
    made.claim('aws', 'env');
    made.startBranch('side');
    made.commitByHand('docs', [{ write: 'README' }]);
    made.release('aws', 'env', { branch: 'side' });
    const second = made.claim('aws', 'env', { branch: 'side' });
    made.merge('side', []);
    expect(await commitsOf(made)).toEqual({ 'aws/env': second });
  });

  it('takes a merge for the claim where neither side had it', async () => {
    const made = makeRepository();
    made.addUnclaimed('aws', 'env');
    made.startBranch('side');
    made.commitByHand('docs', [{ write: 'README' }], { branch: 'side' });
    const merge = made.merge('side', [{ move: 'aws/unclaimed/env', to: 'aws/claimed/env' }]);
    expect(await commitsOf(made)).toEqual({ 'aws/env': merge });
  });

  it('finds a claim in a history without a common commit', async () => {
    const made = makeRepository();
    made.addUnclaimed('aws', 'env');
    made.addUnclaimed('gcp', 'env', { branch: 'other', isRoot: true });
    const claim = made.claim('gcp', 'env', { branch: 'other' });
    made.merge('other', [{ write: 'gcp/claimed/env' }]);
    expect(await commitsOf(made)).toEqual({ 'gcp/env': claim });
  });
});

describe('settings of the owner', () => {
  it.each([
    ['log.diffMerges', 'off'],
    ['log.diffMerges', 'first-parent'],
    ['log.diffMerges', 'remerge'],
    ['log.diffMerges', 'combined'],
    ['i18n.logOutputEncoding', 'UTF-16'],
    ['color.diff', 'always'],
    ['diff.ignoreSubmodules', 'all'],
    ['diff.relative', 'true'],
    ['log.showRoot', 'false'],
  ])('cannot hide a claim: %s=%s', async (name, value) => {
    const made = makeRepository();
    made.addUnclaimed('aws', 'env');
    made.claim('aws', 'env');
    made.release('aws', 'env');
    made.startBranch('side');
    made.commitByHand('of the side', [{ write: 'other' }], { branch: 'side' });
    made.addUnclaimed('aws', 'spare');
    const change: Change = { move: 'aws/unclaimed/env', to: 'aws/claimed/env' };
    const merge = made.merge('side', [change, { write: 'other' }]);
    expect(await commitsOf(made, [{ name, value }])).toEqual({ 'aws/env': merge });
  });
});

/** Fetches of more of the past than the first one. */
function deeperFetches(logged: readonly string[]): string[] {
  return logged.filter(
    (line) => /--depth=/.test(line) && !line.includes('--depth=128 ') && !line.includes('--depth=1 '),
  );
}

describe('a long history', () => {
  it('is fetched deeper until no claim sits on its boundary', async () => {
    const made = makeRepository();
    made.addUnclaimed('aws', 'old');
    const old = made.claim('aws', 'old');
    made.addUnclaimed('aws', 'busy');
    made.commits(
      Array.from({ length: 700 }, (_, number) => {
        const [from, to] = number % 2 === 0 ? ['unclaimed', 'claimed'] : ['claimed', 'unclaimed'];
        return { message: `${number}`, changes: [{ move: `aws/${from}/busy`, to: `aws/${to}/busy` }] };
      }),
    );
    const recent = made.claim('aws', 'busy');
    expect(await commitsOf(made)).toEqual({ 'aws/old': old, 'aws/busy': recent });
  });

  it('stays shallow where the claims are recent', async () => {
    const made = makeRepository();
    made.addUnclaimed('aws', 'env');
    made.commits(
      Array.from({ length: 500 }, (_, number) => ({ changes: [{ write: 'n', content: `${number}` }] })),
    );
    const claim = made.claim('aws', 'env');
    const repository = await open({ uri: made.uri });
    const head = await repository.fetch();
    const [found] = await repository.claimsAt(head, [{ pool: 'aws', name: 'env' }]);
    expect(found?.commit).toBe(claim);
    expect(await repository.isInHistory(made.git('rev-parse', 'main~400'))).toBe(true);
    expect(await repository.isInHistory('a'.repeat(40))).toBe(false);
  });

  it('asks for a commit that it lacks before it fetches the whole history for it', async () => {
    const made = makeRepository();
    made.commits(
      Array.from({ length: 500 }, (_, number) => ({ changes: [{ write: 'n', content: `${number}` }] })),
    );
    const { repository, logged } = opening({ uri: made.uri });
    const opened = await repository;
    await opened.fetch();
    expect(await opened.isInHistory('a'.repeat(40))).toBe(false);
    expect(deeperFetches(logged)).toEqual([]);
    expect(await opened.isInHistory(made.git('rev-parse', 'main~400'))).toBe(true);
    expect(deeperFetches(logged)).not.toEqual([]);
  });
});

describe('a revert of a commit that nobody knows', () => {
  it.each([
    ['back to a month before it', 24 * 3600, 400, 0],
    ['three times', 60, 9000, 3],
  ])('makes the history be fetched %s', async (_what, pause, count, wanted) => {
    const made = makeRepository();
    made.addUnclaimed('aws', 'env');
    made.commits(
      Array.from({ length: count }, (_, number) => ({
        at: FIRST_COMMIT_AT + (number + 1) * pause,
        changes: [{ write: 'n', content: `${number}` }],
      })),
    );
    const message = `Revert "unclaiming: env"\n\nThis reverts commit ${'a'.repeat(40)}.\n`;
    const claim = made.claim('aws', 'env', { message });
    const { repository, logged } = opening({ uri: made.uri });
    const opened = await repository;
    const [found] = await opened.claimsAt(await opened.fetch(), [{ pool: 'aws', name: 'env' }]);
    expect(found).toMatchObject({ commit: claim, restores: null });
    expect(deeperFetches(logged).length).toBe(wanted);
  });
});
