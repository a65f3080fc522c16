import { expect, test } from '@jest/globals';
import type { FoundBuild } from '../../../src/core/verdict/evidence.ts';
import { isAnotherBuild, provesDeath } from '../../../src/core/verdict/proof-of-death.ts';
import { build, minutesAgo, running } from './cases.ts';

const CLAIMED = minutesAgo(30);

function madeBy(claimant: Partial<FoundBuild['build']>): FoundBuild {
  const found = {
    foundBy: 'name',
    namedByUrl: true,
    madeTheClaim: true,
    madeAnotherClaim: null,
  } as const;
  return { ...found, build: build(claimant) };
}

/** Only its name ties it to the claim. */
function namedLike(claimant: Partial<FoundBuild['build']>): FoundBuild {
  return { ...madeBy(claimant), namedByUrl: false, madeTheClaim: false };
}

test('an ended build that started well after the claim is another one', () => {
  expect(isAnotherBuild(namedLike({ startedAt: CLAIMED + 301 }), CLAIMED)).toBe(true);
  expect(isAnotherBuild(namedLike({ startedAt: CLAIMED + 300 }), CLAIMED)).toBe(false);
  expect(isAnotherBuild(namedLike({ startedAt: null }), CLAIMED)).toBe(false);
});

test('also where the URL names it, since that is a name as well', () => {
  expect(isAnotherBuild({ ...namedLike({ startedAt: CLAIMED + 301 }), namedByUrl: true }, CLAIMED)).toBe(
    true,
  );
});

test('but not where the claim is its output: the clock of the worker that claimed may lag', () => {
  expect(isAnotherBuild(madeBy({ startedAt: CLAIMED + 301 }), CLAIMED)).toBe(false);
});

test('a living build is never taken for another one: clocks lie', () => {
  const alive = running({ startedAt: minutesAgo(1) });
  expect(isAnotherBuild(namedLike(alive), CLAIMED)).toBe(false);
});

test('times that do not fit prove nothing, whatever else does', () => {
  expect(provesDeath(madeBy({}), CLAIMED)).toBe(true);
  expect(provesDeath(madeBy({ startedAt: minutesAgo(20) }), CLAIMED)).toBe(false);
  expect(provesDeath(madeBy({ status: 'started' }), CLAIMED)).toBe(false);
});
