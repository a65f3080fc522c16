// What judging costs: the README states these numbers.
import { describe, expect, test } from '@jest/globals';
import { mergePolicy, type PolicyKeys } from '../../src/core/policy.ts';
import { judgeClaim } from '../../src/sweep/judge-claim.ts';
import type { Ci } from '../fake-atc/types.ts';
import { acquired, askedOf, deploy, lock, NOW, newCi, OTHER_CLAIM, onStage, ref, took } from './scene.ts';

const N = 20;

/** Judges the locks of N builds, acquire #1 to #N, each with its own claim. */
async function costOf(
  set: (ci: Ci, claims: readonly { name: string; commit: string }[]) => void,
  reason: string,
  policy: PolicyKeys = {},
): Promise<readonly number[]> {
  const claims = Array.from({ length: N }, (_, i) => ({
    name: String(i + 1),
    commit: String(i + 10).repeat(20),
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
      expect(new Set(askedOf(atc)).size).toBe(askedOf(atc).length);
      costs.push(askedOf(atc).length);
    }
    return costs;
  });
}

describe('requests for the locks of N builds, in the first judgement and in a second one', () => {
  const login = 1;
  const info = 1;

  test('that run: one each', async () => {
    const costs = await costOf((ci, claims) => {
      const p = deploy(ci);
      for (const { name } of claims) acquired(p, 'started', { name, outputs: [] });
    }, 'build-running');
    expect(costs).toEqual([login + info + N, info + N]);
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
    expect(costs).toEqual([login + info + 4 * N + 1, info + 3 * N + 1]);
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
    const lists = 3; // all resources, all jobs, one page of builds
    const busyJobs = 1;
    const lastLook = lists + busyJobs + running;
    expect(costs).toEqual([login + info + 4 * N + 1 + lastLook, info + 3 * N + 1 + lastLook]);
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
    const lastLook = 2 + pages + 1 + 2 * busy;
    expect(costs).toEqual([login + info + 4 * N + 1 + lastLook, info + 3 * N + 1 + lastLook]);
  });

  test('that nobody knows, past their timeout: one more for each resource that may be a pool', async () => {
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
    expect(costs).toEqual([
      login + info + N + search + N * pipelines + 3,
      info + N + search + N * pipelines + 3,
    ]);
  });

  test('that wait for the next job: the pipeline and the next inputs once', async () => {
    const costs = await costOf((ci, claims) => {
      const p = deploy(ci);
      for (const { name, commit } of claims)
        acquired(p, 'succeeded', { name, outputs: [{ resource: 'locks', version: ref(commit) }] });
      p.pauseJob('use');
    }, 'handed-on');
    expect(costs).toEqual([login + info + 4 * N + 3, info + 3 * N + 3]);
  });
});
