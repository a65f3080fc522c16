import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/core/failure.ts';
import { mergePolicy } from '../../src/core/policy.ts';
import { judgeClaim } from '../../src/sweep/survey/judge-claim.ts';
import type { Fault } from '../fake-atc/faults.ts';
import type { Pattern } from '../fake-atc/hooks.ts';
import { SOURCE_SECRET } from '../fake-atc/model/create-pipeline.ts';
import {
  acquired,
  deploy,
  lock,
  NOW,
  newCi,
  OTHER_CLAIM,
  onStage,
  ref,
  type Stage,
  scenario,
} from './scene.ts';

const judgeIt = async ({ concourses }: Stage) => {
  await concourses.begin();
  return (await judgeClaim(concourses, lock(), mergePolicy({}), NOW)).verdict;
};

async function failureOf(asked: Promise<unknown>, url: string): Promise<readonly string[]> {
  try {
    await asked;
  } catch (error) {
    if (error instanceof Failure) return error.sentences.map((sentence) => sentence.replaceAll(url, 'URL'));
    throw error;
  }
  throw new Error('nothing failed');
}

const BUILD = '/jobs/acquire/builds/1';
const CHECK_URL = 'check concourse.url and the proxy in front of it.';

const faults: readonly [string, Pattern, Fault, string][] = [
  [
    'a page of HTML',
    BUILD,
    { kind: 'html' },
    `URL returned a non-JSON response for /api/v1/teams/main/pipelines/deploy${BUILD}: ${CHECK_URL}`,
  ],
  [
    'broken JSON',
    BUILD,
    { kind: 'broken-json' },
    `URL returned a non-JSON response for /api/v1/teams/main/pipelines/deploy${BUILD}: ${CHECK_URL}`,
  ],
  [
    'a status that nobody knows',
    BUILD,
    { kind: 'status', status: 200, body: '{"id":1,"name":"1","status":"sleeping","team_name":"main"}' },
    `URL returned JSON of an unknown shape for /api/v1/teams/main/pipelines/deploy${BUILD} (at status): ${CHECK_URL}`,
  ],
  [
    'another shape',
    BUILD,
    { kind: 'status', status: 200, body: '[]' },
    `URL returned JSON of an unknown shape for /api/v1/teams/main/pipelines/deploy${BUILD}: ${CHECK_URL}`,
  ],
  [
    'an answer that breaks off',
    BUILD,
    { kind: 'truncated' },
    'URL cut the connection (ECONNRESET): check concourse.url, the network and the proxy.',
  ],
  [
    'a connection that is cut',
    BUILD,
    { kind: 'drop' },
    'URL cut the connection (ECONNRESET): check concourse.url, the network and the proxy.',
  ],
  [
    'no answer',
    BUILD,
    { kind: 'hang' },
    'URL gave no answer within 0.3 seconds: check concourse.url and whether Concourse is healthy.',
  ],
  [
    "a proxy's 404",
    BUILD,
    { kind: 'proxy-404' },
    `A server in front of URL or in its place answers 404 to /api/v1/teams/main/pipelines/deploy${BUILD}, not Concourse: ${CHECK_URL}`,
  ],
  [
    'an error of the server',
    BUILD,
    { kind: 'status', status: 500 },
    `URL answers 500 to /api/v1/teams/main/pipelines/deploy${BUILD}: check the ATC's log.`,
  ],
  [
    'a gateway without an ATC',
    BUILD,
    { kind: 'proxy', status: 502 },
    `A server in front of URL or in its place answers 502 to /api/v1/teams/main/pipelines/deploy${BUILD}, not Concourse: ${CHECK_URL}`,
  ],
  [
    'too many requests',
    BUILD,
    { kind: 'status', status: 429 },
    `URL limits the rate of requests (429 to /api/v1/teams/main/pipelines/deploy${BUILD}): run again later, or ask its operator for a higher limit.`,
  ],
  [
    'no content',
    BUILD,
    { kind: 'status', status: 204 },
    `URL answers 204 to /api/v1/teams/main/pipelines/deploy${BUILD}, which no ATC should: check the version of Concourse.`,
  ],
  [
    'a redirect',
    BUILD,
    { kind: 'redirect', location: 'https://login.example.com/start?next=secret' },
    "URL redirects to login.example.com, and Pool Boy follows no redirect: set concourse.url to Concourse's own URL.",
  ],
  [
    'an empty list of jobs with 404: the database fails',
    /GET \/api\/v1\/jobs$/,
    { kind: 'status', status: 404 },
    "URL answers 404 to a list request that must exist: check the ATC's log, its database may be failing.",
  ],
  [
    'an empty list of all builds with 404',
    'GET /api/v1/builds?',
    { kind: 'status', status: 404 },
    "URL answers 404 to a list request that must exist: check the ATC's log, its database may be failing.",
  ],
  [
    'takers that are not found',
    '/input_to',
    { kind: 'status', status: 404 },
    "URL answers 404 to a list request that must exist: check the ATC's log, its database may be failing.",
  ],
];

