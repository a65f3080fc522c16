import { describe, expect, test } from '@jest/globals';
import type { Hold } from '../../../src/core/hold.ts';
import {
  ANN,
  asked,
  build,
  claimBy,
  depthNeededFor,
  found,
  type Given,
  HOUR,
  JOB,
  LOST,
  minutesAgo,
  NEXT,
  NO_BUILD,
  NO_CONCOURSE,
  NOT_KNOWN,
  NOW,
  proven,
  reasonFor,
  running,
  taker,
  verdictOn,
} from './cases.ts';

const YOUNG = claimBy(JOB, { committedAt: minutesAgo(1) });
const ROOT = claimBy(LOST, { parentCommittedAt: null, isRoot: true });
const SUCCEEDED = build({ status: 'succeeded' });
const PASSED = taker({ status: 'succeeded', endedAt: minutesAgo(5) });
/** A job without `passed` took the claim and succeeded, and one behind it can take it. */
const TAKEN_AND_PASSED_ON = { takers: [PASSED], next: [{ ...NEXT, behind: PASSED }] };

describe('the boundary of every span', () => {
  const claimed = (secondsAgo: number) => claimBy(JOB, { committedAt: NOW - secondsAgo });
  const failed = (secondsAgo: number) => asked(proven(build({ endedAt: NOW - secondsAgo })));
  const errored = (secondsAgo: number) =>
    asked(proven(build({ status: 'errored', endedAt: NOW - secondsAgo })));

  test.each<[string, Given, string]>([
    ['a second less than grace since the claim', { claim: claimed(119) }, 'within-grace'],
    ['exactly grace since the claim', { claim: claimed(120) }, 'no-timeout'],
    ['no grace, a claim of this very second', { claim: claimed(0), policy: { grace: 0 } }, 'no-timeout'],
    ['no grace, a claim a second ahead', { claim: claimed(-1), policy: { grace: 0 } }, 'within-grace'],
    ['a claim exactly 5 minutes ahead', { claim: claimed(-300) }, 'within-grace'],
    ['a claim a second further ahead', { claim: claimed(-301) }, 'clock-skew'],
    ['a second less than grace since the end', { evidence: failed(119) }, 'build-just-ended'],
    ['exactly grace since the end', { evidence: failed(120) }, 'build-ended'],
    ['an end that is still to come', { evidence: failed(-30) }, 'build-just-ended'],
    ['a second less than error_grace since the end', { evidence: errored(899) }, 'build-just-ended'],
    ['exactly error_grace since the end', { evidence: errored(900) }, 'build-ended'],
    ['an error_grace below grace', { evidence: errored(119), policy: { errorGrace: 0 } }, 'build-just-ended'],
    [
      'a second less than stale_after',
      { claim: claimed(3599), policy: { staleAfter: 3600 } },
      'within-timeout',
    ],
    ['exactly stale_after', { claim: claimed(3600), policy: { staleAfter: 3600 } }, 'timed-out'],
  ])('%s', (_name, given, reason) => {
    expect(reasonFor(given)).toBe(reason);
  });

  test.each<[string, number, string]>([
    ['5 minutes after the claim', 300, 'build-ended'],
    ['a second later', 301, 'within-timeout'],
  ])('a build that started %s', (_name, secondsLater, reason) => {
    const claim = claimed(HOUR);
    const claimant = proven(build({ startedAt: NOW - HOUR + secondsLater }));
    expect(reasonFor({ claim, evidence: asked(claimant), policy: { staleAfter: 2 * HOUR } })).toBe(reason);
  });
});

