import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { askAtc, type Reply } from '../ask-atc.ts';
import { ciModel, endBuild, startBuild } from '../model.ts';
import { type Atc, startAtc } from '../start-atc.ts';
import type { Ci, Pipeline } from '../types.ts';

const NOW = 1_800_000_000;
const LOCK = { ref: 'a'.repeat(40) };
const OTHER = { ref: 'b'.repeat(40) };
const DEPLOY = 'teams/main/pipelines/deploy';

let ci: Ci;
let deploy: Pipeline;
let atc: Atc;
let token: string;

beforeEach(async () => {
  ci = ciModel({ now: NOW });
  deploy = ci.pipeline('main', 'deploy', {
    resources: ['env-locks', { name: 'code', type: 'git' }],
    jobs: [
      { name: 'claim', outputs: [{ name: 'take-a-lock', resource: 'env-locks' }] },
      { name: 'test', inputs: ['code', { resource: 'env-locks', passed: ['claim'], trigger: true }] },
      { name: 'free', inputs: [{ resource: 'env-locks', passed: ['claim', 'test'] }] },
    ],
  });
  deploy.found('code', { ref: 'c1' });
  atc = await startAtc(ci);
  token = ci.token();
});

afterEach(() => atc.close());

const ask = (path: string): Promise<Reply> => askAtc(atc, path, token);

/** Job claim has succeeded with the lock. */
function claim(version = LOCK) {
  return deploy.build('claim', { status: 'succeeded', outputs: [{ resource: 'env-locks', version }] });
}

describe('builds', () => {
  test('a build that runs has no end yet, and answers follow the model', async () => {
    const build = deploy.build('claim', { id: 7, name: '12', start: ci.at(-30) });
    const running = {
      id: 7,
      team_name: 'main',
      name: '12',
      status: 'started',
      api_url: '/api/v1/builds/7',
      job_name: 'claim',
      pipeline_id: deploy.id,
      pipeline_name: 'deploy',
      start_time: NOW - 1800,
    };
    expect((await ask(`${DEPLOY}/jobs/claim/builds/12`)).body).toEqual(running);
    endBuild(build, 'failed', ci.at(-1));
    const ended = { ...running, status: 'failed', end_time: NOW - 60 };
    expect((await ask('builds/7')).body).toEqual(ended);
  });

  test('a build aborted while pending never started', async () => {
    deploy.build('claim', { status: 'aborted', start: null, end: NOW });
    const { body } = await ask(`${DEPLOY}/jobs/claim/builds/1`);
    expect(body).not.toHaveProperty('start_time');
    expect(body.end_time).toBe(NOW);
  });

  test('the answer carries the version and the clock of the model; a 404 has no body', async () => {
    const { status, headers, text } = await ask(`${DEPLOY}/jobs/claim/builds/99`);
    expect([status, text]).toEqual([404, '']);
    expect(headers.get('x-concourse-version')).toBe('8.2.5');
    expect(headers.get('date')).toBe(new Date(NOW * 1000).toUTCString());
  });

  test('a job that left the config is 404, its builds are in the lists', async () => {
    deploy.build('claim', { id: 7 });
    deploy.removeJob('claim');
    expect((await ask(`${DEPLOY}/jobs/claim/builds/1`)).status).toBe(404);
    for (const list of [`${DEPLOY}/builds`, 'teams/main/builds', 'builds']) {
      expect((await ask(list)).body).toMatchObject([{ id: 7, job_name: 'claim' }]);
    }
    expect((await ask('jobs')).body.map((job: { name: string }) => job.name)).toEqual(['test', 'free']);
  });

  test('a destroyed pipeline takes its builds along, and its successor counts from 1', async () => {
    deploy.build('claim');
    deploy.build('claim');
    deploy.destroy();
    expect((await ask(`${DEPLOY}/jobs/claim/builds/1`)).status).toBe(404);
    const again = ci.pipeline('main', 'deploy', { jobs: [{ name: 'claim' }] });
    expect(again.build('claim').name).toBe('1');
  });

  test('a rerun stands beside the build that it repeats, and paging by `to` skips it', async () => {
    const first = deploy.build('claim', { id: 10 });
    deploy.build('claim', { id: 20 });
    deploy.build('claim', { id: 30, rerunOf: first });
    const { body } = await ask(`${DEPLOY}/jobs/claim/builds`);
    expect(body.map((build: { name: string }) => build.name)).toEqual(['2', '1.1', '1']);
    expect(body[1]).toMatchObject({ rerun_number: 1, rerun_of: { id: 10, name: '1' } });

    ci.externalUrl = 'https://ci.example.com';
    const page = await ask('builds?limit=1');
    const link = '<https://ci.example.com/api/v1/builds?to=10&limit=1>; rel="next"';
    expect(page.headers.get('link')).toContain(link);
    expect((await ask('builds?limit=9&to=20')).body).toMatchObject([{ id: 20 }, { id: 10 }]);
    expect((await ask('builds?limit=1&from=11')).body).toMatchObject([{ id: 30 }]);
  });

  test('a one-off build belongs to a team and to nothing else', async () => {
    const build = ci.oneOff('main', { id: 5, start: NOW });
    const { body } = await ask(`builds/${build.id}`);
    expect(Object.keys(body)).toEqual(['id', 'team_name', 'name', 'status', 'api_url', 'start_time']);
    expect(body.name).toBe('5');
  });

  test('a plan is nested, names the versions of its gets, and is there once the build has started', async () => {
    claim();
    const inputs = [{ resource: 'env-locks', version: LOCK }];
    const build = deploy.build('test', { status: 'pending', inputs });
    expect((await ask(`builds/${build.id}/plan`)).status).toBe(404);
    startBuild(build, NOW);
    const { body, text } = await ask(`builds/${build.id}/plan`);
    expect(body.schema).toBe('exec.v2');
    const get = { type: 'pool', name: 'env-locks', resource: 'env-locks', version: LOCK };
    expect(text).toContain(JSON.stringify({ get }).slice(1, -1));
    build.plan = { schema: 'exec.v2', plan: { id: '1', aggregate: [] } };
    expect((await ask(`builds/${build.id}/plan`)).body).toEqual(build.plan);
  });
});

