import { describe, expect, it } from '@jest/globals';
import { readPools } from '../../../src/git/objects/pool-tree.ts';
import { type Change, makeRepository } from '../make-repository.ts';
import { open } from '../open.ts';

async function poolsOf(changes: readonly Change[]) {
  const made = makeRepository();
  made.commitByHand('pools', changes);
  const repository = await open({ uri: made.uri });
  return repository.poolsAt(await repository.fetch());
}

function files(...paths: string[]): Change[] {
  return paths.map((write) => ({ write }));
}

describe('the pools of a commit', () => {
  it.each([
    [
      'a folder with both folders',
      files(
        'aws/claimed/.gitkeep',
        'aws/claimed/a',
        'aws/unclaimed/.gitkeep',
        'aws/unclaimed/b',
        'aws/README',
      ),
      [{ name: 'aws', claimed: ['a'], unclaimed: ['b'], claimedIsKept: true }],
    ],
    [
      'a folder that lacks one of them',
      files('aws/unclaimed/b', 'gcp/claimed/a'),
      [
        { name: 'aws', claimed: null, unclaimed: ['b'], claimedIsKept: false },
        { name: 'gcp', claimed: ['a'], unclaimed: null, claimedIsKept: false },
      ],
    ],
    [
      'a folder whose folders are empty but for dot files',
      files('aws/claimed/.gitkeep', 'aws/unclaimed/.gitkeep', 'aws/unclaimed/.hidden'),
      [{ name: 'aws', claimed: [], unclaimed: [], claimedIsKept: true }],
    ],
    [
      'a nested folder, whatever lies beside it',
      files('src/main.go', 'cf/experimental/claimed/a', 'cf/experimental/unclaimed/b', 'cf/claims/x'),
      [{ name: 'cf/experimental', claimed: ['a'], unclaimed: ['b'], claimedIsKept: false }],
    ],
    [
      'the outermost one, where directory locks hold such folders',
      files(
        'k8s/unclaimed/claimed/meta',
        'k8s/unclaimed/claimed/claimed/x',
        'k8s/b/c/claimed/y',
        'k8s/a/unclaimed/z',
      ),
      [{ name: 'k8s', claimed: null, unclaimed: ['claimed'], claimedIsKept: false }],
    ],
    [
      'locks of every type, and both states of one lock',
      [
        ...files('p/claimed/both', 'p/unclaimed/both', 'p/claimed/dir/one', 'p/claimed/dir/two'),
        { write: 'p/claimed/link', content: '../x', mode: '120000' },
      ],
      [{ name: 'p', claimed: ['both', 'dir', 'link'], unclaimed: ['both'], claimedIsKept: false }],
    ],
  ])('are: %s', async (_name, changes, pools) => {
    expect(await poolsOf(changes)).toEqual(pools);
  });

  it('are not: the root of the repository, files called claimed, names that only contain the word', async () => {
    const changes = files('claimed/a', 'unclaimed/b', 'aws/claimed', 'gcp/unclaimed.txt', 'x/reclaimed/y');
    expect(await poolsOf(changes)).toEqual([]);
  });

  it('are pools below folders of the root that happen to be called so', async () => {
    expect(await poolsOf(files('claimed/aws/unclaimed/a'))).toEqual([
      { name: 'claimed/aws', claimed: null, unclaimed: ['a'], claimedIsKept: false },
    ]);
  });
});

describe('the listing of a commit', () => {
  const listing = Buffer.from(
    ['040000 tree 1\taws', '040000 tree 1\taws/claimed', '100644 blob 1\taws/claimed/a', ''].join('\0'),
  );

  it('can come in pieces of any size', () => {
    for (const size of [1, 7, 1000]) {
      const reader = readPools();
      for (let at = 0; at < listing.length; at += size) reader.read(listing.subarray(at, at + size));
      expect(reader.tree().pools).toEqual([
        { name: 'aws', claimed: ['a'], unclaimed: null, claimedIsKept: false },
      ]);
    }
  });

  it.each([
    { entries: 2, bytes: 1e9 },
    { entries: 1e9, bytes: 50 },
  ])('may not be without end: %j', (limits) => {
    const reader = readPools(limits);
    expect(() => reader.read(listing)).toThrow('that is no lock repository; check uri and branch.');
  });
});
