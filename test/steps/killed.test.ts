import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../git/temporary-folder.ts';
import { runProgram } from './run-program.ts';
import { startWorld, type World } from './start-world.ts';

let world: World;
let folder: string;

beforeEach(async () => {
  world = await startWorld();
  world.claimByBuild('env-1', { name: '2', status: 'failed' });
  world.claimByBuild('env-2', { name: '3', status: 'failed' });
  folder = temporaryFolder();
});

afterEach(() => world.atc.close());

const locks = () => world.repository.git('ls-tree', '-r', '--name-only', 'main').split('\n').sort();
const CLAIMED = [
  'aws/claimed/.gitkeep',
  'aws/claimed/env-1',
  'aws/claimed/env-2',
  'aws/unclaimed/.gitkeep',
  'aws/unclaimed/env-3',
];
const FREE = [
  'aws/claimed/.gitkeep',
  'aws/unclaimed/.gitkeep',
  'aws/unclaimed/env-1',
  'aws/unclaimed/env-2',
  'aws/unclaimed/env-3',
];

/** A hook of the server that says that it is reached, and waits to be told how to end. */
function addWaitingHook(name: 'pre-receive') {
  const [reached, answer] = ['reached', 'answer'].map((file) => join(temporaryFolder(), file)) as [
    string,
    string,
  ];
  for (const fifo of [reached, answer]) execFileSync('mkfifo', [fifo]);
  const hooks = join(world.repository.path, 'hooks');
  mkdirSync(hooks, { recursive: true });
  const script = `#!/bin/sh\ncat > /dev/null\necho here > '${reached}'\nexit "$(cat '${answer}')"\n`;
  writeFileSync(join(hooks, name), script);
  chmodSync(join(hooks, name), 0o755);
  return {
    reached: async () => {
      const file = await open(reached);
      await file.readFile();
      await file.close();
    },
    remove: () => rmSync(join(hooks, name)),
    end: async (status: number) => {
      const file = await open(answer, 'w');
      await file.write(`${status}\n`);
      await file.close();
    },
  };
}

/** Runs `out` until the hook is reached, and ends it there. */
async function endedAt(hook: ReturnType<typeof addWaitingHook>, signal: NodeJS.Signals) {
  let pid = 0;
  const ran = runProgram(
    'out',
    { source: world.source() },
    {
      args: [folder],
      env: { TMPDIR: folder },
      onStart: (id) => {
        pid = id;
      },
    },
  );
  await hook.reached();
  process.kill(pid, signal);
  return ran;
}

const put = () => runProgram('out', { source: world.source() }, { args: [folder], env: { TMPDIR: folder } });

describe('a run that ends in the middle of its push', () => {
  it.each<[string, NodeJS.Signals, number]>([
    ['killed, and the server takes the push', 'SIGKILL', 0],
    ['killed, and the server refuses the push', 'SIGKILL', 1],
    ['stopped, and the server would take the push', 'SIGTERM', 0],
  ])('%s: the next run does what is left to do', async (_name, signal, status) => {
    const hook = addWaitingHook('pre-receive');
    // A killed program takes nobody with it: git goes on, and its pipes stay open until the server has answered.
    const ran = endedAt(hook, signal);
    // One that is told to stop takes all that it has started with it, and here the server is among that.
    if (signal === 'SIGTERM') expect(await ran).toMatchObject({ status: 1, stdout: '' });
    else await hook.end(status);
    await ran;
    hook.remove();
    await untilSettled();
    const between = locks();
    expect([CLAIMED, FREE]).toContainEqual(between);
    expect(await put()).toMatchObject({ status: 0, answer: { version: { stale: 'none' } } });
    expect(locks()).toEqual(FREE);
    const subjects = world.repository.git('log', '--format=%s', 'main').split('\n');
    expect(subjects.filter((subject) => subject.startsWith('unclaiming: '))).toHaveLength(2);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('killed between its commits and its push: nothing has happened, and nothing is left after the next run', async () => {
    const path = blockingGit('push');
    let pid = 0;
    const ran = runProgram(
      'out',
      { source: world.source() },
      {
        args: [folder],
        env: { TMPDIR: folder, PATH: `${path.folder}:${process.env.PATH}` },
        onStart: (id) => {
          pid = id;
        },
      },
    );
    await path.reached();
    process.kill(pid, 'SIGKILL');
    await path.end();
    await ran;
    expect(locks()).toEqual(CLAIMED);
    expect(readdirSync(folder)).toHaveLength(1);
    expect(await put()).toMatchObject({ status: 0 });
    expect(locks()).toEqual(FREE);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a run that is stopped', () => {
  const NOTHING_PUSHED = /error: Stopped by SIGTERM; anything not yet pushed was not released.\n$/;
  it.each<[string, RegExp]>([
    ['ls-tree', NOTHING_PUSHED],
    ['fetch', NOTHING_PUSHED],
    ['fast-import', NOTHING_PUSHED],
    [
      'push',
      /error: Stopped by SIGTERM\.\nerror: The push to main of \S+ was under way, so it is not known whether its commits are there; to see whether they arrived later: git log --grep='Run: [0-9a-f-]{36}' origin\/main\.\n$/,
    ],
  ])('while git is at %s changes nothing and leaves nothing', async (command, words) => {
    const git = blockingGit(command);
    const ran = runProgram(
      'out',
      { source: world.source() },
      {
        args: [folder],
        env: { TMPDIR: folder, PATH: `${git.folder}:${process.env.PATH}` },
        onStart: (_pid, stop) => void git.reached().then(stop),
      },
    );
    expect(await ran).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(words),
    });
    expect(locks()).toEqual(CLAIMED);
    expect(readdirSync(folder)).toEqual([]);
  });
});

/** A git that says so and waits when it is given a command, and else is git. */
function blockingGit(command: string) {
  const place = temporaryFolder();
  const [reached, answer] = ['reached', 'answer'].map((file) => join(place, file)) as [string, string];
  for (const fifo of [reached, answer]) execFileSync('mkfifo', [fifo]);
  const real = execFileSync('sh', ['-c', 'command -v git']).toString().trim();
  const script = `#!/bin/sh\nif [ "$1" = ${command} ]; then echo here > '${reached}'; read answer < '${answer}'; exit 1; fi\nexec ${real} "$@"\n`;
  writeFileSync(join(place, 'git'), script);
  chmodSync(join(place, 'git'), 0o755);
  return {
    folder: place,
    reached: async () => {
      const file = await open(reached);
      await file.readFile();
      await file.close();
    },
    end: async () => {
      const file = await open(answer, 'w');
      await file.write('go\n');
      await file.close();
    },
  };
}

/** Waits until no process works in the server's repository any more: a killed run's git may outlive it. */
async function untilSettled(): Promise<void> {
  const busy = () =>
    readdirSync('/proc').some((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(world.repository.path);
      } catch {
        return false;
      }
    });
  for (let tries = 0; tries < 500 && busy(); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(existsSync(join(world.repository.path, 'refs/heads/main.lock'))).toBe(false);
}
