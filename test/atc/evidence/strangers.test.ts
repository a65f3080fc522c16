// What anybody can put into a claim's message, and builds that the account cannot see: they count for what they are.
import { describe } from '@jest/globals';
import type { Ci } from '../../fake-atc/types.ts';
import { acquired, byUrl, deploy, scenario, took } from '../scene.ts';

const SHORT = { staleAfter: 300 };

describe('what a message names, and the ATC answers 400 to', () => {
  scenario('vars that are no JSON', {
    policy: SHORT,
    claim: byUrl(
      'https://ci.example.com/teams/main/pipelines/deploy/jobs/acquire/builds/1?vars.branch=notjson',
    ),
    given: (ci) => deploy(ci, { instanceVars: { branch: 'x' } }),
    want: 'stale timed-out',
  });
  scenario('a build number beyond int64', {
    policy: SHORT,
    claim: byUrl('https://ci.example.com/builds/99999999999999999999'),
    given: (ci) => deploy(ci),
    want: 'stale timed-out',
    detail:
      'Concourse has no matching one-off build 99999999999999999999; the lock was claimed 30 minutes ago (11:30 UTC); the timeout of 5 minutes has passed.',
  });
  scenario('the same in the form before 1.8', {
    policy: SHORT,
    claim: { message: 'one-off build 99999999999999999999 claiming: L' },
    given: (ci) => deploy(ci),
    want: 'stale timed-out',
  });
});

describe('checks that a person started', () => {
  scenario('hold no lock, and nobody needs a role to see their plan', {
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      const p = ci.pipeline('others', 'theirs', { resources: ['locks'], public: true });
      p.check('locks', { status: 'started', start: ci.at(-20), end: null });
    },
    want: 'stale build-ended',
  });
  scenario('are no one-off builds', {
    policy: SHORT,
    claim: { message: 'one-off build 4711 claiming: L' },
    given: (ci) => deploy(ci).check('locks', { id: 4711, status: 'started', start: ci.at(-40), end: null }),
    want: 'stale timed-out',
  });
});

describe('a running build of a team without the role, whose plan would have to be seen', () => {
  const theirs = (ci: Ci, start: number) => {
    const p = ci.pipeline('others', 'theirs', {
      public: true,
      resources: ['locks'],
      jobs: [{ name: 'work', inputs: ['locks'] }],
    });
    p.build('work', { status: 'started', start: ci.at(start) });
  };
  scenario('began after the claim, so it may have taken it', {
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      theirs(ci, -29);
    },
    want: 'undecided forbidden',
    detail:
      'The account pool-boy is not permitted to view others/theirs/work #1 on URL, which may hold the lock: give it the role viewer in team others.',
  });
  scenario('began well before the claim, and did not make it: it cannot hold the lock', {
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      theirs(ci, -36);
    },
    want: 'stale build-ended',
  });
  scenario('began well before a claim whose maker is not known, under another number', {
    policy: SHORT,
    claim: { message: 'main/gone/acquire build 7 claiming: L' },
    given: (ci) => theirs(ci, -36),
    want: 'stale timed-out',
  });
  scenario('began well before a claim whose maker is not known, under its number', {
    policy: SHORT,
    claim: { message: 'main/gone/acquire build 1 claiming: L' },
    given: (ci) => theirs(ci, -36),
    want: 'undecided forbidden',
  });
});

describe('a job of a team without the role, behind a build that succeeded with the claim', () => {
  const theirs = (ci: Ci) => {
    acquired(deploy(ci), 'failed');
    const p = ci.pipeline('others', 'theirs', {
      public: true,
      resources: ['locks'],
      jobs: [
        { name: 'peek', inputs: ['locks'] },
        { name: 'after', inputs: [{ resource: 'locks', passed: ['peek'] }] },
      ],
    });
    took(p, 'peek', 'succeeded');
    return p;
  };
  scenario('whose next inputs only a role shows', {
    given: (ci) => theirs(ci),
    want: 'undecided forbidden',
    detail:
      'The account pool-boy is not permitted to view the job others/theirs/after on URL, which may hold the lock: give it the role viewer in team others.',
  });
  scenario('that has had the claim', {
    given: (ci) => took(theirs(ci), 'after', 'failed'),
    want: 'stale build-ended',
  });
});

describe('sentences', () => {
  scenario('a bystander that merely gets the pool does not come before the build that took the lock over', {
    given: (ci) => {
      const p = deploy(ci, {
        resources: ['locks'],
        jobs: [
          { name: 'acquire', outputs: ['locks'] },
          { name: 'watch', inputs: ['locks'] },
          { name: 'use', inputs: [{ resource: 'locks', passed: ['acquire'] }] },
        ],
      });
      acquired(p);
      const input = { inputs: [{ resource: 'locks', version: { ref: 'c1a1'.repeat(10) } }] };
      p.build('watch', { start: ci.at(-18), ...input });
      p.build('use', { start: ci.at(-15), ...input });
    },
    want: 'live handed-on',
    detail:
      'main/deploy/use #1 took the lock over from main/deploy/acquire #1 and is running, started 15 minutes ago (11:45 UTC).',
  });
});
