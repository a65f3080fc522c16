// What judging costs: the README states these numbers.
import { describe, expect, test } from '@jest/globals';
import { mergePolicy, type PolicyKeys } from '../../src/core/policy.ts';
import { judgeClaim } from '../../src/sweep/survey/judge-claim.ts';
import type { Ci } from '../fake-atc/types.ts';
import { acquired, askedOf, deploy, lock, NOW, newCi, OTHER_CLAIM, onStage, ref, took } from './scene.ts';

const JOBS_AND_BUILDS = 2; // the two lists that show many builds

/** The last look reads the lists that have shown many builds once more: it must see what has begun since. */
function repeated(asked: readonly string[]): string[] {
  const twice = asked.filter((line, at) => asked.indexOf(line) !== at);
  return twice.filter((line) => line !== 'jobs' && !line.startsWith('builds?'));
}

/** So few that each build is requested by itself. */
const N = 10;

/** Judges the locks of some builds, acquire #1 and so on, each with its own claim: twice, as after a lost race. */
async function costOf(
  set: (ci: Ci, claims: readonly { name: string; commit: string }[]) => void,
  reason: string,
  policy: PolicyKeys = {},
  count = N,
): Promise<readonly number[]> {
  const claims = Array.from({ length: count }, (_, i) => ({
    name: String(i + 1),
    commit: String(i + 1000).repeat(10),
  }));
  const ci = newCi();
  set(ci, claims);
  return await onStage(ci, {}, async ({ concourses, atc }) => {
    const costs: number[] = [];
    for (let judgement = 0; judgement < 2; judgement += 1) {
      atc.forget();
      await concourses.begin();
      const judged = await Promise.all(
        claims.map(({ name, commit }) => {
          const claimed = lock({ commit, message: `main/deploy/acquire build ${name} claiming: L` });
          return judgeClaim(concourses, claimed, mergePolicy(policy), NOW);
        }),
      );
      expect([...new Set(judged.map(({ verdict }) => verdict.reason))]).toEqual([reason]);
      expect(repeated(askedOf(atc))).toEqual([]);
      costs.push(askedOf(atc).length);
    }
    return costs;
  });
}