test('an output has the name of its step, not of its resource', async () => {
  const { body } = await ask(`builds/${claim().id}/resources`);
  expect(body).toEqual({ inputs: [], outputs: [{ name: 'take-a-lock', version: LOCK }] });
});

describe('instances', () => {
  const find = async (query: string) => (await ask(`${DEPLOY}${query}`)).body?.id;

  test('are told apart by their vars', async () => {
    const vars = { branch: 'main', a: { b: 1 }, 'x.y': null };
    const instance = ci.pipeline('main', 'deploy', { instanceVars: vars });
    const whole = encodeURIComponent(JSON.stringify(vars));
    expect(await find('')).toBe(deploy.id);
    expect(await find(`?vars=${whole}`)).toBe(instance.id);
    expect(await find('?vars.branch=%22main%22&vars.a.b=1&vars.%22x.y%22=null')).toBe(instance.id);
    expect(await find('?vars=%7B%7D')).toBeUndefined();
    expect((await ask(`${DEPLOY}?vars=no`)).status).toBe(400);
  });
});

describe('jobs', () => {
  test('next_build is the oldest that is alive; times that are not there yet are those of Go', async () => {
    deploy.build('claim', { id: 10, status: 'succeeded' });
    deploy.build('claim', { id: 20, status: 'pending' });
    deploy.build('claim', { id: 30, status: 'started' });
    const [job] = (await ask(`${DEPLOY}/jobs`)).body;
    expect(job.finished_build).toMatchObject({ id: 10, status: 'succeeded' });
    expect(job.next_build).toMatchObject({ id: 20, status: 'pending', start_time: -62135596800 });
    expect(job.outputs).toEqual([{ name: 'take-a-lock', resource: 'env-locks' }]);
  });

  test('jobs of an archived pipeline are shown, and the operator can limit the call', async () => {
    deploy.archive();
    expect((await ask('jobs')).body).toHaveLength(3);
    expect((await ask(DEPLOY)).body).toMatchObject({ paused: true, archived: true });
    ci.jobsLimited = 503;
    expect((await ask('jobs')).status).toBe(503);
  });
});

describe('the next inputs of a job', () => {
  const inputs = async (job: string) => {
    const { status, body } = await ask(`${DEPLOY}/jobs/${job}/inputs`);
    return status === 404 ? 404 : body.map((input: { version: unknown }) => input.version);
  };

  test('are undetermined until a build has passed them, then the newest that passed all jobs', async () => {
    deploy.found('env-locks', LOCK);
    expect(await inputs('test')).toBe(404);
    const build = deploy.build('claim', { outputs: [{ resource: 'env-locks', version: LOCK }] });
    expect(await inputs('test')).toBe(404);
    endBuild(build, 'succeeded', NOW);
    claim(OTHER);
    expect(await inputs('test')).toEqual([{ ref: 'c1' }, OTHER]);
    deploy.build('test', { status: 'succeeded', inputs: [{ resource: 'env-locks', version: LOCK }] });
    expect(await inputs('free')).toEqual([LOCK]);
  });

  test('go on showing a version that the job has used', async () => {
    claim();
    deploy.build('test', { status: 'failed', inputs: [{ resource: 'env-locks', version: LOCK }] });
    expect(await inputs('test')).toEqual([{ ref: 'c1' }, LOCK]);
  });

  test('stay what they were while the job or its pipeline is paused', async () => {
    claim();
    deploy.pauseJob('test');
    claim(OTHER);
    expect(await inputs('test')).toEqual([{ ref: 'c1' }, LOCK]);
    deploy.unpauseJob('test');
    expect(await inputs('test')).toEqual([{ ref: 'c1' }, OTHER]);
    deploy.setNextInputs('test', null);
    expect(await inputs('test')).toBe(404);
  });

  test('come with the source, and want a role also where the pipeline is public', async () => {
    claim();
    deploy.public = true;
    expect((await ask(`${DEPLOY}/jobs/test/inputs`)).text).toContain('SECRET');
    expect((await askAtc(atc, `${DEPLOY}/jobs/test/inputs`)).status).toBe(401);
    const stranger = ci.token(ci.account({ username: 'stranger' }));
    expect((await askAtc(atc, `${DEPLOY}/jobs/test/inputs`, stranger)).status).toBe(403);
  });
});
