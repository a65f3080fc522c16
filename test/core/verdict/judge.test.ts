import { expect, test } from '@jest/globals';
import {
  ANN,
  asked,
  build,
  claimBy,
  ELSEWHERE,
  FORBIDDEN,
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
  proven,
  running,
  taker,
  UNREACHABLE,
  verdictOn,
} from './cases.ts';

// The table of verdicts, in its order: for each reason a case that shows it, and the whole sentence that it is given.
test.each<[string, Given, string, string, string]>([
  [
    'a lock in both folders',
    { inBothFolders: true },
    'undecided',
    'conflict',
    'The lock exists in both claimed and unclaimed: releasing it would overwrite one of the two, so remove one by hand.',
  ],
  [
    'a lock that a pattern excludes',
    { policy: { exclude: ['b*', 'a*'] } },
    'live',
    'excluded',
    'An exclude pattern of the pool matches this lock; claimed 30 minutes ago (13:37 UTC) by main/deploy/test #2.',
  ],
  [
    'a claim of a minute ago',
    { claim: claimBy(JOB, { committedAt: minutesAgo(1) }) },
    'live',
    'within-grace',
    'The lock was claimed 1 minute ago (14:06 UTC) by main/deploy/test #2, within the grace of 2 minutes.',
  ],
  [
    'a claimant that is running',
    { evidence: asked(found(running())) },
    'live',
    'build-running',
    'main/deploy/test #2 is running, started 31 minutes ago (13:36 UTC); the lock was claimed 30 minutes ago (13:37 UTC).',
  ],
  [
    'a build that took the lock over',
    { evidence: asked(proven(build({ status: 'succeeded' })), { takers: [taker()] }) },
    'live',
    'handed-on',
    'main/deploy/use #9 took the lock over from main/deploy/test #2 and is running, started 20 minutes ago (13:47 UTC).',
  ],
  [
    'a job behind the claimant that can still take the lock',
    { evidence: asked(proven(build({ status: 'succeeded' })), { next: [NEXT] }) },
    'live',
    'handed-on',
    'main/deploy/test #2 succeeded, and the job main/deploy/use can still take the lock: its next build would take this claim.',
  ],
  [
    'a Concourse that does not answer',
    { evidence: UNREACHABLE },
    'undecided',
    'concourse-unreachable',
    'Concourse gave no usable answer: https://ci.example.com answered 502.',
  ],
  [
    'a Concourse that lists more than can be read',
    { evidence: asked(NO_BUILD, { unread: 'https://ci.example.com lists more builds than can be read.' }) },
    'undecided',
    'concourse-unreachable',
    'https://ci.example.com lists more builds than can be read.',
  ],
  [
    'a team that the account may not look at',
    { evidence: asked(NOT_KNOWN, { forbidden: FORBIDDEN }) },
    'undecided',
    'forbidden',
    'The account pool-boy is not permitted to view team main on https://ci.example.com: give it the role viewer there.',
  ],
  [
    'a claim from a Concourse that is none of ours',
    { evidence: asked(ELSEWHERE) },
    'undecided',
    'other-concourse',
    'main/deploy/test #2 ran on the Concourse at old-ci.example.com, which is not configured; add it to concourse, or to former_urls if it moved.',
  ],
  [
    'a claimant that ended a minute ago',
    { evidence: asked(proven(build({ endedAt: minutesAgo(1) }))) },
    'live',
    'build-just-ended',
    'main/deploy/test #2 failed 1 minute ago (14:06 UTC): its hooks may still run, within the grace of 2 minutes.',
  ],
  [
    'a rule that keeps the lock of a failed build',
    { evidence: asked(found(build())), policy: { onFailure: 'keep' } },
    'live',
    'kept',
    'main/deploy/test #2 failed 10 minutes ago (13:57 UTC), and on_failure is keep; the lock was claimed 30 minutes ago (13:37 UTC).',
  ],
  [
    'a rule that keeps claims by hand',
    { claim: claimBy(ANN), evidence: asked(NO_BUILD), policy: { byHand: 'keep' } },
    'live',
    'kept',
    'Claimed by hand by Ann 30 minutes ago (13:37 UTC), and by_hand is keep.',
  ],
  [
    'a claimant that provably failed',
    { evidence: asked(proven(build())) },
    'stale',
    'build-ended',
    'main/deploy/test #2 failed 10 minutes ago (13:57 UTC) and still holds the lock, claimed 30 minutes ago (13:37 UTC).',
  ],
  [
    'a claim that is dated ten minutes ahead',
    { claim: claimBy(JOB, { committedAt: minutesAgo(-10) }), policy: { staleAfter: HOUR } },
    'undecided',
    'clock-skew',
    'The claim is dated 10 minutes in the future (14:17 UTC): a clock is wrong, so its age is meaningless.',
  ],
  [
    'a claim by nobody in the first commit of a history',
    { claim: claimBy(ANN, { parentCommittedAt: null, isRoot: true }), evidence: asked(NO_BUILD) },
    'undecided',
    'history-rewritten',
    'The claim is in the root commit of a rewritten history, so the claimant is unknown.',
  ],
  [
    'a timeout that has passed',
    { policy: { staleAfter: 20 * 60 }, evidence: NO_CONCOURSE },
    'stale',
    'timed-out',
    'main/deploy/test #2 claimed the lock 30 minutes ago (13:37 UTC), and no Concourse is configured; the timeout of 20 minutes has passed.',
  ],
  [
    'a timeout that has not passed',
    { policy: { staleAfter: HOUR }, claim: claimBy(ANN), evidence: NO_CONCOURSE },
    'live',
    'within-timeout',
    'Claimed by hand by Ann 30 minutes ago (13:37 UTC); the timeout of 1 hour has not passed yet.',
  ],
  [
    'no timeout, and nothing else that could decide',
    { claim: claimBy(LOST), evidence: asked(NO_BUILD) },
    'undecided',
    'no-timeout',
    'The claim names no build and was made 30 minutes ago (13:37 UTC); only a timeout could decide, and none is set (stale_after).',
  ],
])('%s', (_name, given, verdict, reason, detail) => {
  expect(verdictOn(given)).toEqual({ verdict, reason, detail });
});

