import { describe, expect, test } from '@jest/globals';
import { openConcourses } from '../../../src/atc/concourses.ts';
import { Failure } from '../../../src/core/failure.ts';
import { mergePolicy } from '../../../src/core/policy.ts';
import { createLifetime } from '../../../src/runtime/lifetime.ts';
import { judgeClaim } from '../../../src/sweep/survey/judge-claim.ts';
import { acquired, configFor, deploy, lock, NOW, newCi, onStage, ref, toolsFor } from '../scene.ts';

describe('connections', () => {
  test('go out a few at a time, and nothing is requested twice', async () => {
    const ci = newCi();
    const p = deploy(ci);
    // Few enough to need no lists.
    const claims = Array.from({ length: 10 }, (_, i) => {
      const commit = String(i + 10).repeat(20);
      acquired(p, 'failed', { name: String(i + 1), outputs: [{ resource: 'locks', version: ref(commit) }] });
      return lock({ commit, message: `main/deploy/acquire build ${i + 1} claiming: L` });
    });
    await onStage(ci, { tools: { bounds: { atOnce: 4 } } }, async ({ atc, concourses }) => {
      await concourses.begin();
      atc.answer('/builds/', { kind: 'slow', milliseconds: 20 });
      await Promise.all(claims.map((claim) => judgeClaim(concourses, claim, mergePolicy({}), NOW)));
      expect(atc.mostAtOnce()).toBe(4);
      expect(new Set(atc.lines()).size).toBe(atc.lines().length);
    });
  });

  test('two locks of one build are one request', async () => {
    const ci = newCi();
    acquired(deploy(ci), 'started', { outputs: [] });
    await onStage(ci, {}, async ({ atc, concourses }) => {
      await concourses.begin();
      atc.forget();
      const claims = [lock(), lock({ commit: 'e'.repeat(40) })];
      await Promise.all(claims.map((claim) => judgeClaim(concourses, claim, mergePolicy({}), NOW)));
      expect(atc.lines()).toHaveLength(1);
    });
  });

  test('a run that is told to stop waits for no answer', async () => {
    const ci = newCi();
    acquired(deploy(ci), 'started');
    await onStage(ci, {}, async ({ atc, concourses, lifetime }) => {
      await concourses.begin();
      atc.answer('/builds/1', { kind: 'hang' });
      atc.onRequest('/builds/1', () => lifetime.stop());
      await expect(judgeClaim(concourses, lock(), mergePolicy({}), NOW)).rejects.toThrow(
        'This operation was aborted',
      );
    });
  });

  test('a host that is not there fails the run', async () => {
    const lifetime = createLifetime();
    const concourses = openConcourses([configFor('http://127.0.0.1:1')], toolsFor(lifetime, []));
    await expect(concourses.begin()).rejects.toEqual(
      new Failure(
        'http://127.0.0.1:1 refused the connection (ECONNREFUSED): check concourse.url, the network and the proxy.',
      ),
    );
  });

  test('of several Concourses in trouble each is named', async () => {
    const configs = [configFor('http://127.0.0.1:1'), configFor('http://127.0.0.1:2')];
    const concourses = openConcourses(configs, toolsFor(createLifetime(), []));
    await expect(concourses.begin()).rejects.toMatchObject({
      sentences: [expect.any(String), expect.any(String)],
    });
  });
});

