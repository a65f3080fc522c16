// A lock goes on through any build that succeeded with it, whoever made the claim and however that build ended.
import { describe } from '@jest/globals';
import type { BuildConfig, Ci } from '../../fake-atc/types.ts';
import { acquired, CLAIM, deploy, OTHER_CLAIM, ref, scenario, took } from '../scene.ts';

const SHORT = { staleAfter: 300 };
const BY_HAND = { message: 'manually claim L' };
const has = (commit = CLAIM) => ({ inputs: [{ resource: 'locks', version: ref(commit) }] });

/** `peek` gets the pool without `passed`, and `after` what `peek` has passed. */
const FREELY = {
  resources: ['locks'],
  jobs: [
    { name: 'acquire', outputs: ['locks'] },
    { name: 'peek', inputs: ['locks'] },
    { name: 'after', inputs: [{ resource: 'locks', passed: ['peek'] }], outputs: ['locks'] },
  ],
};

describe('a job behind a taker that got the claim without `passed`, while the claimant failed', () => {
  const peeked = (ci: Ci, taker: BuildConfig = {}) => {
    const p = deploy(ci, FREELY);
    acquired(p, 'failed');
    took(p, 'peek', 'succeeded', taker);
    return p;
  };
  scenario('its next build would take the claim', {
    policy: SHORT,
    given: (ci) => peeked(ci),
    want: 'live handed-on',
    detail:
      'main/deploy/peek #1 succeeded, and the job main/deploy/after can still take the lock: its next build would take this claim.',
  });
  scenario('it is paused', {
    policy: SHORT,
    given: (ci) => {
      const p = peeked(ci);
      p.found('locks', ref(OTHER_CLAIM));
      took(p, 'peek', 'succeeded', { name: '2', ...has(OTHER_CLAIM) });
      p.pauseJob('after');
    },
    want: 'live handed-on',
  });
  scenario('a build of it is pending', {
    policy: SHORT,
    given: (ci) => {
      const p = peeked(ci);
      p.setNextInputs('after', null);
      p.build('after', { status: 'pending' });
    },
    want: 'live handed-on',
  });
  scenario('not behind a taker that failed', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci, FREELY);
      acquired(p, 'failed');
      took(p, 'peek', 'failed');
    },
    want: 'stale build-ended',
  });
  scenario('not once it has had the claim', {
    policy: SHORT,
    given: (ci) => took(peeked(ci), 'after', 'failed'),
    want: 'stale build-ended',
  });
  scenario('in another pipeline', {
    policy: SHORT,
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      const p = ci.pipeline('main', 'other', FREELY);
      took(p, 'peek', 'succeeded');
      p.pauseJob('after');
    },
    want: 'live handed-on',
    detail:
      'main/other/peek #1 succeeded, and the job main/other/after can still take the lock: its next build would take this claim.',
  });
  scenario('in another pipeline, that was set again since with `passed` for the taker', {
    policy: SHORT,
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      const p = ci.pipeline('main', 'other', FREELY);
      took(p, 'peek', 'succeeded');
      p.pauseJob('after');
      const passed = { name: 'peek', inputs: [{ resource: 'locks', passed: ['acquire'] }] };
      p.set({ ...FREELY, jobs: FREELY.jobs.map((job) => (job.name === 'peek' ? passed : job)) });
    },
    want: 'live handed-on',
  });
  scenario('not looked for in a pipeline that had `passed` before the claim was made', {
    policy: SHORT,
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      ci.pipeline('main', 'other', {
        resources: ['locks'],
        jobs: [
          { name: 'acquire', outputs: ['locks'] },
          { name: 'use', inputs: [{ resource: 'locks', passed: ['acquire'] }] },
        ],
      });
    },
    want: 'stale build-ended',
    asked: [
      'teams/main/pipelines/deploy/jobs/acquire/builds/1',
      'builds/1018/resources',
      'teams/main/pipelines/deploy/jobs',
      'teams/main/pipelines/deploy/resources/locks/versions?filter=ref:c1a1c1a1c1a1c1a1c1a1c1a1c1a1c1a1c1a1c1a1',
      'teams/main/pipelines/deploy/resources/locks/versions/1021/input_to',
      'resources',
      'jobs',
      'builds?limit=1000',
      'pipelines',
    ],
  });
  scenario('of a claim by hand', {
    policy: SHORT,
    claim: BY_HAND,
    given: (ci) => {
      const p = ci.pipeline('main', 'other', FREELY);
      took(p, 'peek', 'succeeded');
      p.pauseJob('after');
    },
    want: 'live handed-on',
  });
});

