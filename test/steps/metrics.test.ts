import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type PushRecorder, recordPushes } from '../metrics/record-pushes.ts';
import { runProgram } from './run-program.ts';
import { startWorld, type World } from './start-world.ts';

describe('an out with a push gateway', () => {
  let world: World;
  let gateway: PushRecorder;
  let received: PushRecorder['pushes'];

  beforeEach(async () => {
    world = await startWorld();
    gateway = await recordPushes();
    received = gateway.pushes;
  });

  afterEach(async () => {
    await world.atc.close();
    await gateway.close();
  });

  const put = (params: unknown = {}) =>
    runProgram(
      'out',
      { source: world.source({ prometheus_push_gateway: gateway.address }), params },
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
    // The locks are counted all the same, and none of them can be judged.
    expect(received[0]?.body).toMatch(/^pool_boy_locks\{state="claimed"\} 1$/m);
    expect(received[0]?.body).toMatch(/^pool_boy_locks\{state="undecided"\} 1$/m);
    expect(received[0]?.body).toMatch(/^pool_boy_locks\{state="stale"\} 0$/m);
  });

  test.each([
    ['the limit is exceeded', { limit: 0 }],
    ['a pool is named that is not selected', { pools: ['gcp'] }],
    ['a claim is named that is not there', { release: [`aws/env-9@${'a'.repeat(40)}`] }],
  ])('pushes what it found also where it releases nothing: %s', async (_name, params) => {
    world.claimByBuild('env-1', { name: '2', status: 'failed' });
    expect(await put(params)).toMatchObject({ status: 1, stdout: '' });
    expect(received.map(({ method }) => method)).toEqual(['POST']);
    expect(received[0]?.body).toMatch(/^pool_boy_locks\{state="claimed"\} 1$/m);
    expect(received[0]?.body).toMatch(/^pool_boy_locks\{state="stale"\} 1$/m);
    expect(received[0]?.body).toMatch(/^pool_boy_last_run_success 0$/m);
    expect(received[0]?.body).not.toMatch(/pool_boy_last_success_timestamp/);
  });

  test('pushes what it found also where the server refuses the push', async () => {
    world.claimByBuild('env-1', { name: '2', status: 'failed' });
    const hook = join(world.repository.path, 'hooks', 'pre-receive');
    writeFileSync(hook, '#!/bin/sh\necho "not today" >&2\nexit 1\n');
    chmodSync(hook, 0o755);
    expect(await put()).toMatchObject({ status: 1 });
    expect(received[0]?.body).toMatch(/^pool_boy_locks\{state="stale"\} 1$/m);
    expect(received[0]?.body).toMatch(/^pool_boy_last_run_failures\{system="git"\} 1$/m);
  });

  test('a run that fails before it knows its branch writes to no branch', async () => {
    const source = world.source({
      uri: 'file:///nowhere/locks.git',
      prometheus_push_gateway: gateway.address,
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
