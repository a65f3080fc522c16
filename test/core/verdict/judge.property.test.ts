import { fc, test } from '@fast-check/jest';
import { expect } from '@jest/globals';
import type { Build } from '../../../src/core/build.ts';
import { isAlive } from '../../../src/core/build.ts';
import { claimedAt } from '../../../src/core/lock.ts';
import type {
  Claimant,
  Evidence,
  FoundBuild,
  NextJob,
  Withheld,
} from '../../../src/core/verdict/evidence.ts';
import { type Case, judge } from '../../../src/core/verdict/judge.ts';
import { candidatesOf, possibleClaimants } from '../../../src/core/verdict/rank-claimants.ts';
import { REASONS } from '../../../src/core/verdict/reasons.ts';
import {
  ANN,
  build,
  caseOf,
  claimBy,
  ELSEWHERE,
  FORBIDDEN,
  JOB,
  LOST,
  NEXT,
  NO_BUILD,
  NOT_KNOWN,
  NOW,
} from './cases.ts';

const time = fc.integer({ min: NOW - 20_000, max: NOW + 2_000 });
const maybeTime = fc.option(time);
const someBuild: fc.Arbitrary<Build> = fc
  .record({
    status: fc.constantFrom('pending', 'started', 'succeeded', 'failed', 'errored', 'aborted'),
    startedAt: maybeTime,
    endedAt: maybeTime,
  })
  .map((rest) => build(rest));
const foundBuild: fc.Arbitrary<FoundBuild> = fc.record({
  build: someBuild,
  foundBy: fc.constantFrom('name', 'pipeline', 'instance', 'output'),
  namedByUrl: fc.boolean(),
  madeTheClaim: fc.boolean(),
  madeAnotherClaim: fc.option(fc.constant('d'.repeat(40))),
});
const claimant: fc.Arbitrary<Claimant> = fc.oneof(
  fc.constantFrom(NO_BUILD, NOT_KNOWN, ELSEWHERE),
  fc.record({
    kind: fc.constant('found' as const),
    found: foundBuild,
    others: fc.array(foundBuild, { maxLength: 2 }),
  }),
);
const evidence: fc.Arbitrary<Evidence> = fc.oneof(
  fc.constantFrom<Evidence>(
    { kind: 'not-asked' },
    { kind: 'no-concourse' },
    { kind: 'unreachable', problem: 'no' },
  ),
  fc.record({
    kind: fc.constant('asked' as const),
    depth: fc.constantFrom('claimant', 'holders', 'last-look'),
    claimant,
    takers: fc.array(someBuild, { maxLength: 2 }),
    next: fc.array(fc.constantFrom<NextJob>(NEXT, { ...NEXT, why: 'building' }), { maxLength: 1 }),
    withheld: fc.option(fc.constant<Withheld>({ how: 'pinned', resource: 'main/deploy/locks' })),
    forbidden: fc.option(fc.constant(FORBIDDEN), { freq: 3 }),
    unread: fc.option(fc.constant('Too much to read.'), { freq: 3 }),
  }),
);
const rule = fc.constantFrom('release', 'timeout', 'keep');
const anyCase: fc.Arbitrary<Case> = fc
  .record({
    owner: fc.constantFrom(JOB, ANN, LOST),
    bornClaimed: fc.boolean(),
    committedAt: maybeTime,
    parentCommittedAt: maybeTime,
    evidence,
    inBothFolders: fc.boolean(),
    policy: fc.record({
      staleAfter: fc.option(fc.integer({ min: 1, max: 20_000 })),
      grace: fc.integer({ min: 0, max: 500 }),
      errorGrace: fc.integer({ min: 0, max: 2_000 }),
      handoverTimeout: fc.option(fc.integer({ min: 1, max: 20_000 })),
      onSuccess: fc.constantFrom('handover', 'release', 'timeout', 'keep'),
      onFailure: rule,
      onError: rule,
      onAbort: rule,
      byHand: fc.constantFrom('timeout', 'keep'),
    }),
  })
  .map(({ owner, bornClaimed, committedAt, parentCommittedAt, ...given }) =>
    caseOf({ ...given, claim: claimBy(owner, { bornClaimed, committedAt, parentCommittedAt }) }),
  );

const RUNS = { numRuns: 3_000 };

test.prop([anyCase], RUNS)('stale is said only after the last look, where a Concourse is set', (input) => {
  const judgement = judge(input);
  if (judgement.kind !== 'judged' || judgement.verdict.verdict !== 'stale') return;
  const { evidence: known } = input;
  expect(known.kind === 'no-concourse' || (known.kind === 'asked' && known.depth === 'last-look')).toBe(true);
});

test.prop([anyCase], RUNS)(
  'a lock with a living holder, or one whose holders cannot be seen, is never stale',
  (input) => {
    const judgement = judge(input);
    const { evidence: known } = input;
    if (judgement.kind !== 'judged' || known.kind !== 'asked') return;
    const { claimant: who, takers, forbidden, unread } = known;
    const isHeld = candidatesOf(who).some(({ build }) => isAlive(build)) || takers.some(isAlive);
    if (
      isHeld ||
      forbidden !== null ||
      unread !== null ||
      who.kind === 'other-concourse' ||
      input.lock.alsoUnclaimed
    )
      expect(judgement.verdict.verdict).not.toBe('stale');
  },
);

test.prop([anyCase], RUNS)(
  'only a proof ends a build: its output or its URL, with times that fit',
  (input) => {
    const judgement = judge(input);
    if (judgement.kind !== 'judged' || judgement.verdict.reason !== 'build-ended') return;
    const { evidence: known, lock, now } = input;
    // Whoever began well after the claim, and is not known to have made it, is another build.
    const possible = known.kind === 'asked' ? possibleClaimants(known, claimedAt(lock.claim, now)) : [];
    expect(possible).toHaveLength(1);
    const [who] = possible;
    expect(who?.madeTheClaim || (who?.namedByUrl && who.madeAnotherClaim === null)).toBe(true);
    expect(who?.build.startedAt).not.toBeNull();
    expect(who?.build.endedAt).not.toBeNull();
    expect(lock.claim.bornClaimed).toBe(false);
  },
);

test.prop([anyCase], RUNS)(
  'every verdict is that of its reason, with one sentence that is whole',
  (input) => {
    const judgement = judge(input);
    if (judgement.kind !== 'judged') return;
    const { verdict, reason, detail } = judgement.verdict;
    expect(verdict).toBe(REASONS[reason]);
    expect(detail).toMatch(/^\S[^\n]*[^.\s]\.$/);
    expect(detail).not.toMatch(/undefined|null|NaN|\.\./);
  },
);

test.prop([anyCase], RUNS)('asking deeper always comes to an end', (input) => {
  const depths = ['claimant', 'holders', 'last-look'] as const;
  const judgement = judge(input);
  if (judgement.kind === 'judged') return;
  const known = input.evidence.kind === 'asked' ? depths.indexOf(input.evidence.depth) : -1;
  expect(depths.indexOf(judgement.depth)).toBeGreaterThan(known);
});
