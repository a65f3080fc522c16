import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/core/failure.ts';
import { mergePolicy } from '../../../src/core/policy.ts';
import type { Login } from '../../../src/core/source/concourse-source.ts';
import { createMask } from '../../../src/runtime/secret-mask.ts';
import { judgeClaim } from '../../../src/sweep/survey/judge-claim.ts';
import { PASSWORD } from '../../fake-atc/model.ts';
import { acquired, deploy, lock, NOW, newCi, onStage, type Stage } from '../scene.ts';

async function failureOf({ concourses, atc }: Stage): Promise<readonly string[]> {
  try {
    await concourses.begin();
  } catch (error) {
    if (error instanceof Failure)
      return error.sentences.map((sentence) =>
        sentence.replaceAll(atc.url, 'URL').replaceAll(new URL(atc.url).host, 'HOST'),
      );
    throw error;
  }
  throw new Error('nothing failed');
}

const password = (given: string): Login => ({
  kind: 'password',
  username: 'pool-boy',
  password: given,
});

describe('logging in', () => {
  test('nothing is asked before a judgement begins', async () => {
    await onStage(newCi(), {}, async ({ atc, concourses }) => {
      expect(concourses.infos()).toEqual([{ url: atc.url, version: null }]);
      expect(atc.lines()).toEqual([]);
    });
  });

  test('since 6.1: the new path, then info with the token, then nothing but questions', async () => {
    const ci = newCi();
    acquired(deploy(ci), 'started');
    await onStage(ci, {}, async ({ atc, concourses }) => {
      await concourses.begin();
      await judgeClaim(concourses, lock(), mergePolicy({}), NOW);
      expect(atc.lines()).toEqual([
        'POST /sky/issuer/token',
        'GET /api/v1/info',
        'GET /api/v1/teams/main/pipelines/deploy/jobs/acquire/builds/1',
      ]);
      const [, info, build] = atc.requests.map(({ authorization }) => authorization);
      expect(info).toBe(`Bearer ${[...ci.tokens.keys()][0]}`);
      expect(build).toBe(info);
      expect(atc.requests.map(({ userAgent }) => userAgent)).toEqual(['pool-boy', 'pool-boy', 'pool-boy']);
      expect(concourses.infos()).toEqual([{ url: atc.url, version: '8.2.5' }]);
      expect(concourses.now()).toBe(NOW);
    });
  });

  test('before 6.1: the old path after the new one is refused', async () => {
    await onStage(newCi({ login: 'legacy' }), {}, async ({ atc, concourses }) => {
      await concourses.begin();
      expect(atc.lines()).toEqual(['POST /sky/issuer/token', 'POST /sky/token', 'GET /api/v1/info']);
    });
  });

  test('once: the next judgement asks only whether the token is still good', async () => {
    await onStage(newCi(), {}, async ({ atc, concourses }) => {
      await concourses.begin();
      atc.forget();
      await concourses.begin();
      expect(atc.lines()).toEqual(['GET /api/v1/info']);
    });
  });

  test('a right password is refused once by an ATC that is starting', async () => {
    await onStage(newCi({ booting: 1 }), {}, async ({ concourses, logged, atc }) => {
      await concourses.begin();
      expect(logged.map((line) => line.replaceAll(atc.url, 'URL'))).toEqual([
        'URL refuses the password: trying once more, in case it is still starting.\n',
      ]);
    });
  });

  test('the token is one of the secrets, and so is the one that comes with it', async () => {
    const mask = createMask();
    const ci = newCi();
    await onStage(ci, { tools: { mask } }, async ({ atc, concourses }) => {
      atc.answer('/sky/issuer/token', {
        kind: 'status',
        status: 200,
        body: `{"access_token":"${ci.token()}","id_token":"the-id-token"}`,
      });
      await concourses.begin();
      expect(mask.apply(`${[...ci.tokens.keys()][0]} the-id-token ${PASSWORD}`)).toBe('*** *** ***');
    });
  });

  test('a token that was given is used as it is', async () => {
    const ci = newCi();
    await onStage(
      ci,
      { config: () => ({ login: { kind: 'token', token: ci.token() } }) },
      async ({ atc, concourses }) => {
        await concourses.begin();
        expect(atc.lines()).toEqual(['GET /api/v1/info']);
      },
    );
  });

  test('without a login no header is sent', async () => {
    await onStage(newCi(), { config: () => ({ login: { kind: 'none' } }) }, async ({ atc, concourses }) => {
      await concourses.begin();
      expect(atc.requests.map(({ authorization }) => authorization)).toEqual([undefined]);
    });
  });

  test('a slash at the end of the URL is dropped: a doubled one is answered with a redirect', async () => {
    await onStage(newCi(), { config: (url) => ({ url: `${url}/` }) }, async ({ atc, concourses }) => {
      await concourses.begin();
      expect(atc.lines()).toEqual(['POST /sky/issuer/token', 'GET /api/v1/info']);
    });
  });

  const refused: readonly [string, Parameters<typeof newCi>[0], Login, string][] = [
    [
      'a wrong password',
      {},
      password('wrong'),
      'URL refuses the password of pool-boy: check concourse.username and concourse.password.',
    ],
    [
      'no local users',
      { localUsers: false },
      password(PASSWORD),
      'URL has no local users, so a password cannot log in: add a local user, or set concourse.token.',
    ],
    [
      'a bad token',
      {},
      { kind: 'token', token: 'expired' },
      'URL rejects the token, which may have expired: set a new concourse.token, or a username and password.',
    ],
  ];
  test.each(refused)('refused: %s', async (_name, options, login, sentence) => {
    await onStage(newCi(options), { config: () => ({ login }) }, async (stage) => {
      expect(await failureOf(stage)).toEqual([sentence]);
    });
  });

  test.each(refused)('refused, with when_unreachable: keep: %s', async (_name, options, login) => {
    const ci = newCi(options);
    acquired(deploy(ci), 'failed');
    await onStage(ci, { config: () => ({ login, whenUnreachable: 'keep' }) }, async ({ concourses }) => {
      await concourses.begin();
      const { verdict } = await judgeClaim(concourses, lock(), mergePolicy({}), NOW);
      expect(verdict.reason).toBe('concourse-unreachable');
    });
  });

  test.each([
    [
      'HTML instead of a token',
      'POST',
      { kind: 'html' },
      'URL answers the login with something other than a token: check concourse.url.',
    ],
    [
      'a redirect, which would carry the password elsewhere',
      'POST',
      { kind: 'redirect', status: 308, location: 'https://evil.example.com/' },
      "URL redirects to evil.example.com, and Pool Boy follows no redirect: set concourse.url to Concourse's own URL.",
    ],
    [
      'a redirect to HTTPS on the same host',
      'POST',
      { kind: 'redirect', location: 'https://127.0.0.1/sky/issuer/token' },
      'URL redirects to HTTPS: set concourse.url to https://127.0.0.1.',
    ],
    [
      'a redirect to a login page on the same host',
      'POST',
      { kind: 'redirect', location: '/oauth2/start?rd=secret' },
      "URL redirects to HOST/oauth2/start, and Pool Boy follows no redirect: set concourse.url to Concourse's own URL.",
    ],
    [
      'a token endpoint that is not that of a Concourse',
      'POST',
      { kind: 'proxy', status: 401, body: '{"error":"invalid_client","error_description":"secret"}' },
      'The token endpoint of URL does not know the client fly (401 invalid_client), as every Concourse does: check concourse.url.',
    ],
    [
      'such a one, which has nothing under the old path',
      /issuer/,
      { kind: 'proxy', status: 401, body: '{"error":"invalid_client"}' },
      'The token endpoint of URL does not know the client fly (401 invalid_client), as every Concourse does: check concourse.url.',
    ],
    [
      'a 403 that is no refusal of a token endpoint',
      'POST',
      { kind: 'proxy', status: 403 },
      'A server in front of URL or in its place answers 403 to /sky/issuer/token, not Concourse: check concourse.url and the proxy in front of it.',
    ],
    [
      'a 407 that comes from no proxy of ours',
      'POST',
      { kind: 'proxy', status: 407 },
      "A proxy on the way to URL requires a login (407): set the proxy's variable to http://USER:PASSWORD@HOST:PORT.",
    ],
    [
      'a 401 to info that is not from the ATC',
      '/info',
      { kind: 'proxy', status: 401 },
      'A server in front of URL or in its place answers 401 to /api/v1/info, not Concourse: check concourse.url and the proxy in front of it.',
    ],
    [
      'no login under either path',
      'POST',
      { kind: 'proxy-404' },
      'URL offers no login for a password (404): check concourse.url.',
    ],
    [
      'a refusal in other words',
      'POST',
      { kind: 'status', status: 400, body: '{"error":"ldap","error_description":"no answer"}' },
      'URL refuses the login of pool-boy (400: ldap, no answer).',
    ],
    [
      'HTML instead of info',
      '/info',
      { kind: 'html' },
      'URL returned a non-JSON response for /api/v1/info: check concourse.url and the proxy in front of it.',
    ],
    [
      'an error of the server',
      '/info',
      { kind: 'status', status: 500 },
      "URL answers 500 to /api/v1/info: check the ATC's log.",
    ],
  ] as const)('fails: %s', async (_name, pattern, fault, sentence) => {
    await onStage(newCi(), {}, async (stage) => {
      stage.atc.answer(pattern, fault);
      expect(await failureOf(stage)).toEqual([sentence]);
    });
  });

  test('a token that ended between two judgements is replaced, and all else requested with the new one', async () => {
    const ci = newCi();
    acquired(deploy(ci), 'started');
    await onStage(ci, {}, async ({ atc, concourses }) => {
      await concourses.begin();
      ci.revokeTokens();
      atc.forget();
      await concourses.begin();
      expect(atc.lines()).toEqual(['GET /api/v1/info', 'POST /sky/issuer/token', 'GET /api/v1/info']);
      const { verdict } = await judgeClaim(concourses, lock(), mergePolicy({}), NOW);
      expect(verdict.reason).toBe('build-running');
    });
  });

  test('a token that is rejected a moment after the login', async () => {
    await onStage(newCi(), {}, async (stage) => {
      stage.atc.answer('/info', { kind: 'status', status: 401 });
      expect(await failureOf(stage)).toEqual([
        'URL rejects the token that it gave to pool-boy a moment ago: check whether several Concourses share this address.',
      ]);
    });
  });

  test.each([
    [
      'a token of the source',
      undefined,
      'The token for URL expired during the run: set a new concourse.token, or a username and password.',
    ],
    [
      'a token of fly',
      'fly --target ci login',
      'The token for URL expired during the run: log in again with: fly --target ci login',
    ],
  ])('that ends in mid-run: %s', async (_name, renewWith, sentence) => {
    const ci = newCi();
    acquired(deploy(ci), 'failed');
    const login = (): Login => ({
      kind: 'token',
      token: ci.token(),
      ...(renewWith === undefined ? {} : { renewWith }),
    });
    await onStage(ci, { config: () => ({ login: login() }) }, async ({ atc, concourses }) => {
      await concourses.begin();
      atc.onRequest('/builds/1', () => ci.revokeTokens());
      await expect(judgeClaim(concourses, lock(), mergePolicy({}), NOW)).rejects.toThrow(
        sentence.replace('URL', atc.url),
      );
    });
  });

  test('a clock that is 5 minutes off is tolerated, and the ATC has the time', async () => {
    await onStage(newCi(), { tools: { clock: () => NOW + 300 } }, async ({ concourses }) => {
      await concourses.begin();
      expect(concourses.now()).toBe(NOW);
    });
  });

  test('a clock that is further off fails the run', async () => {
    await onStage(newCi(), { tools: { clock: () => NOW - 400 } }, async (stage) => {
      expect(await failureOf(stage)).toEqual([
        'The clock here and that of URL are 400 seconds apart, so ages mean nothing: set the one that is wrong.',
      ]);
    });
  });
});
