import { describe, expect, test } from '@jest/globals';
import type { Hold } from '../../../src/core/hold.ts';
import {
  ANN,
  asked,
  build,
  claimBy,
  found,
  type Given,
  HOUR,
  JOB,
  MINUTE,
  minutesAgo,
  NO_CONCOURSE,
  NOW,
  proven,
  reasonFor,
  running,
  verdictOn,
} from './cases.ts';

function hold(at: number, rest: Partial<Hold> = {}): Hold {
  return {
    commit: 'd'.repeat(40),
    by: 'Ada Lovelace',
    reason: 'the database looks odd.',
    end: { kind: 'at', at },
    committedAt: minutesAgo(20),
    ...rest,
  };
}

const held = (until: number) => claimBy(JOB, { hold: hold(until) });
const DEAD = asked(proven(build()));

describe('while a hold lasts', () => {
  test.each<[string, Given]>([
    ['a build that provably ended', { evidence: DEAD }],
    ['a timeout that has passed', { evidence: NO_CONCOURSE, policy: { staleAfter: MINUTE } }],
    ['a rule that releases at once', { evidence: DEAD, policy: { onFailure: 'release' } }],
  ])('the lock is kept, against %s', (_what, given) => {
    expect(reasonFor({ claim: held(NOW + 1), ...given })).toBe('kept');
  });

  test('the sentence names who holds it, until when and why', () => {
    expect(verdictOn({ claim: held(NOW + 2 * HOUR), evidence: DEAD })).toEqual({
      verdict: 'live',
      reason: 'kept',
      detail:
        'Ada Lovelace holds the lock until 16:07 UTC ("the database looks odd."); the lock was claimed 30 minutes ago (13:37 UTC) by main/deploy/test #2.',
    });
  });

  test.each<[string, Given, string]>([
    ['a build that runs is still told', { evidence: asked(found(running())) }, 'build-running'],
    ['an exclusion is still told', { policy: { exclude: ['a*'] } }, 'excluded'],
    ['a lock in both folders is still a conflict', { inBothFolders: true }, 'conflict'],
  ])('%s', (_what, given, reason) => {
    expect(reasonFor({ claim: held(NOW + HOUR), ...given })).toBe(reason);
  });
});

describe('after a hold', () => {
  test('the lock of a build that ended is released at once', () => {
    expect(reasonFor({ claim: held(NOW), evidence: DEAD })).toBe('build-ended');
  });

  test.each([
    [59, 'within-timeout'],
    [60, 'timed-out'],
  ])('the timeout counts from its end: %i seconds later it is %s', (seconds, reason) => {
    const claim = claimBy(ANN, { hold: hold(NOW - seconds), committedAt: minutesAgo(600) });
    expect(reasonFor({ claim, evidence: NO_CONCOURSE, policy: { staleAfter: 60 } })).toBe(reason);
  });

  test.each([
    [120, 'has passed'],
    [0, 'has not passed yet'],
  ])('the sentence says so: %i seconds later the timeout %s', (seconds, has) => {
    const claim = claimBy(ANN, { hold: hold(NOW - seconds), committedAt: minutesAgo(600) });
    const { detail } = verdictOn({ claim, evidence: NO_CONCOURSE, policy: { staleAfter: 60 } });
    expect(detail).toMatch(new RegExp(`; the hold on it ended .*; the timeout of 1 minute ${has}\\.$`));
  });

  test('the sentence says nothing of a hold that ended before the last holder', () => {
    const claim = claimBy(ANN, { hold: hold(minutesAgo(90)), committedAt: minutesAgo(60) });
    const { detail } = verdictOn({ claim, evidence: NO_CONCOURSE, policy: { staleAfter: 60 } });
    expect(detail).not.toContain('hold on it');
  });

  test('a rule counts as ever', () => {
    expect(reasonFor({ claim: held(NOW), evidence: DEAD, policy: { onFailure: 'keep' } })).toBe('kept');
  });
});
