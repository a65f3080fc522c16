import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { askAtc } from './ask-atc.ts';
import type { Fault } from './faults.ts';
import { ciModel } from './model.ts';
import { type Atc, startAtc } from './start-atc.ts';
import { startProxy } from './start-proxy.ts';

let atc: Atc;

beforeEach(async () => {
  atc = await startAtc(ciModel());
});

afterEach(() => atc.close());

test('a doubled slash is answered 307, and every request is on record', async () => {
  const response = await fetch(`${atc.url}//api/v1/info?a=1`, {
    redirect: 'manual',
    headers: { 'user-agent': 'me', authorization: 'Bearer x' },
  });
  expect([response.status, response.headers.get('location')]).toEqual([307, '/api/v1/info?a=1']);
  expect(atc.lines()).toEqual(['GET //api/v1/info?a=1']);
  expect(atc.requests[0]).toMatchObject({ query: 'a=1', userAgent: 'me', authorization: 'Bearer x' });
});

test.each<[string, Fault, object]>([
  ['a status', { kind: 'status', status: 500, body: 'oops' }, { status: 500, text: 'oops' }],
  ['a login page', { kind: 'html' }, { status: 200, body: null }],
  ['broken JSON', { kind: 'broken-json' }, { status: 200, body: null }],
  ['the 404 of a proxy', { kind: 'proxy-404' }, { status: 404, body: null }],
  ['a redirect', { kind: 'redirect', location: 'http://elsewhere/' }, { status: 301 }],
])('%s is given as often as asked, then the right answer', async (_name, fault, want) => {
  atc.answer('GET /api/v1/info', fault, { times: 1 });
  const { headers, ...got } = await askAtc(atc, 'info');
  expect(got).toMatchObject(want);
  expect(headers.has('x-concourse-version')).toBe(['status', 'broken-json'].includes(fault.kind));
  expect((await askAtc(atc, 'info')).body.version).toBe('8.2.5');
});

test('of two faults the newer one goes first, and uses up only itself', async () => {
  atc.answer('/info', { kind: 'status', status: 500 }, { times: 1 });
  atc.answer('/info', { kind: 'status', status: 502 }, { times: 1 });
  const statuses = [await askAtc(atc, 'info'), await askAtc(atc, 'info'), await askAtc(atc, 'info')];
  expect(statuses.map(({ status }) => status)).toEqual([502, 500, 200]);
});

test.each<[string, Fault]>([
  ['a truncated answer', { kind: 'truncated' }],
  ['a dropped connection', { kind: 'drop' }],
])('%s is no answer', async (_name, fault) => {
  const end = atc.answer(/info$/, fault);
  await expect(askAtc(atc, 'info')).rejects.toThrow();
  end();
  expect((await askAtc(atc, 'info')).status).toBe(200);
});

test('a request that hangs ends when the server is closed', async () => {
  atc.answer('/info', { kind: 'hang' });
  const never = askAtc(atc, 'info');
  const failed = expect(never).rejects.toThrow();
  while (atc.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await atc.close();
  await failed;
});

test('the model can change in the middle of a run', async () => {
  const ci = ciModel();
  const other = await startAtc(ci);
  other.onRequest('/info', () => {
    ci.version = '9.0.0';
  });
  expect((await askAtc(other, 'info')).body.version).toBe('9.0.0');
  await other.close();
});

test('requests that overlap are counted', async () => {
  atc.answer('/info', { kind: 'slow', milliseconds: 50 });
  await Promise.all([askAtc(atc, 'info'), askAtc(atc, 'info'), askAtc(atc, 'info')]);
  expect(atc.mostAtOnce()).toBe(3);
});

test('the proxy passes requests on, opens tunnels, and records both', async () => {
  const proxy = await startProxy();
  const { hostname, port } = new URL(proxy.url);
  const host = new URL(atc.url).host;

  const passed = await new Promise<string>((resolve, reject) => {
    request({ hostname, port, path: `${atc.url}/api/v1/info` }, (answer) => resolve(text(answer)))
      .on('error', reject)
      .end();
  });
  expect(JSON.parse(passed).version).toBe('8.2.5');

  const tunnel = connect(Number(port), hostname);
  tunnel.write(`CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  await new Promise((resolve) => tunnel.once('data', resolve));
  tunnel.write(`GET /api/v1/info HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  expect(await text(tunnel)).toContain('8.2.5');

  expect(proxy.requests.map(({ method, target }) => `${method} ${target}`)).toEqual([
    `GET ${atc.url}/api/v1/info`,
    `CONNECT ${host}`,
  ]);
  await proxy.close();
});
