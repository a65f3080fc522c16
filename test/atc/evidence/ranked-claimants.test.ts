// Who made the claim, where a name, a URL and an output say different things.
import { describe } from '@jest/globals';
import type { Ci } from '../../fake-atc/types.ts';
import { acquired, byUrl, CLAIM, deploy, OTHER_CLAIM, ref, scenario, took } from '../scene.ts';

const SHORT = { staleAfter: 300 };

/**
 * A build of main/deploy waited for its lock while its pipeline was renamed to main/old, and claims with the names that
 * were there before. Another pipeline has taken the name, whose build of the same number has failed.
 */
function renamedWhileItWaited(ci: Ci) {
  const old = deploy(ci);
  acquired(old);
  old.name = 'old';
  const p = deploy(ci);
  acquired(p, 'failed', { outputs: [], start: ci.at(-40), end: ci.at(-26) });
  return old;
}

/** The same of a job. */
function jobRenamedWhileItWaited(ci: Ci) {
  const p = deploy(ci);
  acquired(p);
  p.renameJob('acquire', 'acquire-old');
  p.addJob({ name: 'acquire', outputs: ['locks'] });
  acquired(p, 'failed', { outputs: [], start: ci.at(-40), end: ci.at(-26) });
  return p;
}

describe('an output settles who claimed, whatever a URL says', () => {
  scenario('the next job of the pipeline that was renamed is paused', {
    policy: SHORT,
    claim: byUrl(),
    given: (ci) => renamedWhileItWaited(ci).pauseJob('use'),
    want: 'live handed-on',
    detail:
      'main/old/acquire #1 succeeded, and the job main/old/use can still take the lock: its next build would take this claim.',
  });
  scenario('a build of the next job is pending', {
    policy: SHORT,
    claim: byUrl(),
    given: (ci) => renamedWhileItWaited(ci).build('use', { status: 'pending' }),
    want: 'live handed-on',
  });
  scenario('the rule for the build that made it is keep', {
    policy: { ...SHORT, onSuccess: 'keep' },
    claim: byUrl(),
    given: (ci) => renamedWhileItWaited(ci),
    want: 'live kept',
  });
  scenario('the next job of the job that was renamed waits', {
    policy: SHORT,
    claim: byUrl(),
    given: (ci) => jobRenamedWhileItWaited(ci),
    want: 'live handed-on',
    detail:
      'main/deploy/acquire-old #1 succeeded, and the job main/deploy/use can still take the lock: its next build would take this claim.',
  });
  scenario('the build that made it has failed, and nobody has the lock', {
    policy: SHORT,
    claim: byUrl(),
    given: (ci) => {
      const old = deploy(ci);
      acquired(old, 'failed');
      old.name = 'old';
      acquired(deploy(ci), 'succeeded', { outputs: [] });
    },
    want: 'stale build-ended',
    detail:
      'main/old/acquire #1 failed 20 minutes ago (11:40 UTC) and still holds the lock, claimed 30 minutes ago (11:30 UTC).',
  });
  scenario('a URL alone proves nothing of a build that began half a minute after the claim', {
    claim: byUrl(),
    given: (ci) => acquired(deploy(ci), 'failed', { outputs: [], start: ci.at(-29.4), end: ci.at(-20) }),
    want: 'live within-timeout',
  });
  scenario('nor of any while a build runs that had its number and may have had its name', {
    policy: SHORT,
    claim: byUrl(),
    given: (ci) => {
      const old = deploy(ci);
      acquired(old, 'started');
      old.name = 'old';
      old.rotateCredentials('locks');
      acquired(deploy(ci), 'failed', { outputs: [], start: ci.at(-35) });
    },
    want: 'stale timed-out',
    detail:
      'main/deploy/acquire #1 failed 20 minutes ago (11:40 UTC), but nothing proves that it made the claim; the lock was claimed 30 minutes ago (11:30 UTC); the timeout of 5 minutes has passed.',
  });
  scenario('but while one runs that shows another claim of its own', {
    claim: byUrl(),
    given: (ci) => {
      const old = deploy(ci);
      acquired(old, 'started', { outputs: [{ resource: 'locks', version: ref(OTHER_CLAIM) }] });
      old.name = 'old';
      acquired(deploy(ci), 'failed', { outputs: [], start: ci.at(-35) });
    },
    want: 'stale build-ended',
  });
  scenario('and while one of that number runs that takes no lock, or began after the claim', {
    claim: byUrl(),
    given: (ci) => {
      const other = ci.pipeline('main', 'other', {
        resources: ['locks'],
        jobs: [{ name: 'use' }, { name: 'take', outputs: ['locks'] }],
      });
      other.build('use', { name: '1', start: ci.at(-40) });
      other.build('take', { name: '1', start: ci.at(-20) });
      acquired(deploy(ci), 'failed', { outputs: [], start: ci.at(-35) });
    },
    want: 'stale build-ended',
  });
  scenario('nor of one that failed well before the claim', {
    claim: byUrl(),
    given: (ci) => acquired(deploy(ci), 'failed', { outputs: [], end: ci.at(-36) }),
    want: 'live within-timeout',
  });
  scenario('but of one that was aborted before it: its put lived on', {
    claim: byUrl(),
    given: (ci) => acquired(deploy(ci), 'aborted', { outputs: [], end: ci.at(-36) }),
    want: 'stale build-ended',
  });
});

