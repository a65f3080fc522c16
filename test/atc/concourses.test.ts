import { describe, expect, test } from '@jest/globals';
import { mergePolicy, type PolicyKeys } from '../../src/core/policy.ts';
import { judgeClaim } from '../../src/sweep/survey/judge-claim.ts';
import type { Ci } from '../fake-atc/types.ts';
import {
  acquired,
  askedOf,
  byUrl,
  CLAIM,
  deploy,
  type LockOptions,
  lock,
  NOW,
  newCi,
  OTHER_CLAIM,
  onStages,
  ref,
  type Stage,
  type StageOptions,
  took,
} from './scene.ts';

interface Case extends StageOptions {
  readonly policy?: PolicyKeys;
  /** The two Concourses are at a.example.com and b.example.com. */
  readonly given: (a: Ci, b: Ci) => unknown;
  readonly claim?: LockOptions;
  readonly want: string;
  readonly detail?: string;
  /** How many requests went to each. */
  readonly requests?: readonly [number, number];
  readonly isDown?: 'b';
}

const SHORT = { staleAfter: 300 };
const ON = (host: string) => byUrl(`https://${host}/teams/main/pipelines/deploy/jobs/acquire/builds/1`);

function onTwo(
  name: string,
  { policy = {}, given, claim = {}, want, detail, requests, isDown, ...options }: Case,
) {
  test(name, async () => {
    const cis = [
      newCi({ externalUrl: 'https://a.example.com' }),
      newCi({ externalUrl: 'https://b.example.com' }),
    ] as const;
    given(...cis);
    await onStages(cis, options, async ([a, b]) => {
      if (a === undefined || b === undefined) throw new Error('two stages were set');
      await a.concourses.begin();
      a.atc.forget();
      b.atc.forget();
      if (isDown === 'b') b.atc.answer('/api/v1/', { kind: 'status', status: 500 });
      const { verdict } = await judgeClaim(
        a.concourses,
        lock(claim),
        mergePolicy({ staleAfter: 3600 }, policy),
        NOW,
      );
      expect(`${verdict.verdict} ${verdict.reason}`).toBe(want);
      if (detail !== undefined) expect(verdict.detail.replaceAll(b.atc.url, 'URL-B')).toBe(detail);
      if (requests !== undefined) expect([askedOf(a.atc).length, askedOf(b.atc).length]).toEqual(requests);
    });
  });
}

