import { describe, expect, test } from '@jest/globals';
import { mergePolicy } from '../../../src/core/policy.ts';
import { judgeClaim } from '../../../src/sweep/survey/judge-claim.ts';
import type { Atc } from '../../fake-atc/start-atc.ts';
import {
  acquired,
  askedOf,
  CLAIM,
  deploy,
  lock,
  NOW,
  newCi,
  OTHER_CLAIM,
  onStage,
  ref,
  scenario,
  took,
} from '../scene.ts';

const SHORT = { staleAfter: 300 };
const BY_HAND = { message: 'manually claim L' };
const OTHER = { resources: ['locks'], jobs: [{ name: 'work', inputs: ['locks'] }] };
/** The pages of the list of all builds, without what is asked for across the cuts between them. */
const pagesOf = (atc: Atc) => atc.lines(/GET \/api\/v1\/builds\?(?!.*from=)/);
const has = (commit = CLAIM) => ({ inputs: [{ resource: 'locks', version: ref(commit) }] });

describe('the last look, before any lock is called stale', () => {
  scenario('a claim by hand, whose timeout has passed, that nobody has', {
    policy: SHORT,
    given: (ci) => acquired(deploy(ci), 'started', { outputs: [] }),
    claim: BY_HAND,
    want: 'stale timed-out',
    detail: 'Claimed by hand by Ada 30 minutes ago (11:30 UTC); the timeout of 5 minutes has passed.',
  });
  scenario('a build that was aborted before it started did nothing, and is not asked about', {
    policy: SHORT,
    given: (ci) => deploy(ci).build('acquire', { status: 'aborted', start: null, end: ci.at(-0.5) }),
    claim: BY_HAND,
    want: 'stale timed-out',
    asked: [
      'builds?limit=1000',
      'jobs',
      'resources',
      'teams/main/pipelines/deploy/resources/locks/versions?limit=500',
    ],
  });
  scenario('a claim by hand, whose timeout has not passed, costs no request', {
    given: (ci) => acquired(deploy(ci), 'started'),
    claim: BY_HAND,
    want: 'live within-timeout',
    asked: [],
  });
  scenario('a claim by hand that a build took', {
    policy: SHORT,
    given: (ci) => ci.pipeline('main', 'other', OTHER).build('work', has()),
    claim: BY_HAND,
    want: 'live handed-on',
  });
  scenario('a claim without an owner that a running build made', {
    policy: SHORT,
    given: (ci) => acquired(deploy(ci), 'started'),
    claim: { message: 'claiming: L' },
    want: 'live build-running',
  });
  scenario('a provably dead claimant, and a taker in another pipeline', {
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      ci.pipeline('main', 'other', OTHER).build('work', has());
    },
    want: 'live handed-on',
    detail:
      'main/other/work #1 took the lock over from main/deploy/acquire #1 and is running, started 10 minutes ago (11:50 UTC).',
  });
  scenario('a taker in another pipeline that calls the type by another name', {
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      ci.pipeline('main', 'other', { ...OTHER, resources: [{ name: 'locks', type: 'locks-of-ours' }] }).build(
        'work',
        has(),
      );
    },
    want: 'live handed-on',
  });
  scenario('a taker in another instance', {
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      ci.pipeline('main', 'deploy', { ...OTHER, instanceVars: { n: 2 } }).build('work', has());
    },
    want: 'live handed-on',
  });
  scenario('a taker in a public pipeline of another team', {
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      ci.pipeline('others', 'other', { ...OTHER, public: true }).build('work', has());
    },
    want: 'live handed-on',
  });
  scenario('the second of two running builds of a job: a list of jobs shows the oldest only', {
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      const p = ci.pipeline('main', 'other', OTHER);
      p.build('work', has(OTHER_CLAIM));
      p.build('work', has());
    },
    want: 'live handed-on',
  });
  scenario('a running build behind a pending one', {
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      const p = ci.pipeline('main', 'other', OTHER);
      p.build('work', { status: 'pending' });
      p.build('work', has());
    },
    want: 'live handed-on',
  });
  scenario('a rerun of an old build', {
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      const p = ci.pipeline('main', 'other', OTHER);
      const old = p.build('work', { status: 'failed', ...has() });
      for (let i = 0; i < 150; i += 1) p.build('work', { status: 'succeeded' });
      p.build('work', { status: 'started', ...has(OTHER_CLAIM) });
      p.build('work', { rerunOf: old, ...has() });
    },
    want: 'live handed-on',
  });
  scenario(
    'a rerun of an old build, behind a running build of its job and far back in the list of all builds',
    {
      given: (ci) => {
        acquired(deploy(ci), 'failed');
        const p = ci.pipeline('main', 'other', { ...OTHER, jobs: [...OTHER.jobs, { name: 'busy' }] });
        const old = p.build('work', { status: 'failed', ...has() });
        p.build('work', { status: 'started', ...has(OTHER_CLAIM) });
        const long = ci.at(-60 * 24 * 30);
        for (let i = 0; i < 1100; i += 1)
          p.build('busy', { status: 'succeeded', start: long, end: long + 60 });
        p.build('work', { rerunOf: old, ...has() });
      },
      want: 'live handed-on',
    },
  );
  scenario('a taker in a job that was removed from its pipeline', {
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      const p = ci.pipeline('main', 'other', OTHER);
      p.build('work', has());
      p.removeJob('work');
    },
    want: 'live handed-on',
  });
  scenario('a taker in a pipeline that was archived while it ran', {
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      const p = ci.pipeline('main', 'other', OTHER);
      p.build('work', has());
      p.archive();
    },
    want: 'live handed-on',
  });
  scenario('a one-off build of a pipeline', {
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      ci.oneOff('main', { pipeline: ci.pipeline('main', 'other', OTHER), ...has() });
    },
    want: 'live handed-on',
  });
  scenario('a one-off build that shows its claim in its plan only', {
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      ci.oneOff('main', {
        plan: { plan: { do: [{ get: { name: 'l', type: 'pool', version: ref(CLAIM) } }] } },
      });
    },
    want: 'live handed-on',
  });
  scenario('a taker whose credentials were rotated shows its claim in its plan', {
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      const p = ci.pipeline('main', 'other', OTHER);
      p.build('work', has());
      p.rotateCredentials('locks');
    },
    want: 'live handed-on',
  });
  scenario('the plan of a taker out of sight may not be read: the lock is left alone', {
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      const p = ci.pipeline('others', 'other', { ...OTHER, public: true });
      p.build('work', has());
      p.rotateCredentials('locks');
    },
    want: 'undecided forbidden',
    detail:
      'The account pool-boy is not permitted to view others/other/work #1 on URL, which may hold the lock: give it the role viewer in team others.',
  });
  scenario(
    'of a job that touches built-in types only no list is asked for, but what runs is read: the job may have been set again',
    {
      given: (ci) => {
        acquired(deploy(ci), 'failed');
        ci.pipeline('main', 'other', {
          resources: [
            { name: 'repo', type: 'git' },
            { name: 'every-day', type: 'time' },
          ],
          jobs: [{ name: 'test', inputs: ['repo', 'every-day'] }],
        }).build('test', {});
      },
      want: 'stale build-ended',
      requests: 10,
    },
  );
  scenario('a build runs whose job was set again without the pool, and what it took is out of sight', {
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      const other = ci.pipeline('main', 'other', OTHER);
      other.build('work', { start: ci.at(-25), ...has() });
      other.set({ resources: ['locks'], jobs: [{ name: 'work' }] });
      other.rotateCredentials('locks');
    },
    want: 'live handed-on',
  });
  scenario('our own build has the claim as an input: it is there to look', {
    ownBuild: ({ url }) => ({ id: 555, externalUrl: url }),
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      ci.pipeline('main', 'other', OTHER).build('work', { id: 555, ...has() });
    },
    want: 'stale build-ended',
  });
  scenario('our own build is known by the external URL of its ATC', {
    ownBuild: () => ({ id: 555, externalUrl: 'https://ci.example.com' }),
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      ci.pipeline('main', 'other', OTHER).build('work', { id: 555, ...has() });
    },
    want: 'stale build-ended',
  });
  scenario('a build of our number is not ours where only a loopback address says so', {
    ci: { externalUrl: 'http://127.0.0.1:8080' },
    ownBuild: () => ({ id: 555, externalUrl: 'http://127.0.0.1:8080' }),
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      ci.pipeline('main', 'other', OTHER).build('work', { id: 555, ...has() });
    },
    want: 'live handed-on',
  });
  scenario('a build that has ended with the claim holds it no more', {
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      ci.pipeline('main', 'other', OTHER).build('work', { status: 'failed', ...has() });
    },
    want: 'stale build-ended',
  });
  for (const limited of [501, 503] as const) {
    scenario(`the operator limits the list of jobs (${limited}): the pipelines are asked one by one`, {
      ci: { jobsLimited: limited },
      given: (ci) => {
        acquired(deploy(ci), 'failed');
        ci.pipeline('main', 'other', { ...OTHER, instanceVars: { n: 2 } }).build('work', has());
      },
      want: 'live handed-on',
    });
  }
});