describe('an answer that cannot be trusted fails the run', () => {
  test.each(faults)('%s', async (_name, pattern, fault, sentence) => {
    const ci = newCi();
    acquired(deploy(ci), 'failed');
    await onStage(ci, { tools: { bounds: { wait: 1, request: 300, connect: 300 } } }, async (stage) => {
      stage.atc.answer(pattern, fault);
      expect(await failureOf(judgeIt(stage), stage.atc.url)).toEqual([sentence]);
    });
  });

  test.each(faults)(
    'with when_unreachable: keep it leaves the lock alone: %s',
    async (_name, pattern, fault) => {
      const ci = newCi();
      acquired(deploy(ci), 'failed');
      const config = () => ({ whenUnreachable: 'keep' as const });
      await onStage(
        ci,
        { config, tools: { bounds: { wait: 1, request: 300, connect: 300 } } },
        async (stage) => {
          stage.atc.answer(pattern, fault);
          expect((await judgeIt(stage)).reason).toBe('concourse-unreachable');
        },
      );
    },
  );

  test('once in trouble it is asked no more in this judgement, but in the next', async () => {
    const ci = newCi();
    const p = deploy(ci);
    const claims = ['1', '2', '3'].map((name) => {
      acquired(p, 'started', { name, outputs: [] });
      return lock({ commit: name.repeat(40), message: `main/deploy/acquire build ${name} claiming: L` });
    });
    const config = () => ({ whenUnreachable: 'keep' as const });
    await onStage(
      ci,
      { config, tools: { bounds: { wait: 1, attempts: 1, atOnce: 1 } } },
      async ({ atc, concourses }) => {
        const judgeAll = async () => {
          await concourses.begin();
          atc.forget();
          const judged = await Promise.all(
            claims.map((claim) => judgeClaim(concourses, claim, mergePolicy({}), NOW)),
          );
          return judged.map(({ verdict }) => verdict.reason);
        };
        atc.answer('/builds/1', { kind: 'html' }, { times: 1 });
        expect((await judgeAll())[0]).toBe('concourse-unreachable');
        expect(await judgeAll()).toEqual(['build-running', 'build-running', 'build-running']);
      },
    );
  });

  test('with when_unreachable: keep the same failure is warned of once in a run', async () => {
    const ci = newCi();
    acquired(deploy(ci), 'failed');
    const config = () => ({ whenUnreachable: 'keep' as const });
    await onStage(ci, { config }, async (stage) => {
      stage.atc.answer(BUILD, { kind: 'html' });
      for (let judgement = 0; judgement < 3; judgement += 1)
        expect((await judgeIt(stage)).reason).toBe('concourse-unreachable');
      expect(stage.logged).toHaveLength(1);
    });
  });

  test.each([
    ['a connection that is cut', { kind: 'drop' }],
    ['an answer that breaks off', { kind: 'truncated' }],
    ['a gateway without an ATC', { kind: 'proxy', status: 502 }],
    ['too many requests', { kind: 'status', status: 429, headers: { 'retry-after': '0' } }],
  ] as const)('what passes is tried again, and said: %s', async (_name, fault) => {
    const ci = newCi();
    acquired(deploy(ci), 'started');
    await onStage(ci, {}, async (stage) => {
      stage.atc.answer(BUILD, fault, { times: 2 });
      expect((await judgeIt(stage)).reason).toBe('build-running');
      expect(stage.atc.lines(BUILD)).toHaveLength(3);
      expect(stage.logged.map((line) => line.replace(/^.*Trying/s, 'Trying'))).toEqual([
        'Trying again (2 of 3).\n',
        'Trying again (3 of 3).\n',
      ]);
    });
  });

  test('an answer without end is cut off', async () => {
    const ci = newCi();
    acquired(deploy(ci), 'failed');
    await onStage(ci, { tools: { bounds: { bytes: 1000 } } }, async (stage) => {
      stage.atc.answer(BUILD, { kind: 'status', status: 200, body: ' '.repeat(500_000) });
      expect(await failureOf(judgeIt(stage), stage.atc.url)).toEqual([
        'URL answers with more than 1000 bytes: check concourse.url.',
      ]);
    });
  });

  test('nothing of a resource source is kept or said', async () => {
    const ci = newCi();
    const p = deploy(ci);
    acquired(p);
    p.setNextInputs('use', { locks: ref(OTHER_CLAIM) });
    await onStage(ci, {}, async (stage) => {
      stage.atc.answer('/jobs/use/inputs', {
        kind: 'status',
        status: 200,
        body: `[{"name":1,"source":{"k":"${SOURCE_SECRET}"}}]`,
      });
      const sentences = await failureOf(judgeIt(stage), stage.atc.url);
      expect(sentences).toEqual([
        `URL returned JSON of an unknown shape for /api/v1/teams/main/pipelines/deploy/jobs/use/inputs (at 0.name): ${CHECK_URL}`,
      ]);
      expect(JSON.stringify(stage.logged)).not.toContain(SOURCE_SECRET);
    });
  });
});