describe('takers in another pipeline that have ended', () => {
  const other = (ci: Ci) => ci.pipeline('main', 'other', FREELY);
  scenario('errored a minute ago', {
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      took(other(ci), 'peek', 'errored', { end: ci.at(-1) });
    },
    want: 'live build-just-ended',
    detail:
      'main/other/peek #1 errored 1 minute ago (11:59 UTC), main/deploy/acquire #1 failed 20 minutes ago (11:40 UTC): its hooks may still run, within the grace of 15 minutes.',
  });
  scenario('failed a minute ago, in a job that was set again without the pool', {
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      const p = other(ci);
      took(p, 'peek', 'failed', { end: ci.at(-1) });
      p.set({ resources: [{ name: 'repo', type: 'git' }], jobs: [{ name: 'peek', inputs: ['repo'] }] });
    },
    want: 'live build-just-ended',
  });
  scenario('errored a minute ago, with its version out of sight', {
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      const p = other(ci);
      took(p, 'peek', 'errored', { end: ci.at(-1) });
      p.rotateCredentials('locks');
    },
    want: 'live build-just-ended',
  });
  scenario('failed long ago, and the rule keeps its environment', {
    policy: { onFailure: 'keep' },
    given: (ci) => {
      acquired(deploy(ci), 'aborted');
      took(other(ci), 'peek', 'failed');
    },
    want: 'live kept',
    detail:
      'main/other/peek #1 failed 10 minutes ago (11:50 UTC), and on_failure is keep; the lock was claimed 30 minutes ago (11:30 UTC).',
  });
  scenario('failed long ago, without such a rule', {
    given: (ci) => {
      acquired(deploy(ci), 'aborted');
      took(other(ci), 'peek', 'failed');
    },
    want: 'stale build-ended',
  });
});

describe('a running build whose job was set again without the pool', () => {
  scenario('still holds what it took', {
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      const p = ci.pipeline('main', 'other', FREELY);
      p.build('peek', has());
      p.set({ resources: [{ name: 'repo', type: 'git' }], jobs: [{ name: 'peek', inputs: ['repo'] }] });
    },
    want: 'live handed-on',
  });
});

describe('where the version is out of sight, the plans of builds that have ended tell who took the claim', () => {
  const hidden = (ci: Ci) => {
    const p = deploy(ci);
    acquired(p);
    return p;
  };
  scenario('the environment of one that failed is kept', {
    policy: { ...SHORT, onFailure: 'keep' },
    given: (ci) => {
      const p = hidden(ci);
      took(p, 'use', 'failed');
      p.rotateCredentials('locks');
    },
    want: 'live kept',
  });
  scenario('the timeout counts from the end of the last one', {
    policy: { staleAfter: 15 * 60 },
    given: (ci) => {
      const p = hidden(ci);
      took(p, 'use', 'failed');
      p.rotateCredentials('locks');
    },
    want: 'live within-timeout',
  });
  scenario('a job behind one that succeeded is paused', {
    policy: SHORT,
    given: (ci) => {
      const p = hidden(ci);
      took(p, 'use', 'succeeded');
      p.pauseJob('free');
      p.rotateCredentials('locks');
    },
    want: 'live handed-on',
  });
  scenario('one that errored a minute ago may still be at work', {
    policy: SHORT,
    given: (ci) => {
      const p = hidden(ci);
      took(p, 'use', 'errored', { end: ci.at(-1) });
      p.rotateCredentials('locks');
    },
    want: 'live build-just-ended',
  });
});

