import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PASSWORD } from '../fake-atc/model.ts';
import { DIST } from './run-program.ts';
import { startWorld, type World } from './start-world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
  world.claimByBuild('env-1', { name: '2', status: 'failed' });
});
afterEach(() => world.atc.close());

const commands = (): [program: string, args: string[], stdin: string][] => [
  ['out', ['/tmp'], JSON.stringify({ source: world.source(), params: {} })],
  [
    'pool-boy',
    ['--repo', world.repository.path, '--pools', 'aws', '--concourse-url', world.atc.url]
      .concat(['--concourse-username', 'pool-boy'])
      .concat(['clean', '--yes']),
    '',
  ],
];

async function run(which: 0 | 1, broken: 'stdout-closed' | 'stdout-full' | 'stderr-closed') {
  const [program, args, stdin] = commands()[which] ?? ['', [], ''];
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, [join(DIST, program), ...args], {
    env: { PATH: process.env.PATH, TMPDIR: world.folder, CONCOURSE_PASSWORD: PASSWORD },
    stdio: ['pipe', broken === 'stdout-full' ? full : 'pipe', 'pipe'],
  });
  closeSync(full);
  // Before the program has begun, so that its first word already finds nobody.
  if (broken === 'stdout-closed') child.stdout?.destroy();
  if (broken === 'stderr-closed') child.stderr?.destroy();
  child.stdin?.end(stdin);
  const closed = new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  const stderr = broken === 'stderr-closed' || child.stderr === null ? '' : await text(child.stderr);
  return { status: await closed, stderr };
}

describe.each([
  ['out', 0],
  ['pool-boy clean', 1],
] as const)('%s', (_name, which) => {
  test('goes on when nobody reads its log', async () => {
    expect(await run(which, 'stderr-closed')).toMatchObject({ status: 0 });
    expect(world.filesIn('aws/unclaimed')).toContain('env-1');
    expect(world.leftBehind()).toEqual([]);
  });

  test('says that its answer could not be written', async () => {
    const { status, stderr } = await run(which, 'stdout-full');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error: The answer could not be written to stdout \(ENOSPC: .*\)\.$/m);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(world.leftBehind()).toEqual([]);
  });
});

test('the program for people has done its work when whoever read its answer is gone', async () => {
  expect(await run(1, 'stdout-closed')).toMatchObject({ status: 0 });
  expect(world.filesIn('aws/unclaimed')).toContain('env-1');
});

test('an answer that Concourse does not get is a failure', async () => {
  expect(await run(0, 'stdout-closed')).toMatchObject({ status: 1 });
});
