import { describe } from '@jest/globals';
import type { Ci } from '../../fake-atc/types.ts';
import { acquired, deploy, scenario, took } from '../scene.ts';

const SHORT = { staleAfter: 300 };

/** main/deploy is main/deploy-v2 since the claim, and nothing answers to the old name. */
function renamed(ci: Ci) {
  const p = deploy(ci);
  p.name = 'deploy-v2';
  return p;
}

describe('a pipeline that was renamed after the claim', () => {
  scenario('its next job waits', {
    policy: SHORT,
    given: (ci) => acquired(renamed(ci)),
    want: 'live handed-on',
    detail:
      'main/deploy-v2/acquire #1 succeeded, and the job main/deploy-v2/use can still take the lock: its next build would take this claim.',
  });
  scenario('its build failed, and the rule keeps its lock', {
    policy: { ...SHORT, onFailure: 'keep' },
    given: (ci) => acquired(renamed(ci), 'failed'),
    want: 'live kept',
  });
  scenario('its build failed, no job takes its lock, and the rule keeps it', {
    policy: { ...SHORT, onFailure: 'keep' },
    given: (ci) => {
      const p = ci.pipeline('main', 'deploy-v2', {
        resources: ['locks'],
        jobs: [{ name: 'acquire', outputs: ['locks'] }],
      });
      acquired(p, 'failed');
    },
    want: 'live kept',
  });
  scenario('whoever took the claim ended just now', {
    policy: SHORT,
    given: (ci) => {
      const p = renamed(ci);
      acquired(p);
      took(p, 'use', 'failed', { end: ci.at(-1) });
    },
    want: 'live build-just-ended',
  });
  scenario('its build provably failed', {
    policy: SHORT,
    given: (ci) => acquired(renamed(ci), 'failed'),
    want: 'stale build-ended',
  });
  scenario('whoever made the claim under another number, and ended, proves nothing', {
    policy: SHORT,
    given: (ci) => acquired(renamed(ci), 'failed', { name: '7' }),
    want: 'stale timed-out',
    detail:
      'Concourse has no matching build main/deploy/acquire #1; the lock was claimed 30 minutes ago (11:30 UTC); the timeout of 5 minutes has passed.',
  });
  scenario('and another one has its name now, with a build that fits the claim as well', {
    policy: SHORT,
    given: (ci) => {
      acquired(renamed(ci));
      acquired(deploy(ci), 'failed', { outputs: [] });
    },
    want: 'live handed-on',
  });
  scenario('is looked for among resources that a job takes, and only where a lock would be released', {
    policy: SHORT,
    given: (ci) => {
      ci.pipeline('main', 'other', {
        resources: ['locks', { name: 'chat', type: 'slack' }, { name: 'repo', type: 'git' }],
        jobs: [{ name: 'work', inputs: ['locks', 'repo'], outputs: ['chat'] }],
      });
      ci.pipeline('elsewhere', 'other', {
        public: true,
        resources: ['locks'],
        jobs: [{ name: 'w', inputs: ['locks'] }],
      });
    },
    want: 'stale timed-out',
    asked: [
      'teams/main/pipelines/deploy/jobs/acquire/builds/1',
      'teams/main/pipelines/deploy',
      'teams/main/pipelines',
      'resources',
      'jobs',
      'builds?limit=1000',
      'teams/main/pipelines/other/resources/locks/versions?limit=500',
      'teams/elsewhere/pipelines/other/resources/locks/versions?limit=500',
    ],
  });
});
