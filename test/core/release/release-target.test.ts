import { describe, expect, it } from '@jest/globals';
import type { PoolListing } from '../../../src/core/lock.ts';
import { planProblemSentence, planWarningSentence } from '../../../src/core/release/plan-problem.ts';
import { targetOf, targetProblems, withoutTaken } from '../../../src/core/release/release-target.ts';

function pool(name: string, more: Partial<PoolListing> = {}): PoolListing {
  return { name, claimed: [], unclaimed: [], claimedIsKept: true, ...more };
}

const POOLS = [pool('aws'), pool('aws-dirty'), pool('half', { claimed: null })];

describe('a pool that locks are released to', () => {
  it.each([
    ['is another pool with both folders', 'aws-dirty', []],
    [
      'is not the pool itself',
      'aws',
      [
        'Locks of pool aws cannot be released to that pool itself; name another pool in release_to, and set it only in entries of pools that do not match aws.',
      ],
    ],
    [
      'is in the repository',
      'gone',
      [
        'Locks of pool aws cannot be released to gone: the repository has no such pool; it has aws, aws-dirty, half.',
      ],
    ],
    [
      'has both folders',
      'half',
      [
        'Locks of pool aws cannot be released to half: that pool needs both folders, claimed and unclaimed, each with a .gitkeep.',
      ],
    ],
  ])('%s', (_what, to, sentences) => {
    expect(targetProblems([{ pool: 'aws', to }], POOLS).map(planProblemSentence)).toEqual(sentences);
  });
});

describe('the name of a target', () => {
  const [composed, decomposed] = ['h\u00e4lle', 'ha\u0308lle'];

  it('is the one in the repository, however a person composed its accents', () => {
    expect(targetOf('aws', decomposed, [pool(composed)])).toEqual({ pool: 'aws', to: composed });
    expect(targetOf('aws', decomposed, [pool(composed), pool(decomposed)]).to).toBe(decomposed);
    expect(targetOf('aws', 'gone', [pool(composed)]).to).toBe('gone');
  });
});

describe('a lock whose name the target has already', () => {
  const release = (from: string, lock: string) => ({ pool: from, lock, to: 'aws-dirty' });

  it.each([
    ['free', { unclaimed: ['x'] }],
    ['claimed', { claimed: ['x'] }],
  ])('is left alone, and the others go on: %s there', (_state, there) => {
    const { releases, warnings } = withoutTaken(
      [release('aws', 'x'), release('aws', 'y')],
      [pool('aws', { claimed: ['x', 'y'] }), pool('aws-dirty', there)],
    );
    expect(releases).toEqual([release('aws', 'y')]);
    expect(warnings.map(planWarningSentence)).toEqual([
      'aws/x was not released: pool aws-dirty has a lock of that name already; remove or rename one of the two.',
    ]);
  });

  it('is also one that another lock of the same run gets there first', () => {
    const { releases } = withoutTaken([release('aws', 'x'), release('gcp', 'x')], POOLS);
    expect(releases).toEqual([release('aws', 'x')]);
  });

  it('does not matter where a lock stays in its pool', () => {
    const stays = { pool: 'aws', lock: 'x', to: null };
    expect(withoutTaken([stays], [pool('aws', { claimed: ['x'] })]).releases).toEqual([stays]);
  });
});