describe('what an account may not see', () => {
  scenario('a team without a role leaves its locks alone, and says what to do', {
    given: (ci) =>
      ci
        .pipeline('others', 'deploy', { resources: ['locks'], jobs: [{ name: 'acquire' }] })
        .build('acquire', { status: 'failed' }),
    claim: { message: 'others/deploy/acquire build 1 claiming: L' },
    want: 'undecided forbidden',
    detail:
      'The account pool-boy is not permitted to view team others on URL: give it the role viewer there.',
    requests: 1,
  });
  test('a 403 that is not from the ATC leaves this lock alone, too, and says who answered', async () => {
    const ci = newCi();
    acquired(deploy(ci), 'failed');
    await onStage(ci, {}, async (stage) => {
      stage.atc.answer(BUILD, { kind: 'proxy', status: 403 });
      const verdict = await judgeIt(stage);
      expect(verdict.reason).toBe('concourse-unreachable');
      expect(verdict.detail.replaceAll(stage.atc.url, 'URL')).toBe(
        `A server in front of URL or in its place answers 403 to /api/v1/teams/main/pipelines/deploy${BUILD}, not Concourse: ${CHECK_URL}`,
      );
    });
  });
  scenario('without a login a private pipeline is forbidden', {
    config: () => ({ login: { kind: 'none' } }),
    given: (ci) => acquired(deploy(ci), 'failed'),
    want: 'undecided forbidden',
    detail:
      'Without credentials nobody can view team main on URL: set the username and password, or the token, of an account that has the role viewer there.',
  });
  scenario('without a login a public pipeline is judged', {
    config: () => ({ login: { kind: 'none' } }),
    given: (ci) => acquired(deploy(ci, { public: true }), 'failed'),
    want: 'stale build-ended',
  });
  scenario('a one-off build of a team without a role', {
    given: (ci) => ci.oneOff('others', { id: 77, status: 'failed' }),
    claim: { message: 'one-off build 77 claiming: L' },
    want: 'undecided forbidden',
  });

  test('a 401 in mid-run, while the token is still good, concerns this lock only', async () => {
    const ci = newCi();
    acquired(deploy(ci), 'failed');
    await onStage(ci, {}, async (stage) => {
      stage.atc.answer(BUILD, { kind: 'status', status: 401 });
      expect((await judgeIt(stage)).reason).toBe('forbidden');
      expect(stage.atc.lines('/api/v1/info')).toHaveLength(2);
    });
  });

  test('a 401 in mid-run, because the token has ended, fails the run', async () => {
    const ci = newCi();
    acquired(deploy(ci), 'failed');
    await onStage(ci, {}, async (stage) => {
      stage.atc.onRequest(BUILD, () => ci.revokeTokens());
      expect(await failureOf(judgeIt(stage), stage.atc.url)).toEqual([
        'The token that URL gave to pool-boy expired during the run, and nothing was decided with it: run again.',
      ]);
    });
  });
});