describe('the rule is chosen by the status of the claimant', () => {
  const statuses = { failed: 'onFailure', errored: 'onError', aborted: 'onAbort' } as const;
  const rows = Object.entries(statuses).flatMap(([status, key]) =>
    (['release', 'timeout', 'keep'] as const).map((rule) => ({ status: status as 'failed', key, rule })),
  );

  test.each(rows)('$key: $rule of a build that $status', ({ status, key, rule }) => {
    const claimant = build({ status, endedAt: minutesAgo(20) });
    const policy = { staleAfter: 10 * HOUR, [key]: rule };
    const whenProven = { release: 'build-ended', timeout: 'within-timeout', keep: 'kept' }[rule];
    const whenNot = { release: 'within-timeout', timeout: 'within-timeout', keep: 'kept' }[rule];
    const born = claimBy(JOB, { bornClaimed: true });
    expect(reasonFor({ evidence: asked(proven(claimant)), policy })).toBe(whenProven);
    expect(reasonFor({ evidence: asked(found(claimant, { namedByUrl: true })), policy })).toBe(whenProven);
    expect(reasonFor({ evidence: asked(found(claimant)), policy })).toBe(whenNot);
    expect(reasonFor({ claim: born, evidence: asked(proven(claimant)), policy })).toBe(whenNot);
  });

  test.each([
    ['handover', 'within-timeout', 'timed-out'],
    ['timeout', 'within-timeout', 'timed-out'],
    ['release', 'build-ended', 'build-ended'],
  ] as const)('on_success: %s', (onSuccess, before, after) => {
    const evidence = asked(proven(SUCCEEDED));
    expect(reasonFor({ evidence, policy: { onSuccess, staleAfter: 10 * HOUR } })).toBe(before);
    expect(reasonFor({ evidence, policy: { onSuccess, staleAfter: 60 } })).toBe(after);
    expect(reasonFor({ evidence: asked(found(SUCCEEDED)), policy: { onSuccess } })).toBe('no-timeout');
  });

  test('on_success: keep', () => {
    expect(reasonFor({ evidence: asked(found(SUCCEEDED)), policy: { onSuccess: 'keep' } })).toBe('kept');
  });

  test.each<[string, Given, string]>([
    ['handover', { evidence: asked(proven(SUCCEEDED), { next: [NEXT] }) }, 'handed-on'],
    [
      'release',
      { evidence: asked(proven(SUCCEEDED), { next: [NEXT] }), policy: { onSuccess: 'release' } },
      'build-ended',
    ],
    ['keep', { evidence: asked(proven(SUCCEEDED), { next: [NEXT] }), policy: { onSuccess: 'keep' } }, 'kept'],
    [
      'a claimant that failed, but a taker that succeeded',
      { evidence: asked(proven(build()), TAKEN_AND_PASSED_ON) },
      'handed-on',
    ],
  ])('a job in line and %s', (_name, given, reason) => {
    expect(reasonFor(given)).toBe(reason);
  });
});

describe('keep, for whichever holder ended so', () => {
  const policy = { onFailure: 'keep', staleAfter: 60 } as const;
  const failedTaker = taker({ status: 'failed', endedAt: minutesAgo(5) });
  test.each<[string, Given, string]>([
    ['a claimant that failed', { evidence: asked(found(build())) }, 'kept'],
    ['a taker that failed', { evidence: asked(proven(SUCCEEDED), { takers: [failedTaker] }) }, 'kept'],
    [
      'a taker that failed, of a claim by hand',
      { claim: claimBy(ANN), evidence: asked(NO_BUILD, { takers: [failedTaker] }) },
      'kept',
    ],
    ['no taker that succeeded', { evidence: asked(proven(SUCCEEDED), { takers: [PASSED] }) }, 'timed-out'],
  ])('%s', (_name, given, reason) => {
    expect(reasonFor({ ...given, policy })).toBe(reason);
  });
});

describe('a hold', () => {
  const hold = (until: number, rest: Partial<Hold> = {}): Hold => ({
    commit: 'b'.repeat(40),
    by: 'Ann',
    reason: 'looking at the disks',
    end: { kind: 'at', at: until },
    committedAt: minutesAgo(20),
    ...rest,
  });
  const held = (until: number, rest: Partial<Hold> = {}) => claimBy(JOB, { hold: hold(until, rest) });
  const policy = { staleAfter: 60 };
  test.each<[string, Given, string]>([
    [
      'keeps the lock of a build that ended',
      { claim: held(NOW + 1), evidence: asked(proven(build())) },
      'kept',
    ],
    ['keeps it without a Concourse', { claim: held(NOW + 1) }, 'kept'],
    ['is over in its last second', { claim: held(NOW), evidence: asked(proven(build())) }, 'build-ended'],
    ['starts the clock when it ends', { claim: held(NOW - 59) }, 'within-timeout'],
    ['starts the clock when it ends, to the second', { claim: held(NOW - 60) }, 'timed-out'],
    [
      'starts the clock when a person ends it',
      { claim: held(0, { end: { kind: 'now' }, committedAt: NOW - 59 }) },
      'within-timeout',
    ],
    [
      'does not hide a build that runs',
      { claim: held(NOW + 1), evidence: asked(found(running())) },
      'build-running',
    ],
  ])('%s', (_name, given, reason) => {
    expect(reasonFor({ policy, ...given })).toBe(reason);
  });
  test('is named: by whom, until when, and why', () => {
    expect(verdictOn({ claim: held(NOW + HOUR), evidence: asked(proven(build())) }).detail).toBe(
      'Ann holds the lock until 15:07 UTC ("looking at the disks"); the lock was claimed 30 minutes ago (13:37 UTC) by main/deploy/test #2.',
    );
  });
});

