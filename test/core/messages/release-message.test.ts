import { describe, expect, test } from '@jest/globals';
import { isByPoolBoy, parseReleaseMessage } from '../../../src/core/messages/claim-message.ts';
import { describeOwner } from '../../../src/core/naming.ts';

describe('The message of a release names', () => {
  test.each([
    ['main/deploy/give-back build 7 unclaiming: a', 'main/deploy/give-back #7'],
    ['deploy/give-back #7 unclaiming: a', 'deploy/give-back #7'],
    ['unclaiming: a\nBuild URL: https://ci.example/teams/main/pipelines/d/jobs/j/builds/3', 'main/d/j #3'],
    ['one-off build 12 removing: a', 'one-off build 12'],
    ['unclaiming: a', 'an unknown holder'],
    ['main/deploy/give-back build 7 unclaiming: another', 'an unknown holder'],
    ['manually release a', 'Ann'],
    ['Revert "main/deploy/j build 67 claiming: a"', 'Ann'],
  ])('%j: %s', (message, want) => {
    expect(describeOwner(parseReleaseMessage(message, 'a'), 'Ann')).toBe(want);
  });
});

test('Only the trailers of Pool Boy make a commit its own', () => {
  const ours = `unclaiming: a\n\nWhy.\n\nPool: p\nLock: a\nClaim: ${'c'.repeat(40)}\nReleased-By: pool-boy 1.0.0\n`;
  expect(isByPoolBoy(ours)).toBe(true);
  expect(isByPoolBoy(`Revert "unclaiming: a"\n\nThis reverts ${ours}\n\nBecause it was wrong.`)).toBe(false);
  expect(isByPoolBoy('unclaiming: a\n\nReleased-By: pool-boy 1.0.0\n')).toBe(false);
});
