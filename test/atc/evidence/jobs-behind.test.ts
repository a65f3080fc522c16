import { describe } from '@jest/globals';
import { acquired, CLAIM, deploy, OTHER_CLAIM, ref, scenario, took } from '../scene.ts';

const SHORT = { staleAfter: 300 };

describe('a job behind the claimant that can still take the lock', () => {
  scenario('its next build would take the claim', {
    policy: SHORT,
    given: (ci) => acquired(deploy(ci)),
    want: 'live handed-on',
    detail:
      'main/deploy/acquire #1 succeeded, and the job main/deploy/use can still take the lock: its next build would take this claim.',
    requests: 7,
  });
  scenario('it is paused, while its next inputs are those of the time before', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      p.found('locks', ref(OTHER_CLAIM));
      p.build('acquire', {
        name: '0',
        status: 'succeeded',
        outputs: [{ resource: 'locks', version: ref(OTHER_CLAIM) }],
      });
      p.pauseJob('use');
      acquired(p);
    },
    want: 'live handed-on',
    detail:
      'main/deploy/acquire #1 succeeded, and the job main/deploy/use can still take the lock: it is paused, although its next build would take another claim.',
  });
  scenario('its pipeline is paused', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      p.pause();
      acquired(p);
    },
    want: 'live handed-on',
  });
  scenario('not in an archived pipeline, though that is stored as paused', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      p.archive();
    },
    want: 'stale timed-out',
  });
  scenario('a build of it is pending', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      p.setNextInputs('use', null);
      p.build('use', { status: 'pending' });
    },
    want: 'live handed-on',
  });
  scenario('a build of it is running with another claim: the next one may take this', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      p.setNextInputs('use', { locks: ref(OTHER_CLAIM) });
      took(p, 'use', 'started', { inputs: [{ resource: 'locks', version: ref(OTHER_CLAIM) }] });
    },
    want: 'live handed-on',
    detail:
      'main/deploy/acquire #1 succeeded, and the job main/deploy/use can still take the lock: a build of it is pending or running, although its next build would take another claim.',
  });
  scenario('a living build of it that is older than its newest 500', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      p.setNextInputs('use', { locks: ref(OTHER_CLAIM) });
      took(p, 'use', 'started', { inputs: [{ resource: 'locks', version: ref(OTHER_CLAIM) }] });
      for (let i = 0; i < 500; i += 1) p.build('use', { status: 'failed', end: ci.at(-30) });
    },
    want: 'live handed-on',
  });
  scenario('a build of it ended a second less than the grace ago', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      p.setNextInputs('use', { locks: ref(OTHER_CLAIM) });
      p.build('use', { status: 'failed', end: ci.at(-2) + 1 });
    },
    want: 'live handed-on',
  });
  scenario('not when a build of it ended exactly as long ago as the grace', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      p.setNextInputs('use', { locks: ref(OTHER_CLAIM) });
      p.build('use', { status: 'failed', end: ci.at(-2) });
    },
    want: 'stale timed-out',
  });
  scenario('a build of it ended a minute ago', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      p.setNextInputs('use', { locks: ref(OTHER_CLAIM) });
      p.build('use', { status: 'failed', end: ci.at(-1) });
    },
    want: 'live handed-on',
  });
  scenario('not when nothing of that is so: a later claim has passed it by', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      p.setNextInputs('use', { locks: ref(OTHER_CLAIM) });
      p.build('use', { status: 'failed', end: ci.at(-30) });
    },
    want: 'stale timed-out',
  });
  scenario('not when it has had the claim: Concourse goes on showing a version that was used', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      took(p, 'use', 'failed');
    },
    want: 'stale timed-out',
  });
  scenario('not when it has had the claim and is paused now', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      took(p, 'use', 'failed');
      p.pauseJob('use');
    },
    want: 'stale timed-out',
  });
  scenario('not when it has had the claim and another build of it runs', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      took(p, 'use', 'failed');
      p.build('use', { status: 'started', inputs: [{ resource: 'locks', version: ref(OTHER_CLAIM) }] });
      p.setNextInputs('use', { locks: ref(CLAIM) });
    },
    want: 'stale timed-out',
  });
  scenario('when it has had the claim, and a build of it is pending that would take it again', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      took(p, 'use', 'failed');
      p.build('use', { status: 'pending' });
    },
    want: 'live handed-on',
  });
  scenario('when it has had the claim, behind a running build another is pending that would take it again', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      took(p, 'use', 'failed');
      p.build('use', { status: 'started', inputs: [{ resource: 'locks', version: ref(OTHER_CLAIM) }] });
      p.build('use', { status: 'pending' });
      p.setNextInputs('use', { locks: ref(CLAIM) });
    },
    want: 'live handed-on',
  });
  scenario('not when it has had the claim, and a pending build would take another', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      took(p, 'use', 'failed');
      p.build('use', { status: 'pending' });
      p.setNextInputs('use', { locks: ref(OTHER_CLAIM) });
    },
    want: 'stale timed-out',
  });
  scenario('the second job behind, after the first has succeeded with the claim', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      took(p, 'use', 'succeeded');
    },
    want: 'live handed-on',
    detail:
      'main/deploy/use #1 succeeded, and the job main/deploy/free can still take the lock: its next build would take this claim.',
  });
  scenario('a job behind one that took the claim without passed and succeeded', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci, {
        jobs: [
          { name: 'acquire', outputs: ['locks'] },
          { name: 'use', inputs: ['locks'] },
          { name: 'free', inputs: [{ resource: 'locks', passed: ['use'] }], paused: true },
        ],
      });
      acquired(p);
      took(p, 'use', 'succeeded');
    },
    want: 'live handed-on',
  });
  scenario('not the second job behind, after the first has failed with the claim', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      took(p, 'use', 'failed');
      p.pauseJob('free');
    },
    want: 'stale timed-out',
  });
  scenario('the fourth job behind, paused', {
    policy: SHORT,
    given: (ci) => {
      const names = ['acquire', 'one', 'two', 'three', 'four'];
      const p = deploy(ci, {
        jobs: names.map((name, i) =>
          i === 0
            ? { name, outputs: ['locks'] }
            : { name, inputs: [{ resource: 'locks', passed: [names[i - 1] ?? ''] }] },
        ),
      });
      acquired(p);
      for (const name of ['one', 'two', 'three']) took(p, name, 'succeeded');
      p.pauseJob('four');
    },
    want: 'live handed-on',
    detail:
      'main/deploy/three #1 succeeded, and the job main/deploy/four can still take the lock: its next build would take this claim.',
  });
  scenario('not a job that takes another resource', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci, {
        resources: ['locks', 'other-locks'],
        jobs: [
          { name: 'acquire', outputs: ['locks', 'other-locks'] },
          { name: 'use', inputs: [{ resource: 'other-locks', passed: ['acquire'] }], paused: true },
        ],
      });
      acquired(p);
    },
    want: 'stale timed-out',
  });
  scenario('not a job that takes the resource without passed', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci, {
        jobs: [
          { name: 'acquire', outputs: ['locks'] },
          { name: 'watch', inputs: ['locks'] },
        ],
      });
      acquired(p);
    },
    want: 'stale timed-out',
  });
  scenario('one of several that passed must lead back', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci, {
        jobs: [
          { name: 'acquire', outputs: ['locks'] },
          { name: 'check', inputs: ['locks'] },
          { name: 'use', inputs: [{ resource: 'locks', passed: ['check', 'acquire'] }] },
        ],
      });
      acquired(p);
      p.pauseJob('use');
    },
    want: 'live handed-on',
  });
  scenario('is not asked about when the claimant failed: its version passes nothing', {
    given: (ci) => {
      const p = deploy(ci);
      acquired(p, 'failed');
      p.pauseJob('use');
    },
    want: 'stale build-ended',
  });
  scenario('is not asked about with on_success: timeout', {
    policy: { ...SHORT, onSuccess: 'timeout' },
    given: (ci) => acquired(deploy(ci)),
    want: 'stale timed-out',
  });
  scenario('is not asked about with on_success: release', {
    policy: { onSuccess: 'release' },
    given: (ci) => acquired(deploy(ci)),
    want: 'stale build-ended',
  });
  scenario('with on_success: release a taker that runs still holds the lock', {
    policy: { onSuccess: 'release' },
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      took(p, 'use', 'started');
    },
    want: 'live handed-on',
  });
  scenario('is not asked about with on_success: keep', {
    policy: { onSuccess: 'keep' },
    given: (ci) => acquired(deploy(ci)),
    want: 'live kept',
  });
  scenario('is not our own build that only looks', {
    policy: SHORT,
    ownBuild: ({ url }) => ({ id: 555, externalUrl: url }),
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      p.setNextInputs('use', { locks: ref(OTHER_CLAIM) });
      p.build('use', { id: 555, status: 'started' });
    },
    want: 'stale timed-out',
  });
  scenario('in the instance of the pipeline that claimed', {
    policy: SHORT,
    given: (ci) => {
      deploy(ci);
      acquired(deploy(ci, { instanceVars: { branch: 'main' } }));
    },
    claim: { message: 'main/deploy/{"branch":"main"}/acquire build 1 claiming: L' },
    want: 'live handed-on',
    detail:
      'main/deploy/{"branch":"main"}/acquire #1 succeeded, and the job main/deploy/{"branch":"main"}/use can still take the lock: its next build would take this claim.',
  });
  scenario('cannot be seen without a login, where pipelines are public', {
    policy: SHORT,
    config: () => ({ login: { kind: 'none' } }),
    given: (ci) => acquired(deploy(ci, { public: true })),
    want: 'stale timed-out',
  });
  scenario('is seen without a login where it is paused or building', {
    policy: SHORT,
    config: () => ({ login: { kind: 'none' } }),
    given: (ci) => {
      const p = deploy(ci, { public: true });
      acquired(p);
      p.pauseJob('use');
    },
    want: 'live handed-on',
  });
  scenario('of a public pipeline of a team where the account has no role: it may wait, so nobody knows', {
    policy: SHORT,
    given: (ci) => {
      const p = ci.pipeline('other', 'deploy', {
        public: true,
        resources: ['locks'],
        jobs: [
          { name: 'acquire', outputs: ['locks'] },
          { name: 'use', inputs: [{ resource: 'locks', passed: ['acquire'] }] },
        ],
      });
      acquired(p);
    },
    claim: { message: 'other/deploy/acquire build 1 claiming: L' },
    want: 'undecided forbidden',
  });
});
