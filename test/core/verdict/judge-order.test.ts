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
  NO_BUILD,
  NOT_KNOWN,
  proven,
  reasonFor,
  running,
  taker,
  UNREACHABLE,
} from './cases.ts';

const YOUNG = claimBy(JOB, { committedAt: minutesAgo(1) });
const AHEAD = claimBy(JOB, { committedAt: minutesAgo(-10) });
const ROOT = claimBy(LOST, { parentCommittedAt: null, isRoot: true });
const SUCCEEDED = build({ status: 'succeeded' });
const JUST_FAILED = build({ endedAt: minutesAgo(1) });

// Where two reasons fit, the first of the table wins.
test.each<[string, Given]>([
  ['conflict before excluded', { inBothFolders: true, policy: { exclude: ['*'] } }],
  ['conflict before build-running', { inBothFolders: true, evidence: asked(found(running())) }],
  ['excluded before within-grace', { claim: YOUNG, policy: { exclude: ['*'] } }],
  ['excluded before build-ended', { evidence: asked(proven(build())), policy: { exclude: ['*'] } }],
  ['within-grace before build-running', { claim: YOUNG, evidence: asked(found(running())) }],
  ['within-grace before concourse-unreachable', { claim: YOUNG, evidence: UNREACHABLE }],
  ['build-running before handed-on', { evidence: asked(found(running()), { takers: [taker()] }) }],
  ['build-running before forbidden', { evidence: asked(found(running()), { forbidden: FORBIDDEN }) }],
  ['build-running before clock-skew', { claim: AHEAD, evidence: asked(found(running())) }],
  ['handed-on before forbidden', { evidence: asked(NOT_KNOWN, { takers: [taker()], forbidden: FORBIDDEN }) }],
  ['handed-on before other-concourse', { evidence: asked(ELSEWHERE, { takers: [taker()] }) }],
  [
    'handed-on before kept',
    { evidence: asked(proven(SUCCEEDED), { takers: [taker()] }), policy: { onSuccess: 'keep' } },
  ],
  ['forbidden before other-concourse', { evidence: asked(ELSEWHERE, { forbidden: FORBIDDEN }) }],
  ['forbidden before build-ended', { evidence: asked(proven(build()), { forbidden: FORBIDDEN }) }],
  [
    'forbidden before timed-out',
    { evidence: asked(NOT_KNOWN, { forbidden: FORBIDDEN }), policy: { staleAfter: 60 } },
  ],
  ['other-concourse before timed-out', { evidence: asked(ELSEWHERE), policy: { staleAfter: 60 } }],
  [
    'concourse-unreachable before kept',
    { claim: claimBy(ANN), evidence: UNREACHABLE, policy: { byHand: 'keep' } },
  ],
  ['concourse-unreachable before timed-out', { evidence: UNREACHABLE, policy: { staleAfter: 60 } }],
  ['build-just-ended before kept', { evidence: asked(proven(JUST_FAILED)), policy: { onFailure: 'keep' } }],
  ['build-just-ended before build-ended', { evidence: asked(proven(JUST_FAILED)) }],
  [
    'kept before clock-skew',
    { claim: AHEAD, evidence: asked(found(build())), policy: { onFailure: 'keep' } },
  ],
  [
    'kept before history-rewritten',
    { claim: { ...ROOT, owner: ANN }, evidence: asked(NO_BUILD), policy: { byHand: 'keep' } },
  ],
  ['build-ended before clock-skew', { claim: AHEAD, evidence: asked(proven(build({ status: 'aborted' }))) }],
  ['build-ended before timed-out', { evidence: asked(proven(build())), policy: { staleAfter: 60 } }],
  [
    'clock-skew before history-rewritten',
    { claim: { ...ROOT, committedAt: AHEAD.committedAt }, evidence: asked(NO_BUILD) },
  ],
  ['clock-skew before within-timeout', { claim: AHEAD, policy: { staleAfter: HOUR } }],
  [
    'history-rewritten before timed-out',
    { claim: ROOT, evidence: asked(NO_BUILD), policy: { staleAfter: 60 } },
  ],
])('%s', (order, given) => {
  expect(reasonFor(given)).toBe(order.split(' ')[0]);
});
