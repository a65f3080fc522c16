import { describe } from '@jest/globals';
import { acquired, byUrl, CLAIM, deploy, FOREIGN_CLAIM, OTHER_CLAIM, ref, scenario } from '../scene.ts';

const nothing = { outputs: [] };
const made = (...commits: string[]) => ({
  outputs: commits.map((commit) => ({ resource: 'locks', version: ref(commit) })),
});

describe('what proves that an ended build made the claim', () => {
  scenario('nothing: the name alone is no proof, so the timeout decides', {
    given: (ci) => acquired(deploy(ci), 'failed', nothing),
    want: 'live within-timeout',
    detail:
      'main/deploy/acquire #1 failed 20 minutes ago (11:40 UTC), but nothing proves that it made the claim; the lock was claimed 30 minutes ago (11:30 UTC); the timeout of 1 hour has not passed yet.',
  });
  scenario('its Build URL, on this ATC', {
    given: (ci) => acquired(deploy(ci), 'failed', nothing),
    claim: byUrl(),
    want: 'stale build-ended',
  });
  scenario('a Build URL on the port that is meant without being written', {
    given: (ci) => acquired(deploy(ci), 'failed', nothing),
    claim: byUrl('https://ci.example.com:443/teams/main/pipelines/deploy/jobs/acquire/builds/1'),
    want: 'stale build-ended',
  });
  scenario('a Build URL where this Concourse was before it moved', {
    config: () => ({ formerUrls: ['https://old.example.com'] }),
    given: (ci) => acquired(deploy(ci), 'failed', nothing),
    claim: byUrl('https://old.example.com/teams/main/pipelines/deploy/jobs/acquire/builds/1'),
    want: 'stale build-ended',
  });
  scenario('not a loopback Build URL: every ATC without an external URL has the same', {
    ci: { externalUrl: 'http://127.0.0.1:8080' },
    given: (ci) => acquired(deploy(ci), 'failed', nothing),
    claim: byUrl('http://127.0.0.1:8080/teams/main/pipelines/deploy/jobs/acquire/builds/1'),
    want: 'live within-timeout',
  });
  scenario('a loopback Build URL still names a build, and that one is alive', {
    ci: { externalUrl: 'http://127.0.0.1:8080' },
    given: (ci) => acquired(deploy(ci), 'started', nothing),
    claim: byUrl('http://127.0.0.1:8080/teams/main/pipelines/deploy/jobs/acquire/builds/1'),
    want: 'live build-running',
  });
  scenario('not a URL where the build made another claim of the pool', {
    given: (ci) => acquired(deploy(ci), 'failed', made(OTHER_CLAIM)),
    claim: byUrl(),
    want: 'live within-timeout',
  });
  scenario('a URL, where the build made a claim of another pool', {
    given: (ci) => acquired(deploy(ci), 'failed', made(FOREIGN_CLAIM)),
    claim: byUrl(),
    want: 'stale build-ended',
  });
  scenario('a build that made two claims, this one among them', {
    given: (ci) => acquired(deploy(ci), 'failed', made(OTHER_CLAIM, CLAIM)),
    want: 'stale build-ended',
  });
  scenario('not an output that holds more than the ref: it is of another resource', {
    given: (ci) =>
      acquired(deploy(ci), 'failed', {
        outputs: [{ resource: 'locks', version: { ref: CLAIM, stale: 'none' } }],
      }),
    want: 'live within-timeout',
  });
  scenario('not an output of a build that began after the claim: a clock is wrong', {
    given: (ci) => acquired(deploy(ci), 'failed', { start: ci.at(-20), end: ci.at(-10) }),
    want: 'live within-timeout',
    detail:
      'main/deploy/acquire #1 failed 10 minutes ago (11:50 UTC), but its times do not fit the claim: a clock is wrong; the lock was claimed 30 minutes ago (11:30 UTC); the timeout of 1 hour has not passed yet.',
  });
  scenario('nor does such an output let go of it: its rule keeps the lock', {
    policy: { onFailure: 'keep', staleAfter: 300 },
    given: (ci) => acquired(deploy(ci), 'failed'),
    claim: { at: -50 },
    want: 'live kept',
    detail:
      'main/deploy/acquire #1 failed 20 minutes ago (11:40 UTC), and on_failure is keep; the lock was claimed 50 minutes ago (11:10 UTC).',
  });
  scenario('nor does such an output with a URL that names the build', {
    policy: { onFailure: 'keep', staleAfter: 300 },
    given: (ci) => acquired(deploy(ci), 'failed'),
    claim: { at: -50, ...byUrl() },
    want: 'live kept',
  });
  scenario('nor does such an output let go of it: the next job waits', {
    policy: { staleAfter: 300 },
    given: (ci) => acquired(deploy(ci)),
    claim: { at: -50 },
    want: 'live handed-on',
  });
  scenario('nor does such an output let go of it: its hooks may still run', {
    policy: { onError: 'timeout', staleAfter: 300 },
    given: (ci) => acquired(deploy(ci), 'errored', { end: ci.at(-1) }),
    claim: { at: -50 },
    want: 'live build-just-ended',
  });
  scenario('nor does such an output let go of it: the timeout counts from its end', {
    policy: { staleAfter: 25 * 60 },
    given: (ci) => acquired(deploy(ci), 'failed'),
    claim: { at: -50 },
    want: 'live within-timeout',
  });
  scenario('not an output out of sight: its credentials were rotated', {
    given: (ci) => {
      const p = deploy(ci);
      acquired(p, 'failed');
      p.rotateCredentials('locks');
    },
    want: 'live within-timeout',
  });
  scenario('a URL, though the outputs are out of sight', {
    given: (ci) => {
      const p = deploy(ci);
      acquired(p, 'failed');
      p.rotateCredentials('locks');
    },
    claim: byUrl(),
    want: 'stale build-ended',
  });
  scenario('not a build that was aborted while it was pending: it never ran', {
    given: (ci) => acquired(deploy(ci), 'aborted', { start: null, outputs: [] }),
    claim: byUrl(),
    want: 'live within-timeout',
  });
});
