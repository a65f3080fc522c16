import { describe } from '@jest/globals';
import { acquired, byUrl, CLAIM, deploy, ref, scenario, took } from '../scene.ts';

describe('builds that took the claim over', () => {
  scenario('one that runs holds the lock', {
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      took(p, 'use', 'started');
    },
    want: 'live handed-on',
    detail:
      'main/deploy/use #1 took the lock over from main/deploy/acquire #1 and is running, started 15 minutes ago (11:45 UTC).',
    requests: 5,
  });
  scenario('one that runs holds the lock of a failed claimant, too', {
    given: (ci) => {
      const p = deploy(ci);
      acquired(p, 'failed');
      took(p, 'use', 'started');
    },
    want: 'live handed-on',
  });
  scenario('one in a job further down, after one that ended', {
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      took(p, 'use', 'succeeded');
      took(p, 'free', 'started', { start: ci.at(-9) });
    },
    want: 'live handed-on',
  });
  scenario('a rerun of a failed taker holds the lock', {
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      const first = took(p, 'use', 'failed');
      took(p, 'use', 'started', { rerunOf: first, start: ci.at(-5) });
    },
    want: 'live handed-on',
  });
  scenario('one that ended a minute ago may still be in its hooks', {
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      took(p, 'use', 'failed', { end: ci.at(-1) });
    },
    want: 'live build-just-ended',
  });
  scenario('when all have ended, the timeout counts from the last end', {
    policy: { staleAfter: 15 * 60 },
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      took(p, 'use', 'failed');
    },
    want: 'live within-timeout',
  });
  scenario('when all have ended for longer than the timeout, the lock is free', {
    policy: { staleAfter: 5 * 60 },
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      took(p, 'use', 'failed');
    },
    want: 'stale timed-out',
  });
  scenario('a type of any name is a pool: what counts is the resource that the put used', {
    given: (ci) => {
      const p = deploy(ci, { resources: [{ name: 'locks', type: 'our-pool' }] });
      acquired(p);
      took(p, 'use', 'started');
    },
    want: 'live handed-on',
  });
  scenario('a put step of another name than its resource', {
    given: (ci) => {
      const p = deploy(ci, {
        jobs: [
          { name: 'acquire', outputs: [{ name: 'aws-lock', resource: 'locks' }] },
          { name: 'use', inputs: [{ name: 'their-lock', resource: 'locks', passed: ['acquire'] }] },
        ],
      });
      acquired(p, 'succeeded', { outputs: [{ name: 'aws-lock', resource: 'locks', version: ref(CLAIM) }] });
      took(p, 'use', 'started', { inputs: [{ name: 'their-lock', resource: 'locks', version: ref(CLAIM) }] });
    },
    want: 'live handed-on',
  });
  scenario("Pool Boy's own versions hold a ref, too: taking one of those is not taking the lock", {
    policy: { onSuccess: 'timeout', staleAfter: 300 },
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      p.build('use', { inputs: [{ resource: 'locks', version: { ref: CLAIM, stale: '1:abc' } }] });
    },
    want: 'stale timed-out',
  });
  scenario('our own build holds no lock, though it has the claim as an input', {
    policy: { onSuccess: 'timeout', staleAfter: 300 },
    ownBuild: ({ url }) => ({ id: 555, externalUrl: url }),
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      took(p, 'use', 'started', { id: 555 });
    },
    want: 'stale timed-out',
  });
  scenario('a build of our number elsewhere is not ours', {
    policy: { onSuccess: 'timeout', staleAfter: 300 },
    ownBuild: () => ({ id: 555, externalUrl: 'https://elsewhere.example.com' }),
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      took(p, 'use', 'started', { id: 555 });
    },
    want: 'live handed-on',
  });
  scenario('the output was not saved: the versions of the pools are searched', {
    given: (ci) => {
      const p = deploy(ci, { resources: ['locks', { name: 'repo', type: 'git' }] });
      acquired(p, 'succeeded', { outputs: [] });
      took(p, 'use', 'started');
    },
    want: 'live handed-on',
  });
  scenario('credentials were rotated: the plan of the running build still names what it got', {
    policy: { onSuccess: 'timeout', staleAfter: 300 },
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      took(p, 'use', 'started');
      p.rotateCredentials('locks');
    },
    claim: byUrl(),
    want: 'live handed-on',
  });
  scenario('credentials were rotated: also of a job that was removed', {
    policy: { onSuccess: 'timeout', staleAfter: 300 },
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      took(p, 'use', 'started');
      p.rotateCredentials('locks');
      p.removeJob('use');
    },
    claim: byUrl(),
    want: 'live handed-on',
  });
  scenario('credentials were rotated, and the plans of the running builds name other claims', {
    policy: { onSuccess: 'timeout', staleAfter: 300 },
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      took(p, 'use', 'started', { inputs: [{ resource: 'locks', version: ref('d1'.repeat(20)) }] });
      p.rotateCredentials('locks');
    },
    claim: byUrl(),
    want: 'stale timed-out',
  });
  scenario('credentials were rotated, and a running plan may not be read: the question stays open', {
    policy: { onSuccess: 'timeout', staleAfter: 300 },
    config: () => ({ login: { kind: 'none' } }),
    given: (ci) => {
      const p = deploy(ci, { public: true });
      acquired(p);
      took(p, 'use', 'started', { inputs: [{ resource: 'locks', version: ref('d1'.repeat(20)) }] });
      p.rotateCredentials('locks');
    },
    claim: byUrl(),
    want: 'undecided forbidden',
  });

  scenario('credentials were rotated: the plan is read long before a timeout makes it matter', {
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      took(p, 'use', 'started');
      p.rotateCredentials('locks');
    },
    claim: byUrl(),
    want: 'live handed-on',
  });
  scenario('credentials were rotated: also the plans of jobs that were removed', {
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      took(p, 'use', 'started');
      p.rotateCredentials('locks');
      p.removeJob('use');
    },
    claim: byUrl(),
    want: 'live handed-on',
  });
  scenario(
    'credentials were rotated: a plan that may not be read leaves the question open before the timeout, too',
    {
      policy: { onSuccess: 'timeout' },
      config: () => ({ login: { kind: 'none' } }),
      given: (ci) => {
        const p = deploy(ci, { public: true });
        acquired(p);
        took(p, 'use', 'started', { inputs: [{ resource: 'locks', version: ref('d1'.repeat(20)) }] });
        p.rotateCredentials('locks');
      },
      claim: byUrl(),
      want: 'undecided forbidden',
    },
  );
  scenario('credentials were rotated, and no plan is shown of a job that has left a public pipeline', {
    policy: { onSuccess: 'timeout' },
    config: () => ({ login: { kind: 'none' } }),
    given: (ci) => {
      const p = deploy(ci, { public: true });
      acquired(p);
      took(p, 'use', 'started', { inputs: [{ resource: 'locks', version: ref('d1'.repeat(20)) }] });
      p.rotateCredentials('locks');
      p.removeJob('use');
    },
    claim: byUrl(),
    want: 'undecided forbidden',
  });
  scenario('the resource has left the config while a taker runs: its plan is read', {
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      took(p, 'use', 'started');
      p.set({
        resources: [{ name: 'repo', type: 'git' }],
        jobs: [{ name: 'acquire' }, { name: 'use', inputs: ['repo'] }],
      });
    },
    want: 'live handed-on',
  });
});
