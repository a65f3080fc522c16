import { describe, expect, test } from '@jest/globals';
import type { Build } from '../../../src/core/build.ts';
import type { FoundBuild } from '../../../src/core/verdict/evidence.ts';
import { claimantAmong } from '../../../src/core/verdict/rank-claimants.ts';
import {
  ANN,
  asked,
  build,
  claimBy,
  found,
  type Given,
  HOUR,
  JOB,
  minutesAgo,
  NEXT,
  NO_BUILD,
  NOT_KNOWN,
  proven,
  reasonFor,
  running,
  verdictOn,
} from './cases.ts';

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
