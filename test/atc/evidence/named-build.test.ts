import { describe } from '@jest/globals';
import { acquired, byUrl, CLAIM, deploy, ref, scenario, took } from '../scene.ts';

const BY_NAME = 'teams/main/pipelines/deploy/jobs/acquire/builds/1';
const noOutput = { outputs: [] };

describe('the build that the claim names', () => {
  scenario('runs: one request, and the lock is left alone', {
    given: (ci) => acquired(deploy(ci), 'started', noOutput),
    want: 'live build-running',
    detail:
      'main/deploy/acquire #1 is running, started 40 minutes ago (11:20 UTC); the lock was claimed 30 minutes ago (11:30 UTC).',
    asked: [BY_NAME],
  });
  scenario('is pending, so alive', {
    given: (ci) => acquired(deploy(ci), 'pending', noOutput),
    want: 'live build-running',
    asked: [BY_NAME],
  });
  scenario('runs, whatever the clocks say: it started after the claim', {
    given: (ci) => acquired(deploy(ci), 'started', { start: ci.at(-5) }),
    want: 'live build-running',
  });
  scenario('has run for days: it is still alive, whatever the timeout', {
    given: (ci) => acquired(deploy(ci), 'started', { start: ci.at(-9000) }),
    claim: { at: -8990 },
    want: 'live build-running',
  });
  scenario('is looked up in the instance that the message names', {
    given: (ci) => acquired(deploy(ci, { instanceVars: { branch: 'main', n: 1 } }), 'started'),
    claim: { message: 'main/deploy/{"branch":"main","n":1}/acquire build 1 claiming: L' },
    want: 'live build-running',
    asked: [`${BY_NAME}?vars=%7B%22branch%22%3A%22main%22%2C%22n%22%3A1%7D`],
  });
  scenario('is looked up with the query of its Build URL, as that has it', {
    given: (ci) => acquired(deploy(ci, { instanceVars: { branch: 'a/b' } }), 'started'),
    claim: byUrl(
      'https://ci.example.com/teams/main/pipelines/deploy/jobs/acquire/builds/1?vars.branch=%22a%2Fb%22',
    ),
    want: 'live build-running',
    asked: [`${BY_NAME}?vars.branch=%22a%2Fb%22`],
  });
  scenario('has a name with blanks and slashes in it', {
    given: (ci) => {
      const p = ci.pipeline('main', 'deploy it', { resources: ['locks'], jobs: [{ name: 'get (a) lock' }] });
      p.build('get (a) lock', { name: '3.1' });
    },
    claim: { message: 'main/deploy it/get (a) lock build 3.1 claiming: L' },
    want: 'live build-running',
    asked: ['teams/main/pipelines/deploy%20it/jobs/get%20(a)%20lock/builds/3.1'],
  });
  scenario('of a message without a team is looked for in the configured one', {
    given: (ci) => acquired(deploy(ci), 'started'),
    claim: { message: 'deploy/acquire build 1 claiming: L' },
    want: 'live build-running',
    asked: [BY_NAME],
  });
  scenario('is a one-off build: looked up by its number', {
    given: (ci) => ci.oneOff('main', { id: 77 }),
    claim: { message: 'one-off build 77 claiming: L' },
    want: 'live build-running',
    asked: ['builds/77'],
  });
  scenario('is a one-off build that has ended, without proof: the timeout decides', {
    given: (ci) => ci.oneOff('main', { id: 77, status: 'failed', start: ci.at(-40), end: ci.at(-20) }),
    claim: { message: 'one-off build 77 claiming: L' },
    want: 'live within-timeout',
  });
  scenario('is a one-off build that its URL names, and has failed', {
    given: (ci) => ci.oneOff('main', { id: 77, status: 'failed', start: ci.at(-40), end: ci.at(-20) }),
    claim: byUrl('https://ci.example.com/builds/77'),
    want: 'stale build-ended',
  });
  scenario('failed with the claim as its output', {
    given: (ci) => acquired(deploy(ci), 'failed'),
    want: 'stale build-ended',
    detail:
      'main/deploy/acquire #1 failed 20 minutes ago (11:40 UTC) and still holds the lock, claimed 30 minutes ago (11:30 UTC).',
  });
  scenario('was aborted, errored: the same', {
    given: (ci) => acquired(deploy(ci), 'errored'),
    want: 'stale build-ended',
  });
  scenario('failed a minute ago: its hooks may still run', {
    given: (ci) => acquired(deploy(ci), 'failed', { end: ci.at(-1) }),
    want: 'live build-just-ended',
  });
  scenario('errored ten minutes ago: its containers may have outlived the ATC', {
    given: (ci) => acquired(deploy(ci), 'errored', { end: ci.at(-10) }),
    want: 'live build-just-ended',
  });
  scenario('failed, and the pool keeps the locks of failed builds', {
    policy: { onFailure: 'keep' },
    given: (ci) => acquired(deploy(ci), 'failed', noOutput),
    want: 'live kept',
  });
  scenario('failed, and the pool lets the timeout decide, which has passed', {
    policy: { onFailure: 'timeout', staleAfter: 300 },
    given: (ci) => acquired(deploy(ci), 'failed'),
    want: 'stale timed-out',
  });
  scenario('failed, having created the lock as claimed: it may be half built', {
    given: (ci) => acquired(deploy(ci), 'failed'),
    claim: { message: 'main/deploy/acquire build 1 adding claimed: L' },
    want: 'live within-timeout',
  });
  scenario('ended before the claim: the put of an aborted build can live on and claim late', {
    given: (ci) => acquired(deploy(ci), 'aborted', { end: ci.at(-35) }),
    want: 'stale build-ended',
  });
  scenario('a lock that is excluded costs no request', {
    policy: { exclude: ['L'] },
    given: (ci) => acquired(deploy(ci), 'failed'),
    want: 'live excluded',
    asked: [],
  });
  scenario('a lock claimed a minute ago costs no request', {
    given: (ci) => acquired(deploy(ci), 'failed'),
    claim: { at: -1 },
    want: 'live within-grace',
    asked: [],
  });
  const REVERT = { commit: '9e9e'.repeat(10), restores: CLAIM, message: 'Revert "unclaiming: L"' };
  scenario(
    'a release of ours that a person takes back by a revert is a claim by hand, from the time of the revert',
    {
      policy: { staleAfter: 1801 },
      given: (ci) => acquired(deploy(ci), 'failed'),
      claim: REVERT,
      want: 'live within-timeout',
      asked: [],
    },
  );
  scenario('it is released when it has been held too long', {
    policy: { staleAfter: 1800 },
    given: (ci) => acquired(deploy(ci), 'failed'),
    claim: REVERT,
    want: 'stale timed-out',
  });
  scenario('but not while a build has the claim that it restores', {
    policy: { staleAfter: 1800 },
    given: (ci) => took(deploy(ci), 'use', 'started'),
    claim: REVERT,
    want: 'live handed-on',
  });
  scenario('a claim restored by a revert, and taken under the commit of the revert', {
    given: (ci) => {
      const p = deploy(ci);
      acquired(p, 'failed');
      p.build('use', { status: 'started', inputs: [{ resource: 'locks', version: ref('9e9e'.repeat(10)) }] });
    },
    policy: { staleAfter: 1800 },
    claim: REVERT,
    want: 'live handed-on',
  });
});