describe('the last look', () => {
  test('says that the list of jobs is limited, once in a run', async () => {
    const ci = newCi({ jobsLimited: 503 });
    acquired(deploy(ci), 'failed');
    await onStage(ci, {}, async ({ concourses, logged }) => {
      for (const options of [{}, { at: -60 }, BY_HAND]) {
        await concourses.begin();
        await judgeClaim(concourses, lock(options), mergePolicy(SHORT), NOW);
        await judgeClaim(concourses, lock({ at: -90, ...BY_HAND }), mergePolicy(SHORT), NOW);
      }
      expect(logged).toEqual([
        'The operator of Concourse limits /api/v1/jobs: asking for the jobs of each pipeline instead.\n',
      ]);
    });
  });

  test('is taken once for all locks of a judgement, and anew in the next', async () => {
    const ci = newCi();
    const p = deploy(ci);
    const other = ci.pipeline('main', 'other', OTHER);
    const claims = ['1', '2', '3'].map((name) => {
      const commit = name.repeat(40);
      acquired(p, 'failed', { name, outputs: [{ resource: 'locks', version: ref(commit) }] });
      return lock({ commit, message: `main/deploy/acquire build ${name} claiming: L` });
    });
    const running = other.build('work', has('1'.repeat(40)));
    await onStage(ci, {}, async ({ concourses, atc }) => {
      const judgeAll = async () => {
        await concourses.begin();
        atc.forget();
        const judged = await Promise.all(
          claims.map((claim) => judgeClaim(concourses, claim, mergePolicy({}), NOW)),
        );
        return judged.map(({ verdict }) => verdict.reason);
      };
      expect(await judgeAll()).toEqual(['handed-on', 'build-ended', 'build-ended']);
      expect(askedOf(atc).filter((line) => !line.startsWith('teams/main/pipelines/deploy'))).toEqual([
        expect.stringMatching(/^builds\/\d+\/resources$/),
        expect.stringMatching(/^builds\/\d+\/resources$/),
        expect.stringMatching(/^builds\/\d+\/resources$/),
        'resources',
        'jobs',
        'builds?limit=1000',
        `builds/${running.id}/resources`,
        'pipelines',
        'teams/main/pipelines/other/resources/locks/versions?limit=500',
      ]);
      expect(new Set(atc.lines()).size).toBe(atc.lines().length);
      running.status = 'failed';
      running.end = NOW - 1000;
      expect(await judgeAll()).toEqual(['build-ended', 'build-ended', 'build-ended']);
      expect(atc.lines('/jobs/acquire/builds/')).toEqual([]);
    });
  });

  test('goes through all builds, page by page, as far back as the oldest claim needs', async () => {
    const ci = newCi();
    const p = ci.pipeline('main', 'other', OTHER);
    p.build('work', { start: NOW - 3 * 3600, ...has() });
    p.removeJob('work');
    p.addJob({ name: 'busy' });
    for (let i = 0; i < 2500; i += 1)
      p.build('busy', { status: 'succeeded', start: NOW - 3600, end: NOW - 3000 });
    await onStage(ci, {}, async ({ concourses, atc }) => {
      await concourses.begin();
      const { verdict } = await judgeClaim(concourses, lock(BY_HAND), mergePolicy(SHORT), NOW);
      expect(verdict.reason).toBe('handed-on');
      expect(pagesOf(atc)).toHaveLength(3);
    });
  });

  test('goes further back for an older claim that is judged after a younger one', async () => {
    const ci = newCi();
    const day = 24 * 60;
    const p = ci.pipeline('main', 'other', OTHER);
    p.build('work', { start: ci.at(-9 * day), ...has() });
    p.removeJob('work');
    p.addJob({ name: 'busy' });
    const end = ci.at(-8 * day + 1);
    for (let i = 0; i < 1000; i += 1) p.build('busy', { status: 'succeeded', start: ci.at(-8 * day), end });
    await onStage(ci, {}, async ({ concourses, atc }) => {
      await concourses.begin();
      const young = lock({ ...BY_HAND, commit: OTHER_CLAIM });
      const old = lock({ ...BY_HAND, at: -10 * day });
      const first = await judgeClaim(concourses, young, mergePolicy(SHORT), NOW);
      const second = await judgeClaim(concourses, old, mergePolicy(SHORT), NOW);
      expect([first.verdict.reason, second.verdict.reason]).toEqual(['timed-out', 'handed-on']);
      expect(pagesOf(atc)).toHaveLength(2);
    });
  });

  test('that could not be read to its end for an old claim is taken anew for a younger one', async () => {
    const ci = newCi();
    const p = ci.pipeline('main', 'other', { jobs: [{ name: 'busy' }] });
    const end = ci.at(-3 * 24 * 60);
    for (let i = 0; i < 1000; i += 1) p.build('busy', { status: 'succeeded', start: end - 60, end });
    await onStage(ci, { tools: { bounds: { pages: 1 } } }, async ({ concourses }) => {
      await concourses.begin();
      const old = await judgeClaim(concourses, lock({ ...BY_HAND, at: -9000 }), mergePolicy(SHORT), NOW);
      const young = await judgeClaim(concourses, lock(BY_HAND), mergePolicy(SHORT), NOW);
      expect([old.verdict.reason, young.verdict.reason]).toEqual(['concourse-unreachable', 'timed-out']);
    });
  });

  test('goes no further back than a build can wait, where it is known which build claimed', async () => {
    const ci = newCi();
    acquired(deploy(ci), 'failed');
    const p = ci.pipeline('main', 'other', OTHER);
    const end = ci.at(-2 * 24 * 60 + 1);
    for (let i = 0; i < 1500; i += 1) p.build('work', { status: 'succeeded', start: end - 60, end });
    await onStage(ci, {}, async ({ concourses, atc }) => {
      await concourses.begin();
      const { verdict } = await judgeClaim(concourses, lock(), mergePolicy(SHORT), NOW);
      expect(verdict.reason).toBe('build-ended');
      expect(pagesOf(atc)).toHaveLength(1);
      const unknown = lock({ message: 'claiming: L', commit: OTHER_CLAIM });
      expect((await judgeClaim(concourses, unknown, mergePolicy(SHORT), NOW)).verdict.reason).toBe(
        'timed-out',
      );
      expect(pagesOf(atc)).toHaveLength(2);
    });
  });

  test('goes no further back than a build can last', async () => {
    const ci = newCi();
    const p = ci.pipeline('main', 'other', OTHER);
    const long = NOW - 30 * 86_400;
    for (let i = 0; i < 1500; i += 1) p.build('work', { status: 'succeeded', start: long, end: long + 60 });
    await onStage(ci, {}, async ({ concourses, atc }) => {
      await concourses.begin();
      const { verdict } = await judgeClaim(concourses, lock(BY_HAND), mergePolicy(SHORT), NOW);
      expect(verdict.reason).toBe('timed-out');
      expect(pagesOf(atc)).toHaveLength(1);
    });
  });

  test('a resource of which nothing is known may be a pool', async () => {
    const ci = newCi();
    acquired(deploy(ci), 'failed');
    ci.pipeline('main', 'other', OTHER).build('work', has());
    await onStage(ci, {}, async ({ concourses, atc }) => {
      await concourses.begin();
      atc.answer(/GET \/api\/v1\/resources$/, { kind: 'status', status: 200, body: '[]' });
      const { verdict } = await judgeClaim(concourses, lock(), mergePolicy({}), NOW);
      expect(verdict.reason).toBe('handed-on');
    });
  });

  test('a build that starts with the claim while the others are looked at is seen', async () => {
    const ci = newCi();
    acquired(deploy(ci), 'failed');
    const p = ci.pipeline('main', 'other', OTHER);
    await onStage(ci, {}, async ({ concourses, atc }) => {
      await concourses.begin();
      atc.onRequest('GET /api/v1/builds?', () => void took(p, 'work', 'started'), { times: 1 });
      const { verdict } = await judgeClaim(concourses, lock(), mergePolicy({}), NOW);
      expect(verdict.reason).toBe('handed-on');
    });
  });
});