describe('a name that can be read in several ways', () => {
  const SLASHED = {
    resources: ['locks'],
    jobs: [{ name: 'get/lock', outputs: ['locks'] }],
  };
  const running = (ci: Ci, pipeline: string) =>
    ci.pipeline('main', pipeline, SLASHED).build('get/lock', { name: '7', start: ci.at(-40) });
  scenario('a job with a slash, by a message with its team', {
    claim: { message: 'main/deploy/get/lock build 7 claiming: L' },
    given: (ci) => running(ci, 'deploy'),
    want: 'live build-running',
  });
  scenario('a job with a slash, by a message without its team', {
    policy: SHORT,
    claim: { message: 'deploy/get/lock build 7 claiming: L' },
    given: (ci) => running(ci, 'deploy'),
    want: 'live build-running',
    detail:
      'main/deploy/get/lock #7 is running, started 40 minutes ago (11:20 UTC); the lock was claimed 30 minutes ago (11:30 UTC).',
  });
  scenario('a job with a slash, by its URL', {
    claim: byUrl('https://ci.example.com/teams/main/pipelines/deploy/jobs/get/lock/builds/7'),
    given: (ci) => running(ci, 'deploy'),
    want: 'live build-running',
  });
  scenario('a build that has ended under one reading does not hide one that runs under another', {
    policy: SHORT,
    claim: { message: 'main/get/lock build 7 claiming: L' },
    given: (ci) => {
      running(ci, 'main');
      ci.pipeline('main', 'get', { jobs: [{ name: 'lock' }] }).build('lock', {
        name: '7',
        status: 'failed',
        start: ci.at(-40),
        end: ci.at(-20),
      });
    },
    want: 'live build-running',
  });
});

describe('instance vars are compared as values', () => {
  const vars = { branch: 'a<b', 'n.m': { x: 1 } };
  // As Go writes them: sorted, and with < as \u003c.
  const message = 'main/deploy/{"branch":"a\\u003cb","n.m":{"x":1}}/acquire build 1 claiming: L';
  scenario('the next job of an instance whose build the search has found', {
    policy: SHORT,
    claim: { message },
    given: (ci) => {
      const p = deploy(ci, { instanceVars: vars });
      // Without its output, so that nothing but its name and its vars ties it to the claim.
      acquired(p, 'succeeded', { outputs: [] });
      p.found('locks', ref(CLAIM));
      p.removeJob('acquire');
      p.pauseJob('use');
    },
    want: 'live handed-on',
  });
  scenario('one that its URL names with other spelling', {
    policy: SHORT,
    claim: byUrl(
      'https://ci.example.com/teams/main/pipelines/deploy/jobs/acquire/builds/1?vars.%22n.m%22.x=1&vars.branch=%22a%5Cu003cb%22',
    ),
    given: (ci) => {
      const p = deploy(ci, { instanceVars: vars });
      acquired(p, 'failed', { inputs: [] });
      took(p, 'use', 'succeeded');
      p.pauseJob('free');
    },
    want: 'live handed-on',
  });
});

describe('a claim that names nobody is looked for by its version', () => {
  const EMPTY_URL = { message: 'claiming: L\nBuild URL: ' };
  scenario('its build runs', {
    claim: EMPTY_URL,
    given: (ci) => acquired(deploy(ci), 'started'),
    want: 'live build-running',
  });
  scenario('its build failed', {
    claim: EMPTY_URL,
    given: (ci) => acquired(deploy(ci), 'failed'),
    want: 'stale build-ended',
    detail:
      'main/deploy/acquire #1 failed 20 minutes ago (11:40 UTC) and still holds the lock, claimed 30 minutes ago (11:30 UTC).',
  });
  scenario('the next job is paused', {
    policy: SHORT,
    claim: EMPTY_URL,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      p.pauseJob('use');
    },
    want: 'live handed-on',
  });
  scenario('its build failed, and the rule keeps its lock', {
    policy: { onFailure: 'keep' },
    claim: EMPTY_URL,
    given: (ci) => acquired(deploy(ci), 'failed'),
    want: 'live kept',
  });
  scenario('its version is out of sight: then the timeout decides', {
    policy: SHORT,
    claim: EMPTY_URL,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p, 'failed');
      p.rotateCredentials('locks');
    },
    want: 'stale timed-out',
    detail:
      'The claim names no build and was made 30 minutes ago (11:30 UTC); the timeout of 5 minutes has passed.',
  });
  scenario('two builds have it as an output: which of them made it is not settled', {
    claim: EMPTY_URL,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p, 'failed');
      acquired(p, 'failed', { name: '2' });
    },
    want: 'live within-timeout',
  });
  scenario('a claim of an older version than a list shows is asked for by itself', {
    claim: EMPTY_URL,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p, 'failed');
      for (let i = 0; i < 500; i += 1) p.found('locks', ref(String(i).padStart(40, '0')));
    },
    want: 'stale build-ended',
  });
});

describe('a date that cannot be read', () => {
  scenario('of a claim whose build has it as an output', {
    claim: { date: 'unreadable' },
    given: (ci) => acquired(deploy(ci), 'failed'),
    want: 'stale build-ended',
  });
  scenario('of a claim that nobody knows is never old', {
    policy: SHORT,
    claim: { date: 'unreadable' },
    given: (ci) => deploy(ci),
    want: 'undecided clock-skew',
    detail: "The date of the claim's commit cannot be read, so its age is not known.",
  });
  scenario('of a claim by hand that a build took', {
    claim: { date: 'unreadable', message: 'manually claim L' },
    given: (ci) =>
      took(deploy(ci), 'use', 'started', { inputs: [{ resource: 'locks', version: ref(CLAIM) }] }),
    want: 'undecided clock-skew',
  });
});
