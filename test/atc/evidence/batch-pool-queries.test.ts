import { expect, test } from '@jest/globals';
import { batchPools } from '../../../src/atc/evidence/batch-pool-queries.ts';

/** Each question that git is asked: the commits, and how far back. */
function recorded(answer: (commits: readonly string[]) => void = () => {}) {
  const asked: [readonly string[], number][] = [];
  const { poolsClaimedIn } = batchPools(async (commits, since) => {
    asked.push([commits, since]);
    await new Promise((resolve) => setTimeout(resolve, 1));
    answer(commits);
    return new Map(commits.map((commit) => [commit, [`pool of ${commit}`]]));
  });
  return { asked, poolsClaimedIn };
}

test('what comes up while git is asked is asked next, all at once and as far back as any of it needs', async () => {
  const { asked, poolsClaimedIn } = recorded();
  const first = poolsClaimedIn(['a'], 5);
  await Promise.resolve();
  await Promise.resolve();
  const others = [poolsClaimedIn(['b', 'c'], 3), poolsClaimedIn(['c'], 9), poolsClaimedIn(['d'], 7)];
  expect((await first).get('a')).toEqual(['pool of a']);
  const answers = await Promise.all(others);
  expect(answers.map((pools) => pools.get('c'))).toEqual([['pool of c'], ['pool of c'], ['pool of c']]);
  expect(asked).toEqual([
    [['a'], 5],
    [['b', 'c', 'd'], 3],
  ]);
});

test('a question that fails fails those who asked it, and no later one', async () => {
  const { poolsClaimedIn } = recorded((commits) => {
    if (commits.includes('a')) throw new Error('git is gone');
  });
  await expect(poolsClaimedIn(['a'], 0)).rejects.toThrow('git is gone');
  expect((await poolsClaimedIn(['b'], 0)).get('b')).toEqual(['pool of b']);
});
