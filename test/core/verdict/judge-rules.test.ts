import { describe, expect, test } from '@jest/globals';
import type { Build } from '../../../src/core/build.ts';
import type { Hold } from '../../../src/core/hold.ts';
import type { FoundBuild, NextJob, WhyNext } from '../../../src/core/verdict/evidence.ts';
import { claimantAmong } from '../../../src/core/verdict/rank-claimants.ts';
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

describe('handover_timeout ends the wait of a job that only waits', () => {
  const evidence = (why: WhyNext, endedAt = minutesAgo(10)) =>
    asked(proven(build({ status: 'succeeded', endedAt })), {
      next: [{ ...NEXT, why, behind: build({ status: 'succeeded', endedAt }) }],
    });
  const policy = { handoverTimeout: 5 * 60, staleAfter: 60 };

  test.each<[WhyNext, string]>([
    ['next-inputs', 'timed-out'],
    ['in-turn', 'timed-out'],
    ['undetermined', 'timed-out'],
    ['paused', 'timed-out'],
    ['building', 'handed-on'],
    ['just-built', 'handed-on'],
  ])('%s', (why, reason) => {
    expect(reasonFor({ evidence: evidence(why), policy })).toBe(reason);
    expect(reasonFor({ evidence: evidence(why), policy: { staleAfter: 60 } })).toBe('handed-on');
  });

  test('it counts from the end of the last holder, to the second', () => {
    const ended = (secondsAgo: number) => ({ evidence: evidence('paused', NOW - secondsAgo), policy });
    expect(reasonFor(ended(299))).toBe('handed-on');
    expect(reasonFor(ended(300))).toBe('timed-out');
  });

  test('a taker that ended later starts it again', () => {
    const given = asked(proven(build({ status: 'succeeded' })), {
      takers: [taker({ status: 'failed', endedAt: minutesAgo(4) })],
      next: [{ ...NEXT, why: 'paused' }],
    });
    expect(reasonFor({ evidence: given, policy })).toBe('handed-on');
  });

  test('then stale_after decides, and the sentence says so', () => {
    const { reason, detail } = verdictOn({ evidence: evidence('paused'), policy: { handoverTimeout: 300 } });
    expect(reason).toBe('no-timeout');
    expect(detail).toBe(
      'main/deploy/test #2 succeeded 10 minutes ago (13:57 UTC); the lock was claimed 30 minutes ago (13:37 UTC); the job main/deploy/use can still take the lock: it is paused, but the handover_timeout of 5 minutes has passed; only a timeout could decide, and none is set (stale_after).',
    );
  });
});

describe('of several jobs behind, the one that is nearest to taking the lock', () => {
  const behind = build({ status: 'succeeded' });
  const waits: NextJob = { ...NEXT, job: 'main/deploy/a', why: 'paused' };
  const builds: NextJob = { ...NEXT, job: 'main/deploy/b', why: 'building' };
  test('is named, and decides', () => {
    const evidence = asked(proven(behind), { next: [waits, builds] });
    expect(reasonFor({ evidence, policy: { handoverTimeout: 1 } })).toBe('handed-on');
    expect(verdictOn({ evidence }).detail).toContain('main/deploy/b can still take the lock');
  });
  test('counts only behind a build that holds or held the claim', () => {
    const stranger = { ...waits, behind: build({ id: 99, status: 'succeeded' }) };
    expect(reasonFor({ evidence: asked(proven(build()), { next: [stranger] }) })).toBe('build-ended');
  });
});

describe('a date that cannot be read is never old', () => {
  const claim = claimBy(JOB, { committedAt: null });
  const policy = { staleAfter: 60 };
  test.each<[string, Given, string]>([
    ['without a Concourse', {}, 'clock-skew'],
    ['of a build that nobody knows', { evidence: asked(NOT_KNOWN) }, 'clock-skew'],
    [
      'of a build that its URL alone proves',
      { evidence: asked(found(build(), { namedByUrl: true })) },
      'clock-skew',
    ],
    ['of a build that its output proves', { evidence: asked(proven(build())) }, 'build-ended'],
    ['of a build that runs', { evidence: asked(found(running())) }, 'build-running'],
    ['by hand', { claim: claimBy(ANN, { committedAt: null }), evidence: asked(NO_BUILD) }, 'clock-skew'],
  ])('%s', (_name, given, reason) => {
    expect(reasonFor({ claim, policy, ...given })).toBe(reason);
  });
  test('and the sentence says so', () => {
    expect(verdictOn({ claim, policy }).detail).toBe(
      "The date of the claim's commit cannot be read, so its age is not known.",
    );
  });
});

