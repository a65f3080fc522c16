// Many builds from lists: what lists show is what a request for the build would answer, and absence means nothing.
import { describe, expect, test } from '@jest/globals';
import { mergePolicy } from '../../../src/core/policy.ts';
import { judgeClaim } from '../../../src/sweep/survey/judge-claim.ts';
import { endBuild } from '../../fake-atc/model.ts';
import type { Ci, Pipeline } from '../../fake-atc/types.ts';
import { acquired, deploy, lock, NOW, newCi, onStage, ref, type Stage } from '../scene.ts';

const POLICY = mergePolicy({ staleAfter: 3600 });

interface Many {
  readonly ci: Ci;
  readonly pipeline: Pipeline;
  /** The claim of build N, counted from 1, by what its message says of it. */
  readonly claims: readonly ReturnType<typeof lock>[];
}

const claimOf = (at: number, owner: string) =>
  lock({ commit: String(at + 1000).repeat(10), message: `${owner} claiming: L` });

/** Twelve running builds, more than are requested by themselves. */
function manyRunning(): Many {
  const ci = newCi();
  const pipeline = deploy(ci);
  const claims = Array.from({ length: 12 }, (_, at) => {
    acquired(pipeline, 'started', { name: String(at + 1), outputs: [] });
    return claimOf(at, `main/deploy/acquire build ${at + 1}`);
  });
  return { ci, pipeline, claims };
}

async function judgeAll({ concourses, atc }: Stage, claims: Many['claims']): Promise<string[]> {
  await concourses.begin();
  atc.forget();
  const judged = await Promise.all(claims.map((claim) => judgeClaim(concourses, claim, POLICY, NOW)));
  return judged.map(({ verdict }) => verdict.reason);
}

const singles = ({ atc }: Stage) => atc.lines(/\/builds\/\w+$/);

