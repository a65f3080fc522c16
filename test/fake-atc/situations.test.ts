// Situations whose answers surprised when a real Concourse gave them, each set up as it came about there.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { askAtc, type Reply } from './ask-atc.ts';
import { ciModel, endBuild } from './model.ts';
import { type Atc, startAtc } from './start-atc.ts';
import type { Ci, Pipeline, PipelineConfig } from './types.ts';

const NOW = 1_800_000_000;
const [FIRST, SECOND, THIRD] = ['a', 'b', 'c'].map((digit) => ({ ref: digit.repeat(40) })) as [
  { ref: string },
  { ref: string },
  { ref: string },
];
const DEPLOY = 'teams/main/pipelines/deploy';

let ci: Ci;
let deploy: Pipeline;
let atc: Atc;

const CONFIG: PipelineConfig = {
  resources: ['locks', { name: 'release', type: 'mock' }],
  jobs: [
    { name: 'take', outputs: ['locks'] },
    { name: 'use', inputs: [{ resource: 'locks', passed: ['take'] }] },
    { name: 'use-every', inputs: [{ resource: 'locks', passed: ['take'], version: 'every' }] },
    { name: 'wait', inputs: [{ resource: 'locks', passed: ['take'], trigger: true }, 'release'] },
  ],
};

beforeEach(async () => {
  ci = ciModel({ now: NOW });
  deploy = ci.pipeline('main', 'deploy', CONFIG);
  atc = await startAtc(ci);
});

afterEach(() => atc.close());

const ask = (path: string): Promise<Reply> => askAtc(atc, path, ci.token());
const take = (version: { ref: string }) =>
  deploy.build('take', { status: 'succeeded', outputs: [{ resource: 'locks', version }] });
const use = (job: string, version: { ref: string }) =>
  deploy.build(job, { status: 'failed', inputs: [{ resource: 'locks', version }] });

async function nextOf(job: string): Promise<unknown> {
  const { status, body } = await ask(`${DEPLOY}/jobs/${job}/inputs`);
  return status === 200 ? body.map((input: { version: unknown }) => input.version) : status;
}

describe('the next inputs', () => {
  test('are 404 while one of several is undetermined', async () => {
    take(FIRST);
    expect(await nextOf('wait')).toBe(404);
    deploy.found('release', { version: '1' });
    expect(await nextOf('wait')).toEqual([FIRST, { version: '1' }]);
  });

  test('show with `version: every` the newest at first, then the one next in line', async () => {
    for (const version of [FIRST, SECOND, THIRD]) take(version);
    expect(await nextOf('use-every')).toEqual([THIRD]);
    use('use-every', FIRST);
    expect(await nextOf('use-every')).toEqual([SECOND]);
    use('use-every', THIRD);
    expect(await nextOf('use-every')).toEqual([THIRD]);
  });

  test('follow a pin, and are 404 where the pinned version has not passed', async () => {
    for (const version of [FIRST, SECOND]) take(version);
    deploy.pin('locks', FIRST);
    expect(await nextOf('use')).toEqual([FIRST]);
    deploy.pin('locks', { ref: 'never seen' });
    expect(await nextOf('use')).toBe(404);
    deploy.pin('locks', null);
    deploy.disable('locks', SECOND);
    expect(await nextOf('use')).toEqual([FIRST]);
  });

  test('of a paused job whose input step was renamed are 500 until it is unpaused', async () => {
    take(FIRST);
    deploy.pauseJob('use');
    const renamed = { name: 'use', inputs: [{ name: 'env', resource: 'locks', passed: ['take'] }] };
    deploy.set({ ...CONFIG, jobs: [...(CONFIG.jobs ?? []).filter(({ name }) => name !== 'use'), renamed] });
    const { status, headers, text } = await ask(`${DEPLOY}/jobs/use/inputs`);
    expect([status, headers.get('x-concourse-version'), text]).toEqual([500, '8.2.5', '']);
    deploy.unpauseJob('use');
    expect(await nextOf('use')).toEqual([FIRST]);
  });

  test('of an archived pipeline are 500, and 404 where they were undetermined', async () => {
    take(FIRST);
    deploy.archive();
    expect(await nextOf('use')).toBe(500);
    expect(await nextOf('wait')).toBe(404);
  });
});