// What the timeout has to go by is said, too.
test.each<[string, Given, string]>([
  [
    'a build that is not known',
    { evidence: asked(NOT_KNOWN) },
    'Concourse has no matching build main/deploy/test #2; the lock was claimed 30 minutes ago (13:37 UTC); the timeout of 1 minute has passed.',
  ],
  [
    'a build that is not known, and a taker that ended',
    {
      evidence: asked(NOT_KNOWN, { takers: [taker({ status: 'succeeded', endedAt: minutesAgo(5) })] }),
      policy: { staleAfter: 6 * 60 },
    },
    'Concourse has no matching build main/deploy/test #2, and main/deploy/use #9 succeeded 5 minutes ago (14:02 UTC); the lock was claimed 30 minutes ago (13:37 UTC); the timeout of 6 minutes has not passed yet.',
  ],
  [
    'a build that nothing but its name ties to the claim',
    { evidence: asked(found(build())) },
    'main/deploy/test #2 failed 10 minutes ago (13:57 UTC), but nothing proves that it made the claim; the lock was claimed 30 minutes ago (13:37 UTC); the timeout of 1 minute has passed.',
  ],
  [
    'a build that made another claim',
    { evidence: asked(found(build(), { madeAnotherClaim: 'd'.repeat(40) })) },
    `main/deploy/test #2 failed 10 minutes ago (13:57 UTC), but its output is another claim of the pool (dddddddddd); the lock was claimed 30 minutes ago (13:37 UTC); the timeout of 1 minute has passed.`,
  ],
  [
    'a lock that was born claimed',
    { claim: claimBy(JOB, { bornClaimed: true }), evidence: asked(proven(build())) },
    'main/deploy/test #2 failed 10 minutes ago (13:57 UTC) and had created the lock as claimed, so its environment may be incomplete; the lock was claimed 30 minutes ago (13:37 UTC); the timeout of 1 minute has passed.',
  ],
  [
    'a rule that leaves it to the timeout',
    { evidence: asked(proven(build())), policy: { onFailure: 'timeout' } },
    'main/deploy/test #2 failed 10 minutes ago (13:57 UTC); the lock was claimed 30 minutes ago (13:37 UTC); the timeout of 1 minute has passed.',
  ],
])('the detail of a timeout names %s', (_name, given, detail) => {
  expect(verdictOn({ ...given, policy: { staleAfter: 60, ...given.policy } }).detail).toBe(detail);
});

test.each<[string, Given, string]>([
  [
    'a pending claimant',
    { evidence: asked(found(running({ status: 'pending', startedAt: null }))) },
    'main/deploy/test #2 is pending; the lock was claimed 30 minutes ago (13:37 UTC).',
  ],
  [
    'one found by its output',
    { evidence: asked(found(running(), { foundBy: 'output' })) },
    'main/deploy/test #2, found by its output, is running, started 31 minutes ago (13:36 UTC); the lock was claimed 30 minutes ago (13:37 UTC).',
  ],
  [
    'a one-off build',
    { evidence: asked(found(running({ pipeline: null, job: null }))) },
    'one-off build 41 of team main is running, started 31 minutes ago (13:36 UTC); the lock was claimed 30 minutes ago (13:37 UTC).',
  ],
  [
    'an instance of a pipeline',
    { evidence: asked(found(running({ instanceVars: { branch: 'a/b' } }))) },
    'main/deploy/{"branch":"a/b"}/test #2 is running, started 31 minutes ago (13:36 UTC); the lock was claimed 30 minutes ago (13:37 UTC).',
  ],
  [
    'a job in line whose next build would take another claim',
    {
      evidence: asked(proven(build({ status: 'succeeded' })), {
        next: [{ ...NEXT, why: 'paused', takesAnother: true }],
      }),
    },
    'main/deploy/test #2 succeeded, and the job main/deploy/use can still take the lock: it is paused, although its next build would take another claim.',
  ],
  [
    'the longer grace of a build that errored',
    { evidence: asked(proven(build({ status: 'errored' }))) },
    'main/deploy/test #2 errored 10 minutes ago (13:57 UTC): its hooks may still run, within the grace of 15 minutes.',
  ],
])('the detail names %s', (_name, given, detail) => {
  expect(verdictOn(given).detail).toBe(detail);
});
