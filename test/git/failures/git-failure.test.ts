import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { makeRepository } from '../make-repository.ts';
import { open, opening } from '../open.ts';
import { temporaryFolder } from '../temporary-folder.ts';

describe('a repository that cannot be read', () => {
  it('is told from one that is empty, and from one that lacks the branch', async () => {
    const folder = temporaryFolder();
    const empty = makeRepository();
    const other = makeRepository();
    other.addUnclaimed('aws', 'a');
    other.startBranch('metadata');
    const failure = async (uri: string, branch: string | null) => {
      const problem = open({ uri, branch }).then((repository) => repository.fetch());
      return problem.catch(({ kind, message }) => ({ kind, message }));
    };
    expect(await failure(folder, 'main')).toEqual({
      kind: 'no-repository',
      message: `There is no git repository at ${folder}, or the given account is not permitted to see it; check uri and the credentials.`,
    });
    expect(await failure(empty.uri, 'main')).toEqual({
      kind: 'empty-repository',
      message: `${empty.uri} is empty: it has no branch yet.`,
    });
    expect(await failure(empty.uri, null)).toMatchObject({ kind: 'empty-repository' });
    expect(await failure(other.uri, 'mian')).toEqual({
      kind: 'no-branch',
      message: `${other.uri} has no branch mian; it has main, metadata.`,
    });
  });

  it('is told where its HEAD names no branch', async () => {
    const made = makeRepository();
    made.addUnclaimed('aws', 'a');
    made.git('symbolic-ref', 'HEAD', 'refs/heads/gone');
    await expect(open({ uri: made.uri, branch: null })).rejects.toMatchObject({
      kind: 'no-default-branch',
      message: `The HEAD of ${made.uri} points to a branch that does not exist; set branch.`,
    });
  });

  it('is told where nobody listens, without the password', async () => {
    const { repository, logged } = opening({ uri: 'http://someone:s3cret%40@127.0.0.1:1/locks.git' });
    const fetched = repository.then((one) => one.fetch());
    await expect(fetched).rejects.toMatchObject({ kind: 'cannot-connect', isWorthRetry: true });
    const text = `${await fetched.catch(String)}\n${logged.join('')}`;
    expect(text).not.toMatch(/s3cret|someone/);
  });
});

describe('the branch', () => {
  it('is the one that the remote HEAD names where none is given', async () => {
    const made = makeRepository({ branch: 'metadata' });
    made.addUnclaimed('aws', 'a');
    const repository = await open({ uri: made.uri, branch: null });
    expect(repository.branch).toBe('metadata');
    expect(await repository.fetch()).toBe(made.head('metadata'));
  });

  it('can be named like a path', async () => {
    const made = makeRepository({ branch: 'team/locks' });
    made.addUnclaimed('aws', 'a');
    const repository = await open({ uri: made.path, branch: 'team/locks' });
    expect(await repository.fetch()).toBe(made.head('team/locks'));
  });
});

describe('the end of a run', () => {
  it('removes the copy', async () => {
    const made = makeRepository();
    made.addUnclaimed('aws', 'a');
    const folder = temporaryFolder();
    const { repository, lifetime } = opening({ uri: made.uri, environment: { TMPDIR: folder } });
    await (await repository).fetch();
    expect(readdirSync(folder)).toHaveLength(1);
    lifetime.end();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('stops what is going on', async () => {
    const made = makeRepository();
    made.addUnclaimed('aws', 'a');
    const { repository, lifetime } = opening({ uri: made.uri });
    const opened = await repository;
    const fetched = opened.fetch();
    lifetime.stop();
    await expect(fetched).rejects.toThrow('Stopped before git was done.');
  });
});