describe('no proof, no death', () => {
  const policy = { staleAfter: 2 * HOUR };
  const other = 'd'.repeat(40);
  test.each<[string, Given, string]>([
    ['an output of the claim proves it', { evidence: asked(proven(build())) }, 'build-ended'],
    ['so does its URL', { evidence: asked(found(build(), { namedByUrl: true })) }, 'build-ended'],
    ['its name alone does not', { evidence: asked(found(build())) }, 'within-timeout'],
    [
      'another claim among its outputs speaks against its URL',
      { evidence: asked(found(build(), { namedByUrl: true, madeAnotherClaim: other })) },
      'within-timeout',
    ],
    [
      'but not against its output of this very claim',
      { evidence: asked(found(build(), { madeTheClaim: true, madeAnotherClaim: other })) },
      'build-ended',
    ],
    [
      'an orphaned put claims after the end of its build',
      {
        claim: claimBy(JOB, { committedAt: minutesAgo(3) }),
        evidence: asked(proven(build({ status: 'aborted' }))),
      },
      'build-ended',
    ],
    [
      'a build that failed had no put any more that could have claimed after its end',
      { claim: claimBy(JOB, { committedAt: minutesAgo(3) }), evidence: asked(proven(build())) },
      'within-timeout',
    ],
    [
      'unless clocks differ by as much as good ones may',
      { claim: claimBy(JOB, { committedAt: minutesAgo(5) }), evidence: asked(proven(build())) },
      'build-ended',
    ],
    [
      'a URL proves nothing of a build that began 31 seconds after the claim: it may have taken the name',
      { evidence: asked(found(build({ startedAt: minutesAgo(30) + 31 }), { namedByUrl: true })) },
      'within-timeout',
    ],
    [
      'but of one that began 30 seconds after it',
      { evidence: asked(found(build({ startedAt: minutesAgo(30) + 30 }), { namedByUrl: true })) },
      'build-ended',
    ],
    [
      'a build that started after the claim is another one',
      { evidence: asked(found(build({ startedAt: minutesAgo(20) }), { namedByUrl: true })) },
      'within-timeout',
    ],
    [
      'and its rule does not keep the lock',
      { evidence: asked(found(build({ startedAt: minutesAgo(20) }))), policy: { onFailure: 'keep' } },
      'within-timeout',
    ],
    [
      'but a living one of that name does, whatever its times say',
      { evidence: asked(found(running({ startedAt: minutesAgo(1) }))) },
      'build-running',
    ],
    [
      'a build that never started made nothing',
      { evidence: asked(proven(build({ status: 'aborted', startedAt: null }))) },
      'within-timeout',
    ],
    [
      'a build without an end has not provably ended',
      { evidence: asked(proven(build({ endedAt: null }))) },
      'within-timeout',
    ],
    ['a build that is not known may be running', { evidence: asked(NOT_KNOWN) }, 'within-timeout'],
  ])('%s', (_name, given, reason) => {
    expect(reasonFor({ ...given, policy: { ...policy, ...given.policy } })).toBe(reason);
  });
});

