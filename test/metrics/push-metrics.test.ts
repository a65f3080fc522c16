import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type MetricsInput, metricsPushes } from '../../src/metrics/metrics.ts';
import { pushMetrics } from '../../src/metrics/push-metrics.ts';
import { describeWith } from '../external-program.ts';
import { claimedLock, freeLock, NOW, poolOf, reportOf } from '../report/make-reports.ts';
import { type Gateway, startGateway } from './start-gateway.ts';

const run = { succeeded: true, finishedAt: NOW, durationSeconds: 2, failures: { atc: 0, git: 0 } };
const failed = { ...run, succeeded: false };
const repository = { uri: 'git@git.example:infra/locks.git', branch: 'main' };
const labels = 'branch="main",instance="",job="concourse_pool_boy"';

async function push(url: string, input: Partial<MetricsInput>, timeout = 5_000): Promise<string[]> {
  const warnings: string[] = [];
  const pushes = metricsPushes({
    repository,
    run: input.report ? run : failed,
    report: null,
    namedPools: ['aws'],
    ...input,
  });
  const { signal } = new AbortController();
  await pushMetrics({ url, pushes, signal, warn: (text) => warnings.push(text), timeout });
  return warnings;
}

describeWith('prometheus-pushgateway', 'prometheus-pushgateway', 'A push gateway', (program) => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway(program);
  });
  afterAll(() => gateway.stop());

  const samplesOf = async (name: string, more = '') =>
    (await gateway.samples()).filter((line) => line.startsWith(name) && line.includes(more));

  test('takes pools of any name, each in a group of its own', async () => {
    const names = ['aws', 'cf-deployment/experimental', 'a "b" ü%?#/../x'];
    const report = reportOf(names.map((name) => poolOf(name, [claimedLock('a'), freeLock('b')])));
    // Without a scheme it is http.
    expect(await push(gateway.url.replace('http://', ''), { report })).toEqual([]);
    expect(await samplesOf('pool_boy_locks', 'state="claimed"')).toEqual(
      ['a \\"b\\" ü%?#/../x', 'aws', 'cf-deployment/experimental'].map(
        (pool) =>
          `pool_boy_locks{${labels},pool="${pool}",repository="git@git.example:infra/locks.git",state="claimed"} 1`,
      ),
    );
  });

  test('forgets what the group no longer has', async () => {
    const lock = { lock: 'x', commit: 'c', claim: 'd', held_seconds: 60, to: null };
    const released = [{ pool: 'aws', reason: 'kept', ...lock }];
    await push(gateway.url, { report: reportOf([poolOf('aws', [])], { released }) });
    expect(await samplesOf('pool_boy_last_run_released_locks', 'reason="kept"')).toHaveLength(1);
    await push(gateway.url, { report: reportOf([poolOf('aws', [])]) });
    expect(await samplesOf('pool_boy_last_run_released_locks', 'reason="kept"')).toEqual([]);
  });

  test('remembers the last success, and the locks, over a run that failed', async () => {
    await push(gateway.url, { report: reportOf([poolOf('aws', [claimedLock('a')])]) });
    await push(gateway.url, { run: { ...failed, finishedAt: NOW + 60 } });
    expect(await samplesOf('pool_boy_last_run_success', 'pool="aws"')).toEqual([
      expect.stringMatching(/ 0$/),
    ]);
    expect(await samplesOf('pool_boy_last_success_timestamp_seconds', 'pool="aws"')).toEqual([
      expect.stringMatching(/ 1\.7955216e\+09$/),
    ]);
    expect(await samplesOf('pool_boy_locks', 'pool="aws"')).toHaveLength(4);
  });

  test('takes a group without a pool', async () => {
    expect(await push(gateway.url, { namedPools: [] })).toEqual([]);
    const without = (await samplesOf('pool_boy_last_run_success')).filter((line) => !/pool="[^"]/.test(line));
    expect(without).toHaveLength(1);
  });

  test('forgets an early failure once a run has succeeded', async () => {
    const { uri } = repository;
    const named = { namedPools: ['early'], asksForBranch: true };
    await push(gateway.url, { ...named, repository: { uri, branch: null } });
    expect(await samplesOf('pool_boy_last_run_success', 'pool="early"')).toEqual([
      expect.stringMatching(/ 0$/),
    ]);
    expect(await push(gateway.url, { ...named, report: reportOf([poolOf('early', [])]) })).toEqual([]);
    expect(await samplesOf('pool_boy_last_run_success', 'pool="early"')).toEqual([
      expect.stringMatching(/ 1$/),
    ]);
  });

  test('that refuses costs one warning', async () => {
    const [warning, ...more] = await push(`${gateway.url}/no-such-prefix/`, {
      report: reportOf(['a', 'b', 'c'].map((name) => poolOf(name, []))),
    });
    expect(more).toEqual([]);
    expect(warning).toBe(
      `The metrics could not be pushed to ${gateway.url}/no-such-prefix: it answered 404 (404 page not found); the run is not affected.`,
    );
  });
});

describe('One warning, and no failure, when the gateway', () => {
  test('is down', async () => {
    const { url, close } = await listen(() => {});
    await close();
    expect(await push(url, {})).toEqual([
      `The metrics could not be pushed to ${url}: connect ECONNREFUSED ${url.slice('http://'.length)}; the run is not affected.`,
    ]);
  });

  test('does not answer in time', async () => {
    await withServer(
      () => {},
      async (url) => {
        expect(await push(url, {}, 50)).toEqual([
          `The metrics could not be pushed to ${url}: it did not answer in time; the run is not affected.`,
        ]);
      },
    );
  });

  test('sends us elsewhere', async () => {
    await withServer(
      (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      async (url) => {
        expect(await push(url, {})).toEqual([
          `The metrics could not be pushed to ${url}: it answered 302; the run is not affected.`,
        ]);
      },
    );
  });

  test.each(['ftp://gateway.example', 'http://', 'http://[x'])('is no URL of http: %s', async (url) => {
    expect(await push(url, {})).toEqual([
      'The metrics were not pushed: prometheus_push_gateway is not an http(s) URL.',
    ]);
  });
});

test('A user and a password in the URL go into a header, and not into a warning', async () => {
  const seen: (string | undefined)[] = [];
  await withServer(
    (request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(500).end('out of order\nsecond line');
    },
    async (url) => {
      const withPassword = `${url.replace('http://', 'http://ann:s%2Fcret@')}/prefix/`;
      expect(await push(withPassword, {})).toEqual([
        `The metrics could not be pushed to ${url}/prefix: it answered 500 (out of order); the run is not affected.`,
      ]);
    },
  );
  expect(seen).toEqual([`Basic ${Buffer.from('ann:s/cret').toString('base64')}`]);
});

test('A run that is told to stop does not wait, nor complain', async () => {
  const warnings: string[] = [];
  const pushes = metricsPushes({ repository, run: failed, report: null, namedPools: ['aws'] });
  await pushMetrics({
    url: 'http://127.0.0.1:1',
    pushes,
    signal: AbortSignal.abort(),
    warn: (text) => warnings.push(text),
  });
  expect(warnings).toEqual([]);
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function withServer(handler: Handler, use: (url: string) => Promise<void>): Promise<void> {
  const { url, close } = await listen(handler);
  try {
    await use(url);
  } finally {
    await close();
  }
}

async function listen(handler: Handler): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${address.port}`, close };
}
