import { describe } from '@jest/globals';
import { acquired, deploy, OTHER_CLAIM, ref, scenario, took } from '../scene.ts';

const SHORT = { staleAfter: 300 };
const OTHERS = { inputs: [{ resource: 'locks', version: ref(OTHER_CLAIM) }] };
const BY_HAND = { message: 'manually claim L' };

describe('a rerun takes the same inputs as the build that it repeats', () => {
  scenario('one that is pending will take the claim again, whatever the next inputs are', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      const taker = took(p, 'use', 'failed');
      p.build('use', { status: 'started', ...OTHERS });
      p.setNextInputs('use', { locks: ref(OTHER_CLAIM) });
      p.build('use', { status: 'pending', rerunOf: taker });
    },
    want: 'live handed-on',
    detail:
      'main/deploy/use #1.1 is pending and will take the lock of main/deploy/acquire #1 again: it is a rerun of a build that had it.',
  });
  scenario('one that is pending alone, of a build that is not the newest of its job', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      const taker = took(p, 'use', 'failed');
      p.build('use', { status: 'succeeded', start: ci.at(-9), end: ci.at(-8), ...OTHERS });
      p.build('use', { status: 'pending', rerunOf: taker });
    },
    want: 'live handed-on',
  });
  scenario('one of a build that took a claim by hand, in a pipeline that shows it in its plan only', {
    policy: SHORT,
    claim: BY_HAND,
    given: (ci) => {
      const p = deploy(ci);
      const taker = took(p, 'use', 'failed');
      p.rotateCredentials('locks');
      p.build('use', { status: 'pending', rerunOf: taker });
    },
    want: 'live handed-on',
  });
  scenario('one that runs, of a build that is not the newest of its job: lists of jobs do not show it', {
    policy: SHORT,
    claim: BY_HAND,
    given: (ci) => {
      const p = deploy(ci);
      const taker = took(p, 'use', 'failed');
      p.build('use', { status: 'succeeded', start: ci.at(-9), end: ci.at(-8), ...OTHERS });
      took(p, 'use', 'started', { rerunOf: taker });
    },
    want: 'live handed-on',
  });
  scenario('not one that is pending of a build that took another claim', {
    policy: SHORT,
    claim: BY_HAND,
    given: (ci) => {
      const p = deploy(ci);
      const other = p.build('use', { status: 'failed', ...OTHERS });
      p.build('use', { status: 'pending', rerunOf: other });
    },
    want: 'stale timed-out',
  });
  scenario('not one that is pending of the claimant itself: it will claim anew', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      const claimant = acquired(p, 'failed');
      p.build('acquire', { status: 'pending', rerunOf: claimant });
    },
    want: 'stale build-ended',
  });
  scenario('not one of our own', {
    policy: SHORT,
    claim: BY_HAND,
    ownBuild: ({ url }) => ({ id: 555, externalUrl: url }),
    given: (ci) => {
      const p = deploy(ci);
      const taker = took(p, 'use', 'failed');
      p.build('use', { id: 555, status: 'pending', rerunOf: taker });
    },
    want: 'stale timed-out',
  });
});