describe('a server that limits the rate of requests', () => {
  const BUILD = '/jobs/acquire/builds/1';
  const judgeIt = async (concourses: Parameters<typeof judgeClaim>[0]) =>
    (await judgeClaim(concourses, lock(), mergePolicy({}), NOW)).verdict.reason;

  test.each([
    ['seconds', () => '1'],
    ['a date', () => new Date(Date.now() + 1_500).toUTCString()],
  ])('is given the pause that it asks for in %s, and no attempt is counted', async (_name, retryAfter) => {
    const ci = newCi();
    acquired(deploy(ci), 'started');
    await onStage(ci, { tools: { bounds: { attempts: 1 } } }, async ({ atc, concourses, logged }) => {
      await concourses.begin();
      const headers = { 'retry-after': retryAfter() };
      atc.answer(BUILD, { kind: 'proxy', status: 429, headers }, { times: 1 });
      const asked: number[] = [];
      atc.onRequest(BUILD, () => void asked.push(performance.now()));
      expect(await judgeIt(concourses)).toBe('build-running');
      const [first = 0, second = 0] = asked;
      expect(second - first).toBeGreaterThan(400);
      expect(logged.map((line) => line.replaceAll(atc.url, 'URL'))).toEqual([
        expect.stringMatching(
          /^A server in front of URL or in its place limits the rate of requests \(429 to \S+, and asks to wait [12] seconds\): run again later, or ask its operator for a higher limit\. Trying again after that\.\n$/,
        ),
      ]);
    });
  });

  test('holds up every request, and says so once', async () => {
    const ci = newCi();
    const p = deploy(ci);
    const claims = Array.from({ length: 8 }, (_, i) => {
      acquired(p, 'started', { name: String(i + 1), outputs: [] });
      return lock({
        commit: String(i + 10).repeat(20),
        message: `main/deploy/acquire build ${i + 1} claiming: L`,
      });
    });
    await onStage(
      ci,
      { tools: { bounds: { attempts: 1, atOnce: 4 } } },
      async ({ atc, concourses, logged }) => {
        await concourses.begin();
        atc.answer(
          '/builds/',
          { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
          { times: 4 },
        );
        atc.forget();
        const judged = await Promise.all(
          claims.map((claim) => judgeClaim(concourses, claim, mergePolicy({}), NOW)),
        );
        expect(new Set(judged.map(({ verdict }) => verdict.reason))).toEqual(new Set(['build-running']));
        expect(atc.lines()).toHaveLength(4 + claims.length);
        expect(logged).toHaveLength(1);
      },
    );
  });

  test('is not waited for when it asks for more than the bounds grant', async () => {
    const ci = newCi();
    acquired(deploy(ci), 'started');
    await onStage(ci, {}, async ({ atc, concourses }) => {
      await concourses.begin();
      atc.answer(BUILD, { kind: 'status', status: 429, headers: { 'retry-after': '3600' } });
      await expect(judgeIt(concourses)).rejects.toThrow(
        `${atc.url} limits the rate of requests (429 to /api/v1/teams/main/pipelines/deploy${BUILD}, and asks to wait 3600 seconds): run again later, or ask its operator for a higher limit.`,
      );
      expect(atc.lines(BUILD)).toHaveLength(1);
    });
  });
});

describe('all time that a run loses to a Concourse is bounded', () => {
  test('requests that get no answer: once it is used up, nothing is requested any more', async () => {
    const config = () => ({ whenUnreachable: 'keep' as const });
    // Three requests fit in, also where a busy machine is late by a third of each; four never do.
    const bounds = { request: 400, connect: 400, patience: 1180 };
    await onStage(newCi(), { config, tools: { bounds } }, async ({ atc, concourses }) => {
      atc.answer('/api/v1/info', { kind: 'hang' });
      for (let judgement = 0; judgement < 10; judgement += 1) await concourses.begin();
      expect(atc.lines('/api/v1/info')).toHaveLength(3);
    });
  });

  test('pauses that the server asks for again and again', async () => {
    const bounds = { patience: 2500 };
    await onStage(newCi(), { tools: { bounds } }, async ({ atc, concourses }) => {
      atc.answer('/api/v1/info', { kind: 'status', status: 503, headers: { 'retry-after': '1' } });
      await expect(concourses.begin()).rejects.toThrow("answers 503 to /api/v1/info: check the ATC's log.");
      expect(atc.lines('/api/v1/info')).toHaveLength(3);
    });
  });

  test('time in which requests are answered does not count', async () => {
    const ci = newCi();
    acquired(deploy(ci), 'started');
    const bounds = { request: 500, connect: 500, patience: 500 };
    await onStage(ci, { tools: { bounds } }, async ({ atc, concourses }) => {
      atc.answer('/api/v1/', { kind: 'slow', milliseconds: 130 });
      for (let judgement = 0; judgement < 4; judgement += 1) await concourses.begin();
      expect(atc.lines('/api/v1/info')).toHaveLength(4);
    });
  });
});
