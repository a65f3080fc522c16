import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runProgram } from './run-program.ts';
import { startWorld, type World } from './start-world.ts';

describe('an out with a push gateway', () => {
  let world: World;
  const received: { method: string; path: string; body: string }[] = [];
  const gateway = createServer(async (request, response) => {
    received.push({ method: request.method ?? '', path: request.url ?? '', body: await text(request) });
    response.end();
  });

  beforeEach(async () => {
    received.length = 0;
    world = await startWorld();
    await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    await world.atc.close();
    await new Promise((resolve) => gateway.close(resolve));
  });

  const address = () => `127.0.0.1:${(gateway.address() as AddressInfo).port}`;
  const put = () =>
    runProgram(
      'out',
      { source: world.source({ prometheus_push_gateway: address() }), params: {} },
      { args: ['/tmp'] },
    );

  test('pushes what it left and what it released, a group for the pool', async () => {
    world.claimByBuild('env-1', { name: '2', status: 'failed' });
    expect(await put()).toMatchObject({ status: 0 });
    // The source names no branch: what an early failure may have left is taken away.
    expect(received.map(({ method }) => method).sort()).toEqual(['DELETE', 'PUT']);
    received.sort((a, b) => b.method.localeCompare(a.method));
    expect(received[0]).toMatchObject({
      method: 'PUT',
      path: expect.stringMatching(/^\/metrics\/job\/concourse_pool_boy\//),
    });
    expect(received[0]?.body).toMatch(/^\w+\{[^}]*state="claimed"[^}]*\} 0$/m);
    expect(received[0]?.body).toMatch(/^\w+\{[^}]*reason="build-ended"[^}]*\} 1$/m);
  });

  test('says that a run failed for Concourse, and keeps what the gateway knows beside it', async () => {
    world.claimByBuild('env-1', { name: '2', status: 'failed' });
    world.atc.answer('/api/v1/info', { kind: 'html' });
    expect(await put()).toMatchObject({ status: 1 });
    expect(received.map(({ method }) => method)).toEqual(['POST']);
    expect(received[0]?.body).toMatch(/failures\w*\{[^}]*atc[^}]*\} 1$/m);
  });

  test('a run that fails before it knows its branch writes to no branch', async () => {
    const source = world.source({
      uri: 'file:///nowhere/locks.git',
      prometheus_push_gateway: address(),
    });
    expect(await runProgram('out', { source, params: {} }, { args: ['/tmp'] })).toMatchObject({ status: 1 });
    expect(received.map(({ method, path }) => [method, path.includes('/branch@base64/=/')])).toEqual([
      ['POST', true],
    ]);
  });

  test('a gateway that is down costs one warning, and never the run', async () => {
    world.claimByBuild('env-1', { name: '2', status: 'failed' });
    const source = world.source({ prometheus_push_gateway: 'http://127.0.0.1:1' });
    const ran = await runProgram('out', { source, params: {} }, { args: ['/tmp'] });
    expect(ran).toMatchObject({ status: 0, answer: { version: { ref: world.repository.head() } } });
    expect(ran.stderr.match(/warning: /g)).toHaveLength(1);
  });
});
