import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { askAtc, type Reply } from '../ask-atc.ts';
import { ciModel, PASSWORD, startBuild } from '../model.ts';
import { type Atc, startAtc } from '../start-atc.ts';
import type { Ci, Pipeline } from '../types.ts';

const LOCK = { ref: 'a'.repeat(40) };
const INPUT = { resource: 'env-locks', version: LOCK };
const VERSIONS = 'teams/main/pipelines/deploy/resources/env-locks/versions';

let ci: Ci;
let deploy: Pipeline;
let atc: Atc;

beforeEach(async () => {
  ci = ciModel();
  deploy = ci.pipeline('main', 'deploy', {
    resources: ['env-locks'],
    jobs: [
      { name: 'claim', outputs: ['env-locks'] },
      { name: 'test', inputs: ['env-locks'] },
    ],
  });
  atc = await startAtc(ci);
});

afterEach(() => atc.close());

const ask = (path: string): Promise<Reply> => askAtc(atc, path, ci.token());
const idsOf = ({ body }: Reply): number[] => body.map(({ id }: { id: number }) => id).toSorted();

describe('versions', () => {
  test('the filter finds versions that have more fields, newest first', async () => {
    deploy.found('env-locks', LOCK, { ref: 'other' }, { ...LOCK, stale: 'none' });
    const { body } = await ask(`${VERSIONS}?filter=ref:${LOCK.ref}`);
    expect(body).toMatchObject([
      { version: { ...LOCK, stale: 'none' }, enabled: true },
      { version: LOCK, enabled: true },
    ]);
  });

  test('the builds that took and made one: of this pipeline, and no pending ones', async () => {
    const claimed = deploy.build('claim', { outputs: [INPUT] });
    const taker = deploy.build('test', { inputs: [INPUT] });
    const waiting = deploy.build('test', { status: 'pending', inputs: [INPUT] });
    const elsewhere = { resources: ['env-locks'], jobs: [{ name: 'test', inputs: ['env-locks'] }] };
    ci.pipeline('main', 'other', elsewhere).build('test', { inputs: [INPUT] });

    const [version] = (await ask(VERSIONS)).body;
    expect(idsOf(await ask(`${VERSIONS}/${version.id}/output_of`))).toEqual([claimed.id]);
    expect(idsOf(await ask(`${VERSIONS}/${version.id}/input_to`))).toEqual([taker.id]);
    startBuild(waiting, ci.time());
    expect(idsOf(await ask(`${VERSIONS}/${version.id}/input_to`))).toEqual([taker.id, waiting.id]);
  });

  test('after a rotation of credentials nothing is known, with 200', async () => {
    const build = deploy.build('claim', { outputs: [INPUT] });
    expect((await ask(`builds/${build.id}/resources`)).body.outputs).toEqual([
      { name: 'env-locks', version: LOCK },
    ]);
    deploy.rotateCredentials('env-locks');
    expect((await ask(`builds/${build.id}/resources`)).body).toEqual({ inputs: [], outputs: [] });
    expect((await ask(VERSIONS)).body).toEqual([]);
  });
});

describe('access', () => {
  const RUN = 'teams/main/pipelines/deploy/jobs/claim/builds/1';
  const status = async (path: string, token?: string) => (await askAtc(atc, path, token)).status;

  test('403 without a role on the team, 401 without a good token, 404 for what is not there', async () => {
    const build = deploy.build('claim');
    const stranger = ci.token(ci.account({ username: 'stranger', roles: { others: 'owner' } }));
    for (const path of [RUN, `builds/${build.id}`]) {
      expect([path, await status(path, stranger)]).toEqual([path, 403]);
      expect([path, await status(path, 'bad')]).toEqual([path, 401]);
      expect([path, await status(path)]).toEqual([path, 401]);
    }
    expect(await status('teams/main/pipelines/nowhere', stranger)).toBe(404);
    expect(await status('builds/1', stranger)).toBe(404);
  });

  test('a public pipeline answers everybody, also with a bad token; its plans only where the job is public', async () => {
    deploy.public = true;
    const build = deploy.build('claim');
    for (const token of [undefined, 'bad']) {
      expect(await status(RUN, token)).toBe(200);
      expect(await status(`builds/${build.id}/plan`, token)).toBe(401);
    }
    deploy.job('claim').public = true;
    expect(await status(`builds/${build.id}/plan`)).toBe(200);
    deploy.removeJob('claim');
    expect(await status(`builds/${build.id}/plan`)).toBe(404);
  });

  test('a bad or revoked token shows on the calls that are nobody’s', async () => {
    const token = ci.token();
    expect(await status('info', token)).toBe(200);
    ci.revokeTokens();
    for (const path of ['info', 'builds', 'user']) expect(await status(path, token)).toBe(401);
    expect(await status('info')).toBe(200);
  });
});

describe('login', () => {
  const logIn = async (path: string, password = PASSWORD, client = 'fly:Zmx5') => {
    const form = { grant_type: 'password', username: 'pool-boy', password };
    const response = await fetch(`${atc.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(client).toString('base64')}` },
      body: new URLSearchParams({ ...form, scope: 'openid profile email federated:id groups' }),
    });
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
  };

  test('gives a token that works; a wrong password is refused', async () => {
    const { status, body } = await logIn('/sky/issuer/token');
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['access_token', 'token_type', 'expires_in', 'id_token']);
    expect((await askAtc(atc, 'user', body.access_token)).body.user_id).toBe('pool-boy');
    expect(await logIn('/sky/issuer/token', 'wrong')).toMatchObject({
      status: 401,
      body: { error: 'access_denied' },
    });
    expect((await logIn('/sky/issuer/token', PASSWORD, 'fly:no')).body.error).toBe('invalid_client');
  });

  test('each generation answers on its own path only', async () => {
    expect((await logIn('/sky/token')).status).toBe(404);
    ci.login = 'legacy';
    expect(await logIn('/sky/issuer/token')).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
    expect((await logIn('/sky/token')).status).toBe(200);
  });

  test('an ATC that boots refuses the right password for a while; one without local users always', async () => {
    ci.booting = 1;
    expect((await logIn('/sky/issuer/token')).status).toBe(401);
    expect((await logIn('/sky/issuer/token')).status).toBe(200);
    ci.localUsers = false;
    expect(await logIn('/sky/issuer/token')).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
  });
});