describe('as long as nothing proves which build claimed, each that may be it counts', () => {
  const policy = { staleAfter: 15 * 60 };
  const claim = claimBy(JOB, { committedAt: minutesAgo(60) });
  const startedAt = minutesAgo(65);
  const FAILED = build({ id: 1, startedAt, endedAt: minutesAgo(50) });
  const also = (rest: Partial<Build>, tie: Partial<FoundBuild> = {}) =>
    found(build({ id: 2, startedAt, ...rest }), tie).found;
  const both = (rest: Partial<Build>, tie: Partial<FoundBuild> = {}) => found(FAILED, {}, [also(rest, tie)]);

  test.each<[string, Given, string]>([
    ['one that runs', { evidence: asked(both({ status: 'started', endedAt: null })) }, 'build-running'],
    [
      'a job behind one',
      {
        evidence: asked(both({ status: 'succeeded', endedAt: minutesAgo(50) }), {
          next: [
            { ...NEXT, behind: build({ id: 2, startedAt, status: 'succeeded', endedAt: minutesAgo(50) }) },
          ],
        }),
      },
      'handed-on',
    ],
    ['hooks of one', { evidence: asked(both({ endedAt: minutesAgo(1) })) }, 'build-just-ended'],
    [
      'the rule of one',
      {
        evidence: asked(both({ status: 'aborted', endedAt: minutesAgo(50) })),
        policy: { onAbort: 'keep', ...policy },
      },
      'kept',
    ],
    ['the end of one', { evidence: asked(both({ endedAt: minutesAgo(10) })) }, 'within-timeout'],
    ['none of them', { evidence: asked(both({ endedAt: minutesAgo(50) })) }, 'timed-out'],
    [
      'and the proof of one is none as long as another may be it',
      { evidence: asked(found(FAILED, { namedByUrl: true }, [also({ endedAt: minutesAgo(50) })])) },
      'timed-out',
    ],
  ])('%s', (_name, given, reason) => {
    expect(reasonFor({ claim, policy, ...given })).toBe(reason);
  });

  test('an output settles it, whatever a URL says', () => {
    const byUrl = also({ status: 'failed' }, { namedByUrl: true });
    const maker = found(build({ id: 3, startedAt, status: 'succeeded' }), { madeTheClaim: true }).found;
    const claimant = claimantAmong([byUrl, maker], minutesAgo(60));
    expect(claimant).toEqual({ kind: 'found', found: maker, others: [] });
  });

  test('but not two outputs: a put with `check` has the claim of somebody else as its output', () => {
    const one = also({ status: 'failed' }, { madeTheClaim: true });
    const other = found(FAILED, { madeTheClaim: true }).found;
    const claimant = claimantAmong([one, other], minutesAgo(60));
    expect(claimant.kind === 'found' && claimant.others).toHaveLength(1);
    expect(reasonFor({ claim, policy, evidence: asked(claimant) })).toBe('within-timeout');
  });

  test('until one is proven', () => {
    const proof = found(FAILED, { madeTheClaim: true }).found;
    const claimant = claimantAmong(
      [also({ status: 'succeeded' }, { namedByUrl: true }), proof],
      claim.committedAt,
    );
    expect(claimant).toEqual({ kind: 'found', found: proof, others: [] });
    expect(reasonFor({ claim, policy, evidence: asked(claimant) })).toBe('build-ended');
  });

  test('one that is alive goes before one that is proven, which then stays', () => {
    const alive = also({ status: 'started', endedAt: null });
    const proof = found(FAILED, { madeTheClaim: true }).found;
    const claimant = claimantAmong([proof, alive], claim.committedAt);
    expect(claimant).toEqual({ kind: 'found', found: alive, others: [proof] });
  });
});

describe('what could not be read to its end', () => {
  const unread = 'https://ci.example.com lists more builds than can be read.';
  test.each<[string, Given, string]>([
    [
      'leaves a dead claimant alone',
      { evidence: asked(proven(build()), { unread }) },
      'concourse-unreachable',
    ],
    [
      'leaves a claim by hand alone',
      { claim: claimBy(ANN), evidence: asked(NO_BUILD, { unread }), policy: { staleAfter: 60 } },
      'concourse-unreachable',
    ],
    [
      'matters not where the claimant runs',
      { evidence: asked(found(running()), { unread }) },
      'build-running',
    ],
  ])('%s', (_name, given, reason) => {
    expect(reasonFor(given)).toBe(reason);
  });
});

describe('the timeout counts from the end of the last holder', () => {
  const policy = { staleAfter: 15 * 60 };
  const claim = claimBy(JOB, { committedAt: minutesAgo(60) });
  test.each<[string, Given, string]>([
    ['the claim, where nobody is known', { evidence: asked(NOT_KNOWN) }, 'timed-out'],
    [
      'the claim, where an orphaned put made it after the end of its build',
      {
        claim: claimBy(JOB, { committedAt: minutesAgo(10) }),
        evidence: asked(
          found(build({ status: 'aborted', startedAt: minutesAgo(50), endedAt: minutesAgo(40) })),
        ),
      },
      'within-timeout',
    ],
    ['the end of the claimant', { evidence: asked(found(build({ startedAt: null }))) }, 'within-timeout'],
    [
      'the end of a taker',
      { evidence: asked(NOT_KNOWN, { takers: [build({ job: 'use' })] }) },
      'within-timeout',
    ],
    [
      'not the end of another build of that name',
      { evidence: asked(found(build({ startedAt: minutesAgo(20) }))) },
      'timed-out',
    ],
  ])('%s', (_name, given, reason) => {
    expect(reasonFor({ claim, policy, ...given })).toBe(reason);
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
