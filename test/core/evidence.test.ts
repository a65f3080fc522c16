import { expect, test } from '@jest/globals';
import type { FoundBuild } from '../../src/core/evidence.ts';
import { isAnotherBuild, provesDeath } from '../../src/core/evidence.ts';
import { build, minutesAgo, running } from './cases.ts';

const CLAIMED = minutesAgo(30);

function madeBy(claimant: Partial<FoundBuild['build']>): FoundBuild {
  const found = { foundBy: 'name', namedByUrl: true, madeTheClaim: true, madeAnotherClaim: null } as const;
  return { ...found, build: build(claimant) };
}

test('an ended build that started well after the claim is another one', () => {
  expect(isAnotherBuild(build({ startedAt: CLAIMED + 301 }), CLAIMED)).toBe(true);
  expect(isAnotherBuild(build({ startedAt: CLAIMED + 300 }), CLAIMED)).toBe(false);
  expect(isAnotherBuild(build({ startedAt: null }), CLAIMED)).toBe(false);
});

test('a living build is never taken for another one: clocks lie', () => {
  expect(isAnotherBuild(running({ startedAt: minutesAgo(1) }), CLAIMED)).toBe(false);
});

test('times that do not fit prove nothing, whatever else does', () => {
  expect(provesDeath(madeBy({}), CLAIMED)).toBe(true);
  expect(provesDeath(madeBy({ startedAt: minutesAgo(20) }), CLAIMED)).toBe(false);
  expect(provesDeath(madeBy({ status: 'started' }), CLAIMED)).toBe(false);
});