describe('many builds at the same time', () => {
  test('are requested anew in each judgement, since a build that ran may have ended', async () => {
    const { ci, claims } = manyRunning();
    await onStage(ci, {}, async (stage) => {
      expect(new Set(await judgeAll(stage, claims))).toEqual(new Set(['build-running']));
      const [first] = ci.builds;
      if (first !== undefined) endBuild(first, 'failed', NOW - 600);
      const reasons = await judgeAll(stage, claims);
      expect(reasons).toEqual(['within-timeout', ...claims.slice(1).map(() => 'build-running')]);
      expect(singles(stage)).toEqual([]);
    });
  });

  test('of which one is in no list: this one is requested by itself', async () => {
    const { ci, pipeline, claims } = manyRunning();
    acquired(pipeline, 'started', { name: '99', outputs: [] });
    await onStage(ci, {}, async (stage) => {
      stage.atc.onRequest('/api/v1/builds?', () => {
        ci.builds = ci.builds.filter(({ name }) => name !== '99');
      });
      const all = [...claims, claimOf(99, 'main/deploy/acquire build 99')];
      expect(new Set(await judgeAll(stage, all))).toEqual(new Set(['build-running']));
      expect(singles(stage)).toEqual(['GET /api/v1/teams/main/pipelines/deploy/jobs/acquire/builds/99']);
    });
  });

  test('of a job that was removed: alive it counts, ended it is looked for as ever', async () => {
    const { ci, pipeline, claims } = manyRunning();
    pipeline.addJob({ name: 'gone', outputs: ['locks'] });
    pipeline.build('gone', { name: '1', status: 'started', start: NOW - 2400 });
    pipeline.build('gone', { name: '2', status: 'failed', start: NOW - 2400, end: NOW - 1200 });
    pipeline.removeJob('gone');
    await onStage(ci, {}, async (stage) => {
      const others = [1, 2].map((name) => claimOf(50 + name, `main/deploy/gone build ${name}`));
      const reasons = await judgeAll(stage, [...claims, ...others]);
      expect(reasons.slice(-2)).toEqual(['build-running', 'within-timeout']);
      expect(singles(stage)).toEqual(['GET /api/v1/teams/main/pipelines/deploy/jobs/gone/builds/2']);
    });
  });

  test('of a pipeline of that name with vars: not taken for the one without', async () => {
    const { ci, claims } = manyRunning();
    const instance = deploy(ci, { instanceVars: { branch: 'main' } });
    instance.build('acquire', { name: '77', status: 'started', start: NOW - 2400 });
    await onStage(ci, {}, async (stage) => {
      await judgeAll(stage, [...claims, claimOf(77, 'main/deploy/acquire build 77')]);
      expect(singles(stage)).toContain('GET /api/v1/teams/main/pipelines/deploy/jobs/acquire/builds/77');
    });
  });

  test('of a team without a role: absent from the lists, so forbidden and not gone', async () => {
    const { ci, claims } = manyRunning();
    const others = ci.pipeline('others', 'deploy', { resources: ['locks'], jobs: [{ name: 'acquire' }] });
    others.build('acquire', { name: '1', status: 'started' });
    await onStage(ci, {}, async (stage) => {
      const reasons = await judgeAll(stage, [...claims, claimOf(88, 'others/deploy/acquire build 1')]);
      expect(reasons.at(-1)).toBe('forbidden');
    });
  });

  test('whose locks are stale: the last look sees what has begun since the lists were read', async () => {
    const ci = newCi();
    const pipeline = deploy(ci);
    const other = ci.pipeline('main', 'other', {
      resources: ['locks'],
      jobs: [{ name: 'work', inputs: ['locks'] }],
    });
    const claims = Array.from({ length: 12 }, (_, at) => {
      const { claim } = claimOf(at, '');
      const outputs = [{ resource: 'locks', version: ref(claim.commit) }];
      acquired(pipeline, 'failed', { name: String(at + 1), outputs });
      return claimOf(at, `main/deploy/acquire build ${at + 1}`);
    });
    const [first] = claims;
    await onStage(ci, {}, async (stage) => {
      const take = () =>
        void other.build('work', {
          status: 'started',
          start: NOW,
          inputs: [{ resource: 'locks', version: ref(first?.claim.commit ?? '') }],
        });
      stage.atc.onRequest('/input_to', take, { times: 1 });
      const reasons = await judgeAll(stage, claims);
      expect(reasons).toEqual(['handed-on', ...claims.slice(1).map(() => 'build-ended')]);
    });
  });

  test('by number, as claims of one-off builds name them', async () => {
    const ci = newCi();
    const claims = Array.from({ length: 12 }, (_, at) => {
      ci.oneOff('main', { id: 5000 + at, status: 'started', start: NOW - 2400 });
      return claimOf(at, `one-off build ${5000 + at}`);
    });
    await onStage(ci, {}, async (stage) => {
      expect(new Set(await judgeAll(stage, claims))).toEqual(new Set(['build-running']));
      expect(stage.atc.lines()).toEqual(['GET /api/v1/jobs', 'GET /api/v1/builds?limit=1000']);
    });
  });

  test('where the operator limits the list of jobs: the list of builds shows those that are alive', async () => {
    const { ci, pipeline, claims } = manyRunning();
    const commit = String(1070).repeat(10);
    acquired(pipeline, 'failed', { name: '70', outputs: [{ resource: 'locks', version: ref(commit) }] });
    ci.jobsLimited = 503;
    await onStage(ci, {}, async (stage) => {
      const reasons = await judgeAll(stage, [...claims, claimOf(70, 'main/deploy/acquire build 70')]);
      expect(reasons).toEqual([...claims.map(() => 'build-running'), 'build-ended']);
      expect(singles(stage)).toEqual(['GET /api/v1/teams/main/pipelines/deploy/jobs/acquire/builds/70']);
    });
  });

  test('while a list fails: no lock is judged by what it might have shown', async () => {
    const { ci, claims } = manyRunning();
    await onStage(ci, { config: () => ({ whenUnreachable: 'keep' }) }, async (stage) => {
      stage.atc.answer('/api/v1/jobs', { kind: 'status', status: 500 });
      expect(new Set(await judgeAll(stage, claims))).toEqual(new Set(['concourse-unreachable']));
    });
  });
});
