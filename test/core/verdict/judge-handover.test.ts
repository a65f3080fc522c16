import { describe, expect, test } from '@jest/globals';
import type { NextJob, WhyNext } from '../../../src/core/verdict/evidence.ts';
import {
  asked,
  build,
  claimBy,
  found,
  type Given,
  JOB,
  minutesAgo,
  NEXT,
  NOT_KNOWN,
  NOW,
  proven,
  reasonFor,
  taker,
  verdictOn,
} from './cases.ts';

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