describe('requests for the locks of N builds, in the first judgement and in a second one after a lost race', () => {
  const login = 1;
  const info = 1;

  test('that run: one each', async () => {
    const costs = await costOf((ci, claims) => {
      const p = deploy(ci);
      for (const { name } of claims) acquired(p, 'started', { name, outputs: [] });
    }, 'build-running');
    expect(costs).toEqual([login + info + N, info + N]);
  });

  test('that run, more than ten: the list of jobs, and one of builds', async () => {
    const costs = await costOf(
      (ci, claims) => {
        const p = deploy(ci);
        for (const { name } of claims) acquired(p, 'started', { name, outputs: [] });
      },
      'build-running',
      {},
      1000,
    );
    expect(costs).toEqual([login + info + JOBS_AND_BUILDS, info + JOBS_AND_BUILDS]);
  });

  test('that run, each the only one of its job: the list of jobs alone', async () => {
    const count = 1000;
    const ci = newCi();
    const jobs = Array.from({ length: count }, (_, i) => ({ name: `acquire-${i}`, outputs: ['locks'] }));
    const p = ci.pipeline('main', 'deploy', { resources: ['locks'], jobs });
    for (const { name } of jobs) p.build(name, { name: '7', status: 'started', start: NOW - 2400 });
    await onStage(ci, {}, async ({ concourses, atc }) => {
      await concourses.begin();
      const judged = await Promise.all(
        jobs.map(({ name }, i) => {
          const commit = String(i + 1000).repeat(10);
          const claimed = lock({ commit, message: `main/deploy/${name} build 7 claiming: L` });
          return judgeClaim(concourses, claimed, mergePolicy({}), NOW);
        }),
      );
      expect(new Set(judged.map(({ verdict }) => verdict.reason))).toEqual(new Set(['build-running']));
      expect(askedOf(atc).toSorted()).toEqual(['POST /sky/issuer/token', 'info', 'jobs']);
    });
  });

  test('that run behind thousands of newer builds: a page each until they come', async () => {
    const pages = 5;
    const costs = await costOf(
      (ci, claims) => {
        const p = deploy(ci);
        for (const { name } of claims) acquired(p, 'started', { name, outputs: [] });
        const busy = ci.pipeline('main', 'busy', { jobs: [{ name: 'unit' }] });
        for (let i = 0; i < (pages - 1) * 1000; i += 1)
          busy.build('unit', { status: 'succeeded', start: NOW - 1000, end: NOW - 900 });
      },
      'build-running',
      {},
      500,
    );
    expect(costs).toEqual([login + info + 1 + pages, info + 1 + pages]);
  });

  test('that run too far back: after some pages in vain each by itself', async () => {
    const count = 20;
    const costs = await costOf(
      (ci, claims) => {
        const p = deploy(ci);
        for (const { name } of claims) acquired(p, 'started', { name, outputs: [] });
        const busy = ci.pipeline('main', 'busy', { jobs: [{ name: 'unit' }] });
        for (let i = 0; i < 2000; i += 1)
          busy.build('unit', { status: 'succeeded', start: NOW - 1000, end: NOW - 900 });
      },
      'build-running',
      {},
      count,
    );
    const shownByItsJob = 1;
    expect(costs).toEqual([
      login + info + JOBS_AND_BUILDS + count - shownByItsJob,
      info + JOBS_AND_BUILDS + count - shownByItsJob,
    ]);
  });

  test('that are stale, more than ten: three for each, and the last look once', async () => {
    const count = 50;
    const costs = await costOf(
      (ci, claims) => {
        const p = deploy(ci);
        for (const { name, commit } of claims)
          acquired(p, 'failed', { name, outputs: [{ resource: 'locks', version: ref(commit) }] });
      },
      'build-ended',
      {},
      count,
    );
    const lastLook = JOBS_AND_BUILDS + 1; // and all resources
    const besides = JOBS_AND_BUILDS + 1 + lastLook; // the jobs of the pipeline
    expect(costs).toEqual([login + info + 3 * count + besides, info + count + 1 + lastLook]);
  });

  test('that are excluded: none', async () => {
    const costs = await costOf(
      (ci, claims) => {
        const p = deploy(ci);
        for (const { name } of claims) acquired(p, 'failed', { name, outputs: [] });
      },
      'excluded',
      { exclude: ['L'] },
    );
    expect(costs).toEqual([login + info, info]);
  });

  test('that were handed on: the build, its outputs, the version and who took it; the jobs once', async () => {
    const costs = await costOf((ci, claims) => {
      const p = deploy(ci);
      for (const { name, commit } of claims) {
        acquired(p, 'succeeded', { name, outputs: [{ resource: 'locks', version: ref(commit) }] });
        took(p, 'use', 'started', { inputs: [{ resource: 'locks', version: ref(commit) }] });
      }
    }, 'handed-on');
    expect(costs).toEqual([login + info + 4 * N + 1, info + N + 1]);
  });

  test('that are stale: as many, and the last look once, which reads each running build that may have one', async () => {
    const running = 5;
    const costs = await costOf((ci, claims) => {
      const p = deploy(ci);
      for (const { name, commit } of claims)
        acquired(p, 'failed', { name, outputs: [{ resource: 'locks', version: ref(commit) }] });
      for (let i = 0; i < running; i += 1)
        took(p, 'use', 'started', { inputs: [{ resource: 'locks', version: ref(OTHER_CLAIM) }] });
    }, 'build-ended');
    const lists = 4; // all resources, all jobs, one page of builds, and all pipelines, since builds run
    const lastLook = lists + running;
    expect(costs).toEqual([login + info + 4 * N + 1 + lastLook, info + N + 1 + lastLook]);
  });

  test('that are stale, on a Concourse with many jobs and builds: idle jobs cost nothing, each page of builds two', async () => {
    const jobs = 50;
    const busy = 7;
    const costs = await costOf((ci, claims) => {
      const p = deploy(ci);
      for (const { name, commit } of claims)
        acquired(p, 'failed', { name, outputs: [{ resource: 'locks', version: ref(commit) }] });
      const many = ci.pipeline('main', 'many', {
        resources: ['locks'],
        jobs: Array.from({ length: jobs }, (_, i) => ({ name: `job-${i}`, inputs: ['locks'] })),
      });
      for (let i = 0; i < 1500; i += 1)
        many.build('job-0', { status: 'succeeded', start: NOW - 3600, end: NOW - 3500 });
      for (let i = 0; i < busy; i += 1)
        many.build(`job-${i}`, { inputs: [{ resource: 'locks', version: ref(OTHER_CLAIM) }] });
    }, 'build-ended');
    const pages = 2; // of which the first is full, and so asked for what lies across its end
    const freely = 1; // the one resource that jobs of another pipeline get without `passed`
    const lastLook = 3 + pages + 1 + busy + freely; // lists of all resources, jobs, pipelines
    expect(costs).toEqual([login + info + 4 * N + 1 + lastLook, info + N + 1 + lastLook]);
  });

  test('that nobody knows, past their timeout: one list of each resource that may be a pool, for all of them', async () => {
    const pipelines = 3;
    const costs = await costOf(
      (ci) => {
        for (let i = 0; i < pipelines; i += 1)
          ci.pipeline('main', `p${i}`, { resources: ['locks'], jobs: [{ name: 'work', inputs: ['locks'] }] });
      },
      'timed-out',
      { staleAfter: 300 },
    );
    const search = 2; // the pipeline, and the team's pipelines
    expect(costs).toEqual([login + info + N + search + pipelines + 3, info + N + search + pipelines + 3]);
  });

  test('that wait for the next job: the pipeline and the next inputs once', async () => {
    const costs = await costOf((ci, claims) => {
      const p = deploy(ci);
      for (const { name, commit } of claims)
        acquired(p, 'succeeded', { name, outputs: [{ resource: 'locks', version: ref(commit) }] });
      p.pauseJob('use');
    }, 'handed-on');
    expect(costs).toEqual([login + info + 4 * N + 3, info + N + 3]);
  });
});