describe('several Concourses', () => {
  onTwo('a claim without a URL is alive on any of them', {
    given: (a, b) => {
      acquired(deploy(a), 'failed');
      acquired(deploy(b), 'started', { outputs: [] });
    },
    want: 'live build-running',
    requests: [1, 1],
  });
  onTwo('a claim with a URL is looked up on the one that it names', {
    given: (a, b) => {
      acquired(deploy(a), 'started', { outputs: [] });
      acquired(deploy(b), 'started', { outputs: [] });
    },
    claim: ON('b.example.com'),
    want: 'live build-running',
    requests: [0, 1],
  });
  onTwo('a claim with a URL ended where that names it; an equal name elsewhere says nothing', {
    given: (a, b) => {
      acquired(deploy(a), 'failed');
      acquired(deploy(b), 'started', { outputs: [] });
    },
    claim: ON('a.example.com'),
    want: 'stale build-ended',
  });
  onTwo('the last look goes to all of them: the lock was taken over on the other one', {
    given: (a, b) => {
      acquired(deploy(a), 'failed');
      took(deploy(b), 'use', 'started');
    },
    claim: ON('a.example.com'),
    want: 'live handed-on',
  });
  onTwo('a claim without a URL is dead only by proof: an output on one of them', {
    given: (a, b) => {
      acquired(deploy(a), 'succeeded', { outputs: [] });
      acquired(deploy(b), 'failed');
    },
    want: 'stale build-ended',
  });
  onTwo('without proof on any of them the timeout decides', {
    given: (a, b) => {
      acquired(deploy(a), 'failed', { outputs: [] });
      acquired(deploy(b), 'failed', { outputs: [{ resource: 'locks', version: ref(OTHER_CLAIM) }] });
    },
    want: 'live within-timeout',
  });
  onTwo('as long as nothing proves which build claimed, a job that waits on the other one keeps the lock', {
    policy: SHORT,
    given: (a, b) => {
      acquired(deploy(a), 'failed', { outputs: [] });
      const p = deploy(b);
      acquired(p, 'succeeded', { outputs: [] });
      p.pauseJob('use');
    },
    want: 'live handed-on',
    detail:
      'main/deploy/acquire #1 succeeded, and the job main/deploy/use can still take the lock: it is paused.',
  });
  onTwo('but not where the claimant has provably ended on the first', {
    policy: SHORT,
    given: (a, b) => {
      acquired(deploy(a), 'failed');
      const p = deploy(b);
      acquired(p, 'succeeded', { outputs: [] });
      p.pauseJob('use');
    },
    want: 'stale build-ended',
  });
  onTwo('as long as nothing proves which build claimed, the rule of the other one keeps the lock', {
    policy: { ...SHORT, onFailure: 'keep' },
    given: (a, b) => {
      acquired(deploy(a), 'succeeded', { outputs: [] });
      acquired(deploy(b), 'failed', { outputs: [] });
    },
    want: 'live kept',
  });
  onTwo('as long as nothing proves which build claimed, the hooks of the other one may run', {
    policy: SHORT,
    given: (a, b) => {
      acquired(deploy(a), 'failed', { outputs: [] });
      acquired(deploy(b), 'errored', { outputs: [], end: NOW - 60 });
    },
    want: 'live build-just-ended',
  });
  onTwo('as long as nothing proves which build claimed, the timeout decides, and says so', {
    policy: SHORT,
    given: (a, b) => {
      acquired(deploy(a), 'failed', { outputs: [], end: NOW - 25 * 60 });
      acquired(deploy(b), 'aborted', { outputs: [] });
    },
    want: 'stale timed-out',
    detail:
      'main/deploy/acquire #1 aborted 20 minutes ago (11:40 UTC), main/deploy/acquire #1 failed 25 minutes ago (11:35 UTC), but nothing proves which of them made the claim; the lock was claimed 30 minutes ago (11:30 UTC); the timeout of 5 minutes has passed.',
  });
  onTwo('what waits on the other one keeps the lock', {
    policy: SHORT,
    given: (_a, b) => acquired(deploy(b)),
    want: 'live handed-on',
  });
  onTwo('a taker on the other one keeps the lock', {
    policy: SHORT,
    given: (a, b) => {
      acquired(deploy(a), 'failed', { outputs: [] });
      took(deploy(b), 'use', 'started');
    },
    want: 'live handed-on',
  });
  onTwo('a URL that is on none of them: nobody is asked', {
    given: (a) => acquired(deploy(a), 'failed'),
    claim: ON('elsewhere.example.com:8443'),
    want: 'undecided other-concourse',
    detail:
      'main/deploy/acquire #1 ran on the Concourse at elsewhere.example.com:8443, which is not configured; add it to concourse, or to former_urls if it moved.',
    requests: [0, 0],
  });
  onTwo('another port is another Concourse', {
    given: (a) => acquired(deploy(a), 'failed'),
    claim: ON('a.example.com:8443'),
    want: 'undecided other-concourse',
    requests: [0, 0],
  });
  onTwo('a URL that names no build, on none of them', {
    policy: SHORT,
    given: () => {},
    claim: { message: 'claiming: L\nBuild URL: https://elsewhere.example.com/somewhere' },
    want: 'undecided other-concourse',
    requests: [0, 0],
  });
  onTwo('one gives no answer, and the other one knows that the build runs', {
    config: () => ({ whenUnreachable: 'keep' }),
    given: (a) => acquired(deploy(a), 'started'),
    isDown: 'b',
    want: 'live build-running',
  });
  onTwo('one gives no answer, and the other one proves nothing against it', {
    config: () => ({ whenUnreachable: 'keep' }),
    given: (a) => acquired(deploy(a), 'failed'),
    isDown: 'b',
    want: 'undecided concourse-unreachable',
    detail:
      "Concourse gave no usable answer: URL-B answers 500 to /api/v1/teams/main/pipelines/deploy/jobs/acquire/builds/1: check the ATC's log.",
  });
  onTwo('one gives no answer to the last look: it may know a holder', {
    config: () => ({ whenUnreachable: 'keep' }),
    given: (a) => acquired(deploy(a), 'failed'),
    claim: ON('a.example.com'),
    isDown: 'b',
    want: 'undecided concourse-unreachable',
  });
  onTwo('none gives an answer: a claim by hand within its timeout does not need one', {
    config: () => ({ whenUnreachable: 'keep', login: { kind: 'token', token: 'expired' } }),
    given: () => {},
    claim: { message: 'manually claim L' },
    want: 'live within-timeout',
  });
  onTwo('none gives an answer: a claim by hand past its timeout needs the last look', {
    policy: SHORT,
    config: () => ({ whenUnreachable: 'keep', login: { kind: 'token', token: 'expired' } }),
    given: () => {},
    claim: { message: 'manually claim L' },
    want: 'undecided concourse-unreachable',
  });
  onTwo('none gives an answer: where a URL belongs is not known then', {
    config: () => ({ whenUnreachable: 'keep', login: { kind: 'token', token: 'expired' } }),
    given: () => {},
    claim: ON('a.example.com'),
    want: 'undecided concourse-unreachable',
  });
  onTwo('two of them behind one address: their URL proves nothing', {
    config: () => ({ formerUrls: ['https://ci.example.com'] }),
    given: (a) => acquired(deploy(a), 'failed', { outputs: [] }),
    claim: ON('ci.example.com'),
    want: 'live within-timeout',
  });
  onTwo('a former URL is one of its own', {
    config: () => ({ formerUrls: ['https://ci.example.com'] }),
    given: (_a, b) => acquired(deploy(b), 'started'),
    claim: ON('ci.example.com'),
    want: 'live build-running',
  });
  onTwo('our own build on the one is another build on the other', {
    ownBuild: ({ url }) => ({ id: 555, externalUrl: url }),
    given: (a, b) => {
      acquired(deploy(a), 'failed');
      took(deploy(b), 'use', 'started', { id: 555 });
    },
    want: 'live handed-on',
  });
  onTwo('a taker that ended is named once', {
    policy: { ...SHORT, onSuccess: 'timeout' },
    given: (a) => {
      const p = deploy(a);
      acquired(p, 'succeeded', { outputs: [{ resource: 'locks', version: ref(CLAIM) }] });
      took(p, 'use', 'failed');
    },
    want: 'stale timed-out',
    detail:
      'main/deploy/use #1 failed 10 minutes ago (11:50 UTC), main/deploy/acquire #1 succeeded 20 minutes ago (11:40 UTC); the lock was claimed 30 minutes ago (11:30 UTC); the timeout of 5 minutes has passed.',
  });
});

test('what the second one lists beyond all bounds is not known', async () => {
  const cis = [newCi(), newCi()];
  acquired(deploy(cis[0] as Ci), 'failed');
  const busy = (cis[1] as Ci).pipeline('main', 'busy', { jobs: [{ name: 'busy' }] });
  for (let i = 0; i < 1000; i += 1) busy.build('busy', { status: 'succeeded' });
  await onStages(cis, { tools: { bounds: { pages: 1 } } }, async ([stage]) => {
    const { concourses } = stage as Stage;
    await concourses.begin();
    const { verdict } = await judgeClaim(concourses, lock(), mergePolicy({}), NOW);
    expect(verdict.reason).toBe('concourse-unreachable');
  });
});

test('the earliest of their clocks counts: with it a claim looks younger, never older', async () => {
  const cis = [newCi({ now: NOW + 100 }), newCi({ now: NOW - 100 }), newCi()];
  await onStages(cis, {}, async ([stage]) => {
    await stage?.concourses.begin();
    expect(stage?.concourses.now()).toBe(NOW - 100);
  });
});