describe('a job that waits, and no answer tells for how long', () => {
  const TWO_INPUTS = {
    resources: ['locks', { name: 'repo', type: 'git' }],
    jobs: [
      { name: 'acquire', outputs: ['locks'] },
      { name: 'use', inputs: [{ resource: 'locks', passed: ['acquire'] }, { resource: 'repo' }] },
    ],
  };
  scenario('for another input', {
    policy: SHORT,
    given: (ci) => acquired(deploy(ci, TWO_INPUTS)),
    want: 'live handed-on',
    detail:
      'main/deploy/acquire #1 succeeded, and the job main/deploy/use can still take the lock: it waits for another of its inputs.',
  });
  scenario('for another input, and has had the claim', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci, TWO_INPUTS);
      acquired(p);
      took(p, 'use', 'failed');
    },
    want: 'stale timed-out',
  });
  scenario('for another input, no longer than handover_timeout', {
    policy: { ...SHORT, handoverTimeout: 19 * 60 },
    given: (ci) => acquired(deploy(ci, TWO_INPUTS)),
    want: 'stale timed-out',
  });
  scenario('for another input, within handover_timeout', {
    policy: { ...SHORT, handoverTimeout: 21 * 60 },
    given: (ci) => acquired(deploy(ci, TWO_INPUTS)),
    want: 'live handed-on',
  });

  /** Two builds ran side by side; the older one was the second to get a lock, and neither has been taken over. */
  const laterClaimOfAnOlderBuild = (ci: Ci, config: typeof EVERY | object = {}) => {
    const p = deploy(ci, config);
    const life = { status: 'succeeded', start: ci.at(-40), end: ci.at(-20) } as const;
    p.found('locks', ref('b'.repeat(40)), ref(CLAIM), ref(OTHER_CLAIM));
    p.build('acquire', {
      ...life,
      name: '0',
      outputs: [{ resource: 'locks', version: ref('b'.repeat(40)) }],
    });
    took(p, 'use', 'succeeded', has('b'.repeat(40)));
    p.build('acquire', { ...life, name: '5', outputs: [{ resource: 'locks', version: ref(OTHER_CLAIM) }] });
    p.build('acquire', { ...life, name: '1', outputs: [{ resource: 'locks', version: ref(CLAIM) }] });
    return p;
  };
  const LIMITED = { ...SHORT, handoverTimeout: 60 };
  scenario('for longer than handover_timeout, with a build pending: that one takes it', {
    policy: LIMITED,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      p.build('use', { status: 'pending' });
    },
    want: 'live handed-on',
  });
  scenario('for longer than handover_timeout, with a build that has ended just now', {
    policy: LIMITED,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      p.build('use', { status: 'failed', end: ci.at(-1) });
    },
    want: 'live handed-on',
  });
  scenario('for longer than handover_timeout, though its next build would take the claim', {
    policy: LIMITED,
    given: (ci) => acquired(deploy(ci)),
    want: 'stale timed-out',
    detail:
      'main/deploy/acquire #1 succeeded 20 minutes ago (11:40 UTC); the lock was claimed 30 minutes ago (11:30 UTC); the job main/deploy/use can still take the lock: its next build would take this claim, but the handover_timeout of 1 minute has passed; the timeout of 5 minutes has passed.',
  });
  const EVERY = {
    resources: ['locks'],
    jobs: [
      { name: 'acquire', outputs: ['locks'] },
      { name: 'use', inputs: [{ resource: 'locks', passed: ['acquire'], version: 'every' as const }] },
    ],
  };
  const older = (ci: Ci) => {
    const p = deploy(ci, EVERY);
    const before = 'b'.repeat(40);
    p.build('acquire', {
      name: '0',
      status: 'succeeded',
      outputs: [{ resource: 'locks', version: ref(before) }],
    });
    took(p, 'use', 'succeeded', has(before));
    const makes = (name: string, commit: string) =>
      p.build('acquire', {
        name,
        status: 'succeeded',
        start: ci.at(-40),
        end: ci.at(-20),
        outputs: [{ resource: 'locks', version: ref(commit) }],
      });
    makes('9', OTHER_CLAIM);
    makes('1', CLAIM);
    return p;
  };
  scenario('behind older claims, with `version: every`', {
    policy: SHORT,
    given: (ci) => older(ci),
    want: 'live handed-on',
    detail:
      'main/deploy/acquire #1 succeeded, and the job main/deploy/use can still take the lock: its next build takes a claim that was passed on earlier, and this one can follow, although its next build would take another claim.',
  });
  scenario('behind a claim that was made later, by a build that is older, with `version: every`', {
    policy: SHORT,
    given: (ci) => laterClaimOfAnOlderBuild(ci, EVERY),
    want: 'live handed-on',
  });
  scenario('not behind one that was made earlier, by a build that is newer, where the newest one is taken', {
    policy: SHORT,
    claim: { message: 'main/deploy/acquire build 5 claiming: L', commit: OTHER_CLAIM },
    given: (ci) => laterClaimOfAnOlderBuild(ci),
    want: 'stale timed-out',
  });
  scenario('not when another version is pinned', {
    policy: SHORT,
    given: (ci) => older(ci).pin('locks', ref(OTHER_CLAIM)),
    want: 'stale timed-out',
    detail:
      'main/deploy/acquire #1 succeeded 20 minutes ago (11:40 UTC); the lock was claimed 30 minutes ago (11:30 UTC); another version of main/deploy/locks is pinned, so no job takes this claim; the timeout of 5 minutes has passed.',
  });
  scenario('not when a person has disabled the version', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      p.disable('locks', ref(CLAIM));
    },
    want: 'stale timed-out',
    detail:
      'main/deploy/acquire #1 succeeded 20 minutes ago (11:40 UTC); the lock was claimed 30 minutes ago (11:30 UTC); this version of main/deploy/locks is disabled, so no job takes it; the timeout of 5 minutes has passed.',
  });
});

