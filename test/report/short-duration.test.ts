import { expect, test } from '@jest/globals';
import { shortDuration } from '../../src/report/short-duration.ts';

test.each([
  [-1, '0s'],
  [0, '0s'],
  [59.9, '59s'],
  [61, '1m 1s'],
  [600, '10m'],
  [3_599, '59m'],
  [3_660, '1h 1m'],
  [90_000, '1d 1h'],
  [259_205, '3d'],
  [10_000_000, '115d 17h'],
])('%d seconds: %s', (seconds, want) => {
  expect(shortDuration(seconds)).toBe(want);
});
