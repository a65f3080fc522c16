import { describe } from '@jest/globals';
import { acquired, byUrl, CLAIM, deploy, ref, scenario, took } from '../scene.ts';

const SHORT = { staleAfter: 300 };
const ACQUIRE_ONLY = { resources: ['locks'], jobs: [{ name: 'acquire', outputs: ['locks'] }] };

describe('a claimant that is not found under its name', () => {
  scenario('its job was removed, and its build runs on', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p, 'started');
      p.removeJob('acquire');
    },
    want: 'live build-running',
    detail:
      'main/deploy/acquire #1, found among the builds of its pipeline, is running, started 40 minutes ago (11:20 UTC); the lock was claimed 30 minutes ago (11:30 UTC).',
  });
  scenario('its job was removed, and its build runs on without a saved output', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p, 'started', { outputs: [] });
      p.removeJob('acquire');
    },
    want: 'live build-running',
  });
  scenario('its job was renamed, and its build runs on', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p, 'started', { outputs: [] });
      p.renameJob('acquire', 'get-lock');
    },
    want: 'live build-running',
  });
  scenario('its job was removed after its build failed: the output is proof', {
    given: (ci) => {
      const p = deploy(ci);
      acquired(p, 'failed');
      p.removeJob('acquire');
    },
    want: 'stale build-ended',
  });
  scenario('its job was removed after its build failed: the URL is proof', {
    given: (ci) => {
      const p = deploy(ci);
      acquired(p, 'failed', { outputs: [] });
      p.removeJob('acquire');
    },
    claim: byUrl(),
    want: 'stale build-ended',
  });
  scenario('its job was renamed after its build failed: found by its output', {
    given: (ci) => {
      const p = deploy(ci);
      acquired(p, 'failed');
      p.renameJob('acquire', 'get-lock');
    },
    want: 'stale build-ended',
    detail:
      'main/deploy/get-lock #1 failed 20 minutes ago (11:40 UTC) and still holds the lock, claimed 30 minutes ago (11:30 UTC).',
  });
  scenario('its job was renamed after its build succeeded: the job behind still waits', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      p.renameJob('acquire', 'get-lock');
    },
    want: 'live handed-on',
  });
  scenario('an old message names no vars, and the build runs in an instance', {
    policy: SHORT,
    given: (ci) => acquired(deploy(ci, { instanceVars: { branch: 'main' } }), 'started'),
    want: 'live build-running',
    detail:
      'main/deploy/{"branch":"main"}/acquire #1, found in another instance of its pipeline, is running, started 40 minutes ago (11:20 UTC); the lock was claimed 30 minutes ago (11:30 UTC).',
  });
  scenario('of several instances the one whose build runs counts', {
    policy: SHORT,
    given: (ci) => {
      acquired(deploy(ci, { instanceVars: { branch: 'a' } }), 'failed', { outputs: [] });
      acquired(deploy(ci, { instanceVars: { branch: 'b' } }), 'started', { outputs: [] });
    },
    want: 'live build-running',
  });
  scenario('of several instances the one whose build runs counts, also where another one made the claim', {
    policy: SHORT,
    given: (ci) => {
      acquired(deploy(ci, { instanceVars: { branch: 'a' } }), 'failed');
      acquired(deploy(ci, { instanceVars: { branch: 'b' } }), 'started', { outputs: [] });
    },
    want: 'live build-running',
  });
  scenario('of several instances the one whose build made the claim is the claimant', {
    given: (ci) => {
      acquired(deploy(ci, { instanceVars: { branch: 'a' } }), 'succeeded', { outputs: [] });
      acquired(deploy(ci, { instanceVars: { branch: 'b' } }), 'failed');
    },
    want: 'stale build-ended',
    requests: 14,
  });
  scenario('of several instances, each may be the one: the next job of the one that succeeded waits', {
    policy: SHORT,
    given: (ci) => {
      const a = deploy(ci, { instanceVars: { branch: 'a' } });
      acquired(a, 'succeeded', { end: ci.at(-25) });
      a.pauseJob('use');
      a.rotateCredentials('locks');
      const b = deploy(ci, { instanceVars: { branch: 'b' } });
      acquired(b, 'failed');
      b.rotateCredentials('locks');
    },
    want: 'live handed-on',
  });
  scenario('of several instances, each may be the one: the rule of one keeps the lock', {
    policy: { ...SHORT, onFailure: 'keep' },
    given: (ci) => {
      const a = deploy(ci, { instanceVars: { branch: 'a' } });
      acquired(a, 'failed', { outputs: [], end: ci.at(-25) });
      acquired(deploy(ci, { instanceVars: { branch: 'b' } }), 'aborted', { outputs: [] });
    },
    want: 'live kept',
  });
  scenario('of several instances, each may be the one: a build of one has ended just now', {
    policy: SHORT,
    given: (ci) => {
      acquired(deploy(ci, { instanceVars: { branch: 'a' } }), 'failed', { outputs: [] });
      acquired(deploy(ci, { instanceVars: { branch: 'b' } }), 'failed', { outputs: [], end: ci.at(-1) });
    },
    want: 'live build-just-ended',
  });
  scenario('of several instances one took the lock over: the other one does not hide it', {
    policy: SHORT,
    given: (ci) => {
      const a = deploy(ci, { instanceVars: { branch: 'a' } });
      acquired(a, 'succeeded', { outputs: [] });
      took(a, 'use', 'failed', { end: ci.at(-1) });
      acquired(deploy(ci, { instanceVars: { branch: 'b' } }), 'succeeded', { outputs: [], end: ci.at(-19) });
    },
    want: 'live build-just-ended',
  });
  scenario('a build of that name in an instance is no proof, not even by its URL', {
    given: (ci) => acquired(deploy(ci, { instanceVars: { branch: 'a' } }), 'failed', { outputs: [] }),
    claim: byUrl(),
    want: 'live within-timeout',
  });
  scenario('a message that names its vars is not looked for in other instances', {
    given: (ci) => acquired(deploy(ci, { instanceVars: { branch: 'a' } }), 'failed'),
    claim: { message: 'main/deploy/{"branch":"gone"}/acquire build 1 claiming: L' },
    want: 'live within-timeout',
    detail:
      'Concourse has no matching build main/deploy/{"branch":"gone"}/acquire #1; the lock was claimed 30 minutes ago (11:30 UTC); the timeout of 1 hour has not passed yet.',
  });
  scenario('some other build made the claim, and it runs: it keeps the lock', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci, { jobs: [...ACQUIRE_ONLY.jobs, { name: 'other', outputs: ['locks'] }] });
      p.build('other', { name: '7', outputs: [{ resource: 'locks', version: ref(CLAIM) }] });
    },
    want: 'live build-running',
  });
  scenario('some other build made the claim and ended: that proves nothing', {
    given: (ci) => {
      const p = deploy(ci, { jobs: [...ACQUIRE_ONLY.jobs, { name: 'other', outputs: ['locks'] }] });
      p.build('other', {
        name: '7',
        status: 'failed',
        start: ci.at(-40),
        outputs: [{ resource: 'locks', version: ref(CLAIM) }],
      });
    },
    want: 'live within-timeout',
  });
  scenario('its pipeline is gone: not known, so the timeout decides', {
    given: () => {},
    want: 'live within-timeout',
    asked: [
      'teams/main/pipelines',
      'teams/main/pipelines/deploy',
      'teams/main/pipelines/deploy/jobs/acquire/builds/1',
    ],
  });
  scenario('its pipeline is gone, and the timeout has passed', {
    policy: SHORT,
    given: () => {},
    want: 'stale timed-out',
  });
  scenario('its pipeline is gone, but a build elsewhere has the claim', {
    policy: SHORT,
    given: (ci) => {
      const p = ci.pipeline('main', 'renamed', ACQUIRE_ONLY);
      acquired(p, 'started');
    },
    want: 'live build-running',
  });
  scenario('not found, but somebody took the claim and runs', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      took(p, 'use', 'started');
    },
    want: 'live handed-on',
  });
  scenario('not found, and whoever took the claim ended: the timeout counts from there', {
    policy: { staleAfter: 15 * 60 },
    given: (ci) => {
      const p = deploy(ci);
      took(p, 'use', 'failed');
    },
    want: 'live within-timeout',
  });
  scenario('the name was used again by a build that ended; the true one runs, in a job that was removed', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci, { jobs: [...ACQUIRE_ONLY.jobs, { name: 'old', outputs: ['locks'] }] });
      acquired(p, 'failed', { start: ci.at(-20), end: ci.at(-10), outputs: [] });
      p.build('old', { name: '9', start: ci.at(-40), outputs: [{ resource: 'locks', version: ref(CLAIM) }] });
      p.removeJob('old');
    },
    want: 'live build-running',
  });
  scenario('the name was used again: the rule for failed builds is not that of this claim', {
    policy: { onFailure: 'keep' },
    given: (ci) => acquired(deploy(ci), 'failed', { start: ci.at(-20), end: ci.at(-10), outputs: [] }),
    want: 'live within-timeout',
  });
  scenario('its plans are read where the versions are out of sight', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      took(p, 'use', 'started');
      p.rotateCredentials('locks');
    },
    want: 'live handed-on',
  });

  scenario('some other build made the claim, and it runs: it is found before the timeout makes it matter', {
    given: (ci) => {
      const p = deploy(ci, { jobs: [...ACQUIRE_ONLY.jobs, { name: 'other', outputs: ['locks'] }] });
      p.build('other', { name: '7', outputs: [{ resource: 'locks', version: ref(CLAIM) }] });
    },
    want: 'live build-running',
  });
  scenario('a build of that name was aborted before it ran: another one made the claim, and it runs', {
    given: (ci) => {
      const p = deploy(ci, { jobs: [...ACQUIRE_ONLY.jobs, { name: 'other', outputs: ['locks'] }] });
      acquired(p, 'aborted', { start: null, outputs: [] });
      p.build('other', { name: '7', outputs: [{ resource: 'locks', version: ref(CLAIM) }] });
    },
    claim: byUrl(),
    want: 'live build-running',
  });
  scenario('a build of that name began after the claim: another one made it, and it runs', {
    given: (ci) => {
      const p = deploy(ci, { jobs: [...ACQUIRE_ONLY.jobs, { name: 'other', outputs: ['locks'] }] });
      acquired(p, 'failed', { start: ci.at(-20), end: ci.at(-10), outputs: [] });
      p.build('other', { name: '7', outputs: [{ resource: 'locks', version: ref(CLAIM) }] });
    },
    claim: byUrl(),
    want: 'live build-running',
  });
});