describe('a job whose next inputs the ATC fails at', () => {
  const renamedInput = (ci: Ci) => {
    const p = deploy(ci);
    acquired(p);
    p.pauseJob('use');
    p.set({
      resources: ['locks'],
      jobs: [
        { name: 'acquire', outputs: ['locks'] },
        { name: 'use', inputs: [{ name: 'lock', resource: 'locks', passed: ['acquire'] }] },
      ],
    });
    return p;
  };
  scenario('is paused, and waits as before', {
    policy: SHORT,
    isRetried: true,
    given: (ci) => renamedInput(ci),
    want: 'live handed-on',
  });
  scenario('may have a build that takes the claim again', {
    isRetried: true,
    policy: SHORT,
    given: (ci) => {
      const p = renamedInput(ci);
      took(p, 'use', 'failed');
      p.build('use', { status: 'pending' });
    },
    want: 'undecided concourse-unreachable',
    detail:
      'URL answers 500 to a request for the next inputs of main/deploy/use, as it does after an input of a paused job was renamed, so who has the lock is not known.',
  });
  scenario('keeps no other lock', {
    given: (ci) => {
      const p = renamedInput(ci);
      p.build('acquire', {
        name: '2',
        status: 'failed',
        start: ci.at(-40),
        end: ci.at(-20),
        outputs: [{ resource: 'locks', version: ref(OTHER_CLAIM) }],
      });
    },
    claim: { message: 'main/deploy/acquire build 2 claiming: L', commit: OTHER_CLAIM },
    want: 'stale build-ended',
  });
});

describe('a team that was renamed', () => {
  scenario('its pipeline, whose next job is manual, is found in all that the account can see', {
    policy: SHORT,
    ci: { accounts: [{ username: 'pool-boy', roles: { main: 'viewer', platform: 'viewer' } }] },
    claim: { message: 'core/deploy/acquire build 1 claiming: L' },
    given: (ci) => {
      const p = ci.pipeline('core', 'deploy', {
        resources: ['locks'],
        jobs: [
          { name: 'acquire', outputs: ['locks'] },
          { name: 'use', inputs: [{ resource: 'locks', passed: ['acquire'] }] },
        ],
      });
      acquired(p);
      ci.renameTeam('core', 'platform');
      const account = ci.accounts[0];
      if (account !== undefined) account.roles = { main: 'viewer', platform: 'viewer' };
    },
    want: 'live handed-on',
    detail:
      'platform/deploy/acquire #1 succeeded, and the job platform/deploy/use can still take the lock: its next build would take this claim.',
  });
});