describe('checks', () => {
  test('that a person starts are builds with a resource and no job, and need a role for their plan', async () => {
    deploy.public = true;
    const check = deploy.check('locks', { status: 'started', start: NOW });
    const stranger = ci.token(ci.account({ username: 'stranger' }));
    const [listed] = (await ask('builds')).body;
    expect(listed).toMatchObject({ id: check.id, name: 'check', resource_name: 'locks' });
    expect(listed).not.toHaveProperty('job_name');
    expect((await ask(`builds/${check.id}/plan`)).body.plan.check).toEqual({ name: 'locks', type: 'pool' });
    expect((await askAtc(atc, `builds/${check.id}/plan`, stranger)).status).toBe(403);
  });
});

describe('builds', () => {
  test('that put an input out again do not list it among their inputs', async () => {
    take(FIRST);
    const entry = { resource: 'locks', version: FIRST };
    const { id } = deploy.build('use', { inputs: [entry], outputs: [entry] });
    expect((await ask(`builds/${id}/resources`)).body).toMatchObject({
      inputs: [],
      outputs: [{ version: FIRST }],
    });
  });

  test('of `fly execute --inputs-from` have a pipeline and no job', async () => {
    const plan = {
      schema: 'exec.v2',
      plan: { id: '1', get: { name: 'locks', type: 'pool', version: FIRST } },
    };
    const { id } = ci.oneOff('main', { pipeline: deploy, status: 'started', plan });
    const { body } = await ask(`builds/${id}`);
    expect(body).toMatchObject({ name: '1', pipeline_name: 'deploy' });
    expect(body).not.toHaveProperty('job_name');
    expect((await ask(`builds/${id}/resources`)).body).toEqual({ inputs: [], outputs: [] });
    expect((await ask(`builds/${id}/plan`)).body).toEqual(plan);
  });

  test('are listed oldest first between `from` and `to`', async () => {
    const ids = [FIRST, SECOND, THIRD].map((version) => take(version).id);
    const idsOf = ({ body }: Reply) => body.map(({ id }: { id: number }) => id);
    expect(idsOf(await ask(`builds?from=${ids[0]}&to=${ids[2]}&limit=2`))).toEqual(ids.slice(0, 2));
    expect(idsOf(await ask(`builds?from=${ids[0]}&limit=2`))).toEqual(ids.slice(0, 2).toReversed());
    expect(idsOf(await ask(`builds?to=${ids[2]}&limit=2`))).toEqual(ids.slice(1).toReversed());
  });

  test('of a team are shown to anybody who is logged in, and to nobody else', async () => {
    take(FIRST);
    const stranger = ci.token(ci.account({ username: 'stranger' }));
    expect((await askAtc(atc, 'teams/main/builds', stranger)).body).toHaveLength(1);
    expect((await askAtc(atc, 'teams/nowhere/builds', stranger)).status).toBe(404);
    for (const token of [undefined, 'bad']) {
      expect((await askAtc(atc, 'teams/main/builds', token)).status).toBe(401);
    }
  });

  test('have numbers of 64 bits: a larger one is 400', async () => {
    expect((await ask(`builds/${2n ** 63n - 1n}`)).status).toBe(404);
    expect((await ask(`builds/${2n ** 63n}`)).status).toBe(400);
  });
});

test('a version that was out of sight is known again once a check with the new source finds it', async () => {
  const build = take(FIRST);
  take(SECOND);
  deploy.rotateCredentials('locks');
  expect((await ask(`builds/${build.id}/resources`)).body.outputs).toEqual([]);
  expect(await nextOf('use')).toBe(404);
  deploy.found('locks', FIRST);
  expect((await ask(`builds/${build.id}/resources`)).body.outputs).toMatchObject([{ version: FIRST }]);
  expect(await nextOf('use')).toEqual([FIRST]);
});

test('archived pipelines are among all jobs and resources', async () => {
  deploy.archive();
  expect((await ask('jobs')).body).toHaveLength(4);
  expect((await ask('resources')).body).toHaveLength(2);
});

test('a failed build passes no version on, however far it came', async () => {
  const build = deploy.build('take', { status: 'started', outputs: [{ resource: 'locks', version: FIRST }] });
  endBuild(build, 'failed', NOW);
  expect(await nextOf('use')).toBe(404);
});

test('after a team was renamed nothing of it is found under its old name', async () => {
  ci.renameTeam('main', 'primary');
  expect((await ask(DEPLOY)).status).toBe(404);
  expect((await ask('teams/primary/pipelines/deploy')).body).toMatchObject({ team_name: 'primary' });
});
