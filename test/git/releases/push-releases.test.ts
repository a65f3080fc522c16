import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Release, Step } from '../../../src/core/release/release-plan.ts';
import type { Repository } from '../../../src/git/repository.ts';
import { FIRST_COMMIT_AT, makeRepository, type TestRepository } from '../make-repository.ts';
import { open } from '../open.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const INFO = {
  run: '0b9e4c3e-6d2a-4b57-9d53-3c1c5c7c2d10',
  version: '1.2.3',
  buildUrl: null,
  now: 1_800_000_000,
};

function release(pool: string, lock: string, more: Partial<Release> = {}): Step {
  return {
    kind: 'release',
    release: {
      pool,
      lock,
      claim: 'c'.repeat(40),
      reason: 'build-ended',
      detail: 'main/deploy/test #2 failed an hour ago.',
      heldFor: 3600,
      to: null,
      ...more,
    },
  };
}

function keep(pool: string): Step {
  return { kind: 'keep-folder', pool, folder: 'claimed' };
}

function poolWith(...locks: string[]): TestRepository {
  const made = makeRepository();
  made.addUnclaimed('aws', 'spare');
  for (const lock of locks) made.addClaimed('aws', lock);
  return made;
}

function addHook(made: TestRepository, name: string, script: string): void {
  mkdirSync(`${made.path}/hooks`, { recursive: true });
  writeFileSync(`${made.path}/hooks/${name}`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

async function releaseAll(repository: Repository, steps: readonly Step[], info: Partial<typeof INFO> = {}) {
  return repository.push(steps, await repository.fetch(), { ...INFO, ...info });
}

describe('a release', () => {
  it('is one commit for each lock, in the order of the steps, in one push', async () => {
    const made = poolWith('a', 'b');
    const before = made.head();
    const repository = await open({ uri: made.uri });
    const result = await releaseAll(repository, [release('aws', 'a'), release('aws', 'b')]);
    const commits = made.git('rev-list', '--reverse', `${before}..main`).split('\n');
    expect(result).toEqual({ kind: 'pushed', head: made.head(), commits });
    expect(
      commits.map((commit) => made.git('show', '-s', '--format=%s|%an|%ae|%cn|%ce|%ct|%at', commit)),
    ).toEqual([
      'unclaiming: a|Pool Boy|pool-boy@localhost|Pool Boy|pool-boy@localhost|1800000000|1800000000',
      'unclaiming: b|Pool Boy|pool-boy@localhost|Pool Boy|pool-boy@localhost|1800000000|1800000000',
    ]);
    expect(commits.map((commit) => made.git('show', '--format=', '--name-status', '-M100%', commit))).toEqual(
      ['R100\taws/claimed/a\taws/unclaimed/a', 'R100\taws/claimed/b\taws/unclaimed/b'],
    );
  });

  it('says why, for people and for programs', async () => {
    const made = poolWith('a');
    const repository = await open({ uri: made.uri });
    const url = 'https://ci.example.com/teams/main/pipelines/pool boy/jobs/clean/builds/3';
    await releaseAll(repository, [release('aws', 'a', { heldFor: 3600.6 })], { buildUrl: url } as object);
    expect(made.git('show', '-s', '--format=%B', 'main')).toBe(
      `unclaiming: a

main/deploy/test #2 failed an hour ago.

Pool: aws
Lock: a
Claim: ${'c'.repeat(40)}
Held-For: 3601
Reason: build-ended
Released-By: pool-boy 1.2.3
Run: ${INFO.run}
Build-URL: ${url}`,
    );
  });

  it('keeps a folder in a commit of its own first', async () => {
    const made = makeRepository();
    made.commitByHand('add', [{ write: 'aws/claimed/a' }, { write: 'aws/unclaimed/b' }]);
    const repository = await open({ uri: made.uri });
    const result = await releaseAll(repository, [keep('aws'), release('aws', 'a')]);
    expect(result).toMatchObject({ kind: 'pushed', commits: [expect.any(String), made.head()] });
    expect(made.git('show', '-s', '--format=%B', 'main~1')).toBe(`keeping aws/claimed\n\nRun: ${INFO.run}`);
    expect(made.git('show', '--format=', '--raw', '--no-abbrev', 'main~1')).toMatch(
      /^:000000 100644 0{40} e69de29bb2d1d6434b8b29ae775ad8c2e48c5391 A\taws\/claimed\/\.gitkeep$/,
    );
    expect(made.git('ls-tree', '-r', '--name-only', 'main').split('\n')).toEqual([
      'aws/claimed/.gitkeep',
      'aws/unclaimed/a',
      'aws/unclaimed/b',
    ]);
  });

  it('keeps content, mode and directories as they are', async () => {
    const made = makeRepository();
    made.commitByHand('add', [
      { write: 'aws/claimed/.gitkeep' },
      { write: 'aws/claimed/file', content: 'caf\u00e9\0\n', mode: '100755' },
      { write: 'aws/claimed/plain', content: 'x', mode: '100644' },
      { write: 'aws/claimed/link', content: '../spare', mode: '120000' },
      { write: 'aws/claimed/claimed/claimed/deep', content: 'y' },
    ]);
    const before = made.git('ls-tree', '-r', 'main').replaceAll('\taws/claimed/', '\taws/unclaimed/');
    const repository = await open({ uri: made.uri });
    await releaseAll(
      repository,
      ['file', 'plain', 'link', 'claimed'].map((lock) => release('aws', lock)),
    );
    const after = made.git('ls-tree', '-r', 'main').replace('\taws/claimed/', '\taws/unclaimed/');
    expect(after.split('\n').sort()).toEqual(before.split('\n').sort());
  });

  it.each([
    ['a b', 'a b'],
    ['*', '*'],
    ['-rf', '-rf'],
    ['"q"', '"q"'],
    ['Zürich-🔒', 'Zürich-🔒'],
    ['x\nRun: forged', '"x\\nRun: forged"'],
    ['caf\uDCE9', '"caf\\351"'],
  ])('of %j cannot forge a trailer', async (lock, shown) => {
    const made = poolWith(lock);
    const repository = await open({ uri: made.uri });
    const detail = `It is ${lock}.\n\nClaim: forged\u2028Run: forged\u0007`;
    const result = await releaseAll(repository, [release('aws', lock, { detail })]);
    expect(result.kind).toBe('pushed');
    expect(made.git('show', '-s', '--format=%s', 'main')).toBe(`unclaiming: ${shown}`);
    const message = made.git('show', '-s', '--format=%B', 'main');
    const trailers = spawnSync('git', ['interpret-trailers', '--parse'], {
      input: message,
    }).stdout.toString();
    expect(trailers.trimEnd().split('\n')).toEqual([
      'Pool: aws',
      `Lock: ${shown}`,
      `Claim: ${'c'.repeat(40)}`,
      'Held-For: 3600',
      'Reason: build-ended',
      'Released-By: pool-boy 1.2.3',
      `Run: ${INFO.run}`,
    ]);
    const [pool] = await repository.poolsAt(await repository.fetch());
    expect(pool).toEqual({
      name: 'aws',
      claimed: [],
      unclaimed: [lock, 'spare'].sort(),
      claimedIsKept: true,
    });
  });

  it('is signed with the names of git_config', async () => {
    const made = poolWith('a');
    const gitConfig = [
      { name: 'user.name', value: 'CI <Bot>' },
      { name: 'User.Email', value: 'ci@example.com' },
    ];
    const repository = await open({ uri: made.uri, gitConfig });
    await releaseAll(repository, [release('aws', 'a')]);
    expect(made.git('show', '-s', '--format=%an %ae', 'main')).toBe('CI Bot ci@example.com');
  });

  it('refuses to move a lock that is not there, or over another one', async () => {
    const made = makeRepository();
    made.commitByHand('odd', [{ write: 'aws/claimed/a' }, { write: 'aws/unclaimed/a' }]);
    const repository = await open({ uri: made.uri });
    const before = made.head();
    await expect(releaseAll(repository, [release('aws', 'a')])).rejects.toThrow('cannot be moved');
    await expect(releaseAll(repository, [release('aws', 'b')])).rejects.toThrow('cannot be moved');
    expect(made.head()).toBe(before);
  });

  it('goes up from a shallow copy of a long history', async () => {
    const made = poolWith('a');
    made.commits(
      Array.from({ length: 400 }, (_, number) => ({ changes: [{ write: 'n', content: `${number}` }] })),
    );
    const claim = made.addClaimed('aws', 'b');
    const repository = await open({ uri: made.uri });
    const result = await releaseAll(repository, [release('aws', 'b', { claim })]);
    expect(result.kind).toBe('pushed');
    expect(made.git('fsck', '--strict')).toBe('');
  });
});

describe('a server that can leave contents out', () => {
  it('sends none, and takes releases all the same', async () => {
    const made = makeRepository();
    made.git('config', 'uploadpack.allowFilter', 'true');
    made.commitByHand('add', [
      { write: 'aws/claimed/a', content: 'a' },
      { write: 'aws/claimed/dir/deep/file', content: 'b' },
      { write: 'aws/unclaimed/c', content: 'c' },
      { write: 'gcp/unclaimed/x', content: 'x' },
      { write: 'project/file', content: 'large' },
    ]);
    const claim = made.claim('gcp', 'x');
    const before = made.git('ls-tree', '-r', 'main').split('\n');
    const folder = temporaryFolder();
    const repository = await open({ uri: made.uri, environment: { TMPDIR: folder } });
    const base = await repository.fetch();
    const [copy = ''] = readdirSync(folder);
    const types = execFileSync('git', [
      `--git-dir=${folder}/${copy}/repository`,
      'cat-file',
      '--batch-all-objects',
      '--batch-check=%(objecttype)',
    ]).toString();
    expect(types).toContain('commit');
    expect(types).not.toContain('blob');
    const [found] = await repository.claimsAt(base, [{ pool: 'gcp', name: 'x' }]);
    expect(found?.commit).toBe(claim);
    const steps = [keep('aws'), release('aws', 'a'), release('aws', 'dir'), keep('gcp'), release('gcp', 'x')];
    expect(await repository.push(steps, base, INFO)).toMatchObject({ kind: 'pushed' });
    const after = made.git('ls-tree', '-r', 'main').split('\n');
    expect(after.filter((line) => !line.endsWith('.gitkeep')).sort()).toEqual(
      before.map((line) => line.replace('/claimed/', '/unclaimed/')).sort(),
    );
    expect(made.git('fsck', '--strict')).toBe('');
  });
});

describe('a push that somebody else was faster than', () => {
  it('changes nothing, and works after a new look', async () => {
    const made = poolWith('a', 'b');
    const repository = await open({ uri: made.uri });
    const base = await repository.fetch();
    const theirs = made.release('aws', 'b');
    expect(await repository.push([release('aws', 'a')], base, INFO)).toEqual({ kind: 'moved' });
    expect(made.head()).toBe(theirs);
    expect(await releaseAll(repository, [release('aws', 'a')])).toMatchObject({ kind: 'pushed' });
    expect(made.git('rev-parse', 'main~1')).toBe(theirs);
  });

  it('does not bring back commits that were taken out of the branch', async () => {
    const made = poolWith('a', 'b');
    const repository = await open({ uri: made.uri });
    const base = await repository.fetch();
    made.git('update-ref', 'refs/heads/main', 'main~1');
    const before = made.head();
    expect(await repository.push([release('aws', 'a')], base, INFO)).toEqual({ kind: 'moved' });
    expect(made.head()).toBe(before);
  });

  it('is tried again when nobody was faster', async () => {
    const made = poolWith('a');
    const repository = await open({ uri: made.uri });
    const base = await repository.fetch();
    addHook(
      made,
      'pre-receive',
      `test -e tried || { touch tried refs/heads/main.lock; exit 0; }; rm -f refs/heads/main.lock`,
    );
    expect(await repository.push([release('aws', 'a')], base, INFO)).toMatchObject({ kind: 'pushed' });
    expect(made.git('rev-parse', 'main~1')).toBe(base);
  });
});

describe('a push that looks as if somebody else were faster', () => {
  it('is a failure where a lock was left on the server', async () => {
    const made = poolWith('a');
    const repository = await open({ uri: made.uri });
    const base = await repository.fetch();
    writeFileSync(`${made.path}/refs/heads/main.lock`, '');
    await expect(repository.push([release('aws', 'a')], base, INFO)).rejects.toMatchObject({
      kind: 'refused-by-hook',
      message: expect.stringContaining('main.lock'),
    });
    expect(made.head()).toBe(base);
  });

  it.each(['cannot lock ref', 'error: cannot lock ref', 'non-fast-forward'])(
    'is a failure where a hook says "%s"',
    async (words) => {
      const made = poolWith('a');
      const repository = await open({ uri: made.uri });
      const base = await repository.fetch();
      addHook(made, 'pre-receive', `echo x >> asked; echo '${words} of the policy' >&2; exit 1`);
      await expect(repository.push([release('aws', 'a')], base, INFO)).rejects.toMatchObject({
        kind: 'refused-by-hook',
        message: expect.stringContaining('of the policy'),
      });
      expect(readFileSync(`${made.path}/asked`, 'utf8')).toBe('x\n');
      expect(made.head()).toBe(base);
    },
  );

  it('is a failure where an update hook uses the words of the server', async () => {
    const made = poolWith('a');
    const repository = await open({ uri: made.uri });
    const base = await repository.fetch();
    addHook(made, 'update', `echo 'failed to update ref: frozen' >&2; exit 1`);
    await expect(repository.push([release('aws', 'a')], base, INFO)).rejects.toMatchObject({
      message: expect.stringContaining('frozen'),
    });
  });
});

describe('a push that the server refuses', () => {
  it('fails in the words of its hook', async () => {
    const made = poolWith('a');
    mkdirSync(`${made.path}/hooks`, { recursive: true });
    const hook = `${made.path}/hooks/pre-receive`;
    writeFileSync(hook, '#!/bin/sh\necho "main is protected: ask the owner." >&2\nexit 1\n');
    chmodSync(hook, 0o755);
    const repository = await open({ uri: made.uri });
    await expect(releaseAll(repository, [release('aws', 'a')])).rejects.toMatchObject({
      kind: 'refused-by-hook',
      isWorthRetry: false,
      message: `${made.uri} refused the push to main: main is protected: ask the owner (pre-receive hook declined).`,
    });
  });
});

describe('what a run released', () => {
  it('is found from its last commit', async () => {
    const made = poolWith('a', 'b', 'c');
    const repository = await open({ uri: made.uri });
    await releaseAll(repository, [release('aws', 'c')], { run: 'another-run' });
    const result = await releaseAll(repository, [
      release('aws', 'a', { reason: 'timed-out', heldFor: 60, claim: 'a'.repeat(40) }),
      release('aws', 'b', { claim: 'b'.repeat(40) }),
    ]);
    if (result.kind !== 'pushed') throw new Error('not pushed');
    made.claim('aws', 'a');
    const again = await open({ uri: made.uri });
    await again.fetch();
    const [first = '', second = ''] = result.commits;
    const expected = [
      {
        pool: 'aws',
        lock: 'a',
        commit: first,
        claim: 'a'.repeat(40),
        reason: 'timed-out',
        heldFor: 60,
        to: null,
      },
      {
        pool: 'aws',
        lock: 'b',
        commit: second,
        claim: 'b'.repeat(40),
        reason: 'build-ended',
        heldFor: 3600,
        to: null,
      },
    ];
    expect(await again.releasedBy(null, result.head)).toEqual(expected);
    expect(await again.releasedBy(INFO.run, result.head)).toEqual(expected);
    expect(await again.releasedBy('another-run', result.head)).toEqual([]);
    expect(await again.releasedBy(null, made.head())).toEqual([]);
  });

  it('comes back by git revert, however often, as a claim by hand from then on', async () => {
    const made = makeRepository();
    made.addUnclaimed('aws', 'a');
    const first = made.claim('aws', 'a', { message: 'main/deploy/test build 2 claiming: a' });
    let claim = first;
    const back: string[] = [];
    for (const run of ['one', 'two']) {
      const repository = await open({ uri: made.uri });
      const result = await releaseAll(repository, [release('aws', 'a', { claim })], { run });
      if (result.kind !== 'pushed') throw new Error('not pushed');
      claim = made.commitByHand(
        `Revert "unclaiming: a"\n\nThis reverts commit ${result.head}.\n`,
        [{ move: 'aws/unclaimed/a', to: 'aws/claimed/a' }],
        { author: 'Ann <ann@example.com>', at: 1_800_000_500 },
      );
      back.push(claim);
    }
    const repository = await open({ uri: made.uri });
    const [found] = await repository.claimsAt(await repository.fetch(), [{ pool: 'aws', name: 'a' }]);
    expect(found).toMatchObject({
      commit: back[1],
      author: 'Ann',
      committedAt: 1_800_000_500,
      owner: { kind: 'person' },
      // Builds that have the lock know it by this one.
      restores: first,
    });
  });

  it.each([
    ['a commit that is not there', 'f'.repeat(40)],
    ['something else', '--all'],
  ])('stays a claim by hand where a revert names %s', async (_what, id) => {
    const made = makeRepository();
    made.addUnclaimed('aws', 'a');
    const claim = made.claim('aws', 'a', {
      message: `Revert "unclaiming: a"\n\nThis reverts commit ${id}.\n`,
    });
    const repository = await open({ uri: made.uri });
    const [found] = await repository.claimsAt(await repository.fetch(), [{ pool: 'aws', name: 'a' }]);
    expect(found).toMatchObject({ commit: claim, owner: { kind: 'person' } });
  });
});

describe('which pools a commit claimed in', () => {
  it('is told for claims, and for nothing else', async () => {
    const made = makeRepository();
    made.addUnclaimed('aws', 'a');
    made.addUnclaimed('gcp', 'x');
    const one = made.claim('aws', 'a');
    const free = made.release('aws', 'a');
    const many = made.commitByHand('many', [
      { move: 'aws/unclaimed/a', to: 'aws/claimed/a' },
      { move: 'gcp/unclaimed/x', to: 'gcp/claimed/x' },
    ]);
    const renamed = made.renamePool('gcp', 'google');
    const unknown = 'e'.repeat(40);
    const repository = await open({ uri: made.uri });
    await repository.fetch();
    const answer = await repository.poolsClaimedIn(
      [one, free, many, renamed, unknown, 'HEAD'],
      Number.POSITIVE_INFINITY,
    );
    expect([...answer]).toEqual([
      [one, ['aws']],
      [free, []],
      [many, ['aws', 'gcp']],
      [renamed, []],
    ]);
  });

  it('is told for a commit that lies deeper than what was fetched, as far back as it matters', async () => {
    const made = makeRepository();
    made.addUnclaimed('aws', 'a');
    const claim = made.claim('aws', 'a');
    made.commits(
      Array.from({ length: 400 }, (_, number) => ({ changes: [{ write: 'n', content: `${number}` }] })),
    );
    const repository = await open({ uri: made.uri });
    await repository.fetch();
    expect([...(await repository.poolsClaimedIn([claim], FIRST_COMMIT_AT + 380 * 60))]).toEqual([]);
    expect([...(await repository.poolsClaimedIn([claim], FIRST_COMMIT_AT))]).toEqual([[claim, ['aws']]]);
  });

  it('is told for a commit on the boundary of what was fetched', async () => {
    const made = makeRepository();
    made.addUnclaimed('aws', 'a');
    const claim = made.claim('aws', 'a');
    made.commits(
      Array.from({ length: 127 }, (_, number) => ({ changes: [{ write: 'n', content: `${number}` }] })),
    );
    const repository = await open({ uri: made.uri });
    await repository.fetch();
    expect([...(await repository.poolsClaimedIn([claim], Number.POSITIVE_INFINITY))]).toEqual([
      [claim, ['aws']],
    ]);
  });
});
