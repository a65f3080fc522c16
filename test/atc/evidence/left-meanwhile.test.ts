// Pipelines and jobs come and go while they are looked at; that is nobody's trouble.
import { expect, test } from '@jest/globals';
import { mergePolicy, type PolicyKeys } from '../../../src/core/policy.ts';
import { judgeClaim } from '../../../src/sweep/survey/judge-claim.ts';
import type { Ci, Pipeline } from '../../fake-atc/types.ts';
import { acquired, CLAIM, deploy, lock, NOW, newCi, OTHER_CLAIM, onStage, ref } from '../scene.ts';

const WORK = { resources: ['locks'], jobs: [{ name: 'work', inputs: ['locks'] }] };
const has = (commit: string) => ({ inputs: [{ resource: 'locks', version: ref(commit) }] });

interface Case {
  readonly policy?: PolicyKeys;
  readonly ci?: Parameters<typeof newCi>[0];
  readonly given: (ci: Ci) => Pipeline;
  /** When it is asked this, the pipeline changes. */
  readonly at: string;
  readonly leaves: (pipeline: Pipeline) => void;
  readonly want: string;
}

const cases: Record<string, Case> = {
  'a job that leaves during the last look: its build is among all builds': {
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      const p = ci.pipeline('main', 'other', WORK);
      p.build('work', has(CLAIM));
      return p;
    },
    at: '/pipelines/other/jobs/work/builds',
    leaves: (p) => p.removeJob('work'),
    want: 'handed-on',
  },
  'a pipeline that is renamed during the last look': {
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      const p = ci.pipeline('main', 'other', WORK);
      p.build('work', has(OTHER_CLAIM));
      return p;
    },
    at: '/pipelines/other/jobs/work/builds',
    leaves: (p) => {
      p.name = 'renamed';
    },
    want: 'build-ended',
  },
  'a pipeline that is renamed before its jobs are listed': {
    ci: { jobsLimited: 503 },
    given: (ci) => {
      acquired(deploy(ci), 'failed');
      const p = ci.pipeline('main', 'other', WORK);
      p.build('work', has(CLAIM));
      return p;
    },
    at: '/pipelines/other/jobs',
    leaves: (p) => {
      p.name = 'renamed';
    },
    want: 'handed-on',
  },
  'the pipeline of the claim, before its resources are listed': {
    policy: { staleAfter: 300 },
    given: (ci) => {
      const p = deploy(ci);
      acquired(p, 'failed', { outputs: [] });
      return p;
    },
    at: '/pipelines/deploy/resources',
    leaves: (p) => p.destroy(),
    want: 'timed-out',
  },
  'the pipeline of the claim, before its takers are listed': {
    given: (ci) => {
      const p = deploy(ci);
      acquired(p, 'failed');
      return p;
    },
    at: '/input_to',
    leaves: (p) => p.destroy(),
    want: 'build-ended',
  },
  'the pipeline of the claim, before it is asked who is next': {
    policy: { staleAfter: 300 },
    given: (ci) => {
      const p = deploy(ci);
      acquired(p);
      return p;
    },
    at: '/jobs/use/inputs',
    leaves: (p) => p.destroy(),
    want: 'timed-out',
  },
};

test.each(Object.entries(cases))(
  '%s',
  async (_name, { policy = {}, given, at, leaves, want, ci: options }) => {
    const ci = newCi(options);
    const pipeline = given(ci);
    await onStage(ci, {}, async ({ concourses, atc }) => {
      await concourses.begin();
      atc.onRequest(at, () => leaves(pipeline), { times: 1 });
      const { verdict } = await judgeClaim(concourses, lock(), mergePolicy(policy), NOW);
      expect(verdict.reason).toBe(want);
    });
  },
);

test('a running build that leaves with its pipeline: what it had is not known in this run, but in the next', async () => {
  const ci = newCi();
  acquired(deploy(ci), 'failed');
  const p = ci.pipeline('main', 'other', WORK);
  const build = p.build('work', has(OTHER_CLAIM));
  await onStage(ci, {}, async ({ concourses, atc }) => {
    const judged = async () => {
      await concourses.begin();
      return (await judgeClaim(concourses, lock(), mergePolicy({}), NOW)).verdict;
    };
    atc.onRequest(`/builds/${build.id}/resources`, () => p.destroy(), { times: 1 });
    const { reason, detail } = await judged();
    expect(reason).toBe('concourse-unreachable');
    expect(detail.replace(atc.url, 'URL')).toBe(
      'URL lists the build main/other/work #1, which was removed at this moment, so who has the lock is not known.',
    );
    expect((await judged()).reason).toBe('build-ended');
  });
});
