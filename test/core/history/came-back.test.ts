import { describe, expect, test } from '@jest/globals';
import type { Owner } from '../../../src/core/claim-owner.ts';
import { cameBackInGit } from '../../../src/core/history/came-back.ts';
import { readHistory } from '../../../src/core/history/lock-history.ts';
import type { Operation } from '../../../src/core/history/lock-operation.ts';
import { ownReleases } from '../../../src/core/history/own-releases.ts';
import { add, build, claim, NOBODY, PERSON, release, releaseByPoolBoy, remove } from './make-operations.ts';

const OURS = build('main/deploy/test #1');
const OTHER = build('main/other/test #9');
const DAY = 86_400;

/** Claimed at 10 by `OURS` and released by Pool Boy at 100; what happens then. */
function signs(after: readonly Operation[], owner: Owner = OURS): string[] {
  const operations = [claim('p/a', 10, owner), releaseByPoolBoy('p/a', 100), ...after];
  const releases = ownReleases(readHistory({ operations, standing: [], now: 100 * DAY }), {
    from: 0,
    until: 100 * DAY,
  });
  expect(releases.filter(({ at }) => at === 100)).toHaveLength(1);
  return cameBackInGit(releases, operations).map(({ build: who, how, at }) => `${who} ${how} at ${at}`);
}

describe('came back', () => {
  test.each<[string, readonly Operation[], string]>([
    ['the build that had claimed releases it', [release('p/a', 200)], 'main/deploy/test #1 released at 200'],
    ['the build that had claimed claims it again', [claim('p/a', 200)], 'main/deploy/test #1 claimed at 200'],
    ['the build that had claimed removes it', [remove('p/a', 200)], 'main/deploy/test #1 removed at 200'],
    [
      'a job behind it releases it though nobody had claimed it since',
      [release('p/a', 200, build('main/deploy/free #7'))],
      'main/deploy/free #7 released at 200',
    ],
    [
      'another pipeline releases it though nobody had claimed it since',
      [release('p/a', 200, OTHER)],
      'main/other/test #9 released at 200',
    ],
    [
      'the build that had claimed releases it under the next one',
      [claim('p/a', 150, OTHER), release('p/a', 200, OURS)],
      'main/deploy/test #1 released at 200',
    ],
    [
      'a job behind it releases it under a build of another pipeline',
      [claim('p/a', 150, OTHER), release('p/a', 200, build('main/deploy/free #7'))],
      'main/deploy/free #7 released at 200',
    ],
    [
      'it comes back after somebody else was done with it',
      [claim('p/a', 150, OTHER), release('p/a', 160, OTHER), claim('p/a', 170, OURS)],
      'main/deploy/test #1 claimed at 170',
    ],
  ])('%s', (_, after, sign) => {
    expect(signs(after)).toEqual([sign]);
  });

  test('in the pool to which the lock was moved', () => {
    const moved = { ...releaseByPoolBoy('p/a', 100), kind: 'remove' as const };
    const arrived = { ...moved, kind: 'add' as const, pool: 'dirty' };
    const operations = [claim('p/a', 10, OURS), moved, arrived, claim('dirty/a', 120, OURS)];
    const releases = ownReleases(readHistory({ operations, standing: [], now: 100 * DAY }), {
      from: 0,
      until: DAY,
    });
    expect(cameBackInGit(releases, operations).map(({ how, at }) => `${how} ${at}`)).toEqual(['claimed 120']);
  });
});

describe('did not come back', () => {
  test.each<[string, readonly Operation[]]>([
    ['nothing happens', []],
    ['another build claims and releases it', [claim('p/a', 150, OTHER), release('p/a', 200, OTHER)]],
    [
      'another build claims it and hands it on',
      [claim('p/a', 150, OTHER), release('p/a', 200, build('main/other/free #3'))],
    ],
    [
      'the same pipeline claims it again and another job of it releases it',
      [claim('p/a', 150, build('main/deploy/test #2')), release('p/a', 200, build('main/deploy/free #7'))],
    ],
    [
      'a third pipeline releases what another one claimed',
      [claim('p/a', 150, OTHER), release('p/a', 200, build('main/third/x #1'))],
    ],
    [
      'its pipeline has claimed it again since, and returns that claim under somebody else',
      [
        claim('p/a', 150, build('main/deploy/test #2')),
        release('p/a', 160, PERSON),
        claim('p/a', 170, OTHER),
        release('p/a', 200, build('main/deploy/test #2')),
      ],
    ],
    ['a person releases it, or adds it', [remove('p/a', 150, PERSON), add('p/a', 200, PERSON)]],
    ['Pool Boy releases the next claim, too', [claim('p/a', 150, OTHER), releaseByPoolBoy('p/a', 200)]],
    ['another lock comes back', [release('p/b', 200), release('q/a', 200)]],
    ['a build of that name turns up weeks later', [claim('p/a', 15 * DAY)]],
  ])('%s', (_, after) => {
    expect(signs(after)).toEqual([]);
  });

  test('whoever claimed by hand is known by no build', () => {
    expect(signs([claim('p/a', 150, PERSON), release('p/a', 200, PERSON)], PERSON)).toEqual([]);
  });
});

test('a claim that names nobody comes back by any build', () => {
  expect(signs([release('p/a', 200, OTHER)], NOBODY)).toEqual(['main/other/test #9 released at 200']);
});

test('only releases of the period count, the newest first', () => {
  const operations = [
    claim('p/a', 10),
    releaseByPoolBoy('p/a', 100),
    claim('p/b', 110),
    releaseByPoolBoy('p/b', 200),
    claim('p/c', 210),
    release('p/c', 300),
    claim('p/d', 310),
    releaseByPoolBoy('p/d', 400),
  ];
  const history = readHistory({ operations, standing: [], now: 100 * DAY });
  expect(ownReleases(history, { from: 150, until: 500 }).map(({ lock }) => lock)).toEqual(['d', 'b']);
});