describe("a claim's time", () => {
  test.each<[string, number, number | null, string]>([
    ['is not before its parent', minutesAgo(600), minutesAgo(1), 'within-grace'],
    ['is its own where the parent is older', minutesAgo(60), minutesAgo(600), 'timed-out'],
    [
      'is not before a parent that is ahead by less than good clocks differ',
      minutesAgo(60),
      minutesAgo(-5),
      'within-grace',
    ],
    ['is its own where the parent is dated further ahead', minutesAgo(60), minutesAgo(-6), 'timed-out'],
    ['is its own in a root commit', minutesAgo(60), null, 'timed-out'],
  ])('%s', (_name, committedAt, parentCommittedAt, reason) => {
    const claim = claimBy(JOB, { committedAt, parentCommittedAt });
    expect(reasonFor({ claim, policy: { staleAfter: HOUR } })).toBe(reason);
  });
});

describe('a history that was rewritten', () => {
  test.each<[string, Given, string]>([
    [
      'loses who claimed by hand',
      { claim: { ...ROOT, owner: ANN }, evidence: asked(NO_BUILD) },
      'history-rewritten',
    ],
    ['loses who claimed at all', { claim: ROOT, evidence: asked(NO_BUILD) }, 'history-rewritten'],
    ['is the timeout without a Concourse', { claim: ROOT, evidence: NO_CONCOURSE }, 'timed-out'],
    [
      'does not matter where a build is named',
      { claim: { ...ROOT, owner: JOB }, evidence: asked(NOT_KNOWN) },
      'timed-out',
    ],
  ])('%s', (_name, given, reason) => {
    expect(reasonFor({ policy: { staleAfter: 60 }, ...given })).toBe(reason);
  });
});

describe('what has to be asked before there is a verdict', () => {
  test.each<[string, Given, string | null]>([
    ['nothing was asked yet', { evidence: { kind: 'not-asked' } }, 'claimant'],
    ['nothing, for a lock in both folders', { evidence: { kind: 'not-asked' }, inBothFolders: true }, null],
    ['nothing, for an excluded lock', { evidence: { kind: 'not-asked' }, policy: { exclude: ['*'] } }, null],
    ['nothing, within the grace', { evidence: { kind: 'not-asked' }, claim: YOUNG }, null],
    [
      'nothing more, for a running claimant',
      { evidence: asked(found(running()), { depth: 'claimant' }) },
      null,
    ],
    [
      'the holders, for an ended claimant',
      { evidence: asked(proven(build()), { depth: 'claimant' }) },
      'holders',
    ],
    ['the holders, for one not known', { evidence: asked(NOT_KNOWN, { depth: 'claimant' }) }, 'holders'],
    [
      'the last look, before it is stale',
      { evidence: asked(proven(build()), { depth: 'holders' }) },
      'last-look',
    ],
    [
      'the last look, for a claim by hand as well',
      { claim: claimBy(ANN), evidence: asked(NO_BUILD, { depth: 'holders' }), policy: { staleAfter: 60 } },
      'last-look',
    ],
    ['nothing more, for what is not stale', { evidence: asked(NOT_KNOWN, { depth: 'holders' }) }, null],
  ])('%s', (_name, given, depth) => {
    expect(depthNeededFor(given)).toBe(depth);
  });
});
