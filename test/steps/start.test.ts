import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { makeKey, SSHD, startSshd } from '../git/access/start-sshd.ts';
import { DIST, runProgram } from './run-program.ts';
import { startWorld, type World } from './start-world.ts';

/** Makes a program say at its end which parts of Node it has loaded. */
const TELLS_PARTS = `process.on('exit', () => console.error('parts: ' + process.moduleLoadList.join(' ')));`;
const REPORTING = `--import=data:text/javascript,${encodeURIComponent(TELLS_PARTS)}`;

function partsIn(stderr: string): readonly string[] {
  return /^parts: (.*)$/m.exec(stderr)?.[1]?.split(' ') ?? [];
}

describe('the start of a program', () => {
  let world: World;
  const partsLoaded = async (more: Record<string, unknown> = {}, expected = 0) => {
    const env = { NODE_OPTIONS: REPORTING };
    const { status, stderr } = await runProgram('check', { source: world.source(more) }, { env });
    expect(status).toBe(expected);
    return partsIn(stderr);
  };

  beforeEach(async () => {
    world = await startWorld();
  });

  afterEach(() => world.atc.close());

  test('loads what speaks HTTP only when there is something to ask', async () => {
    expect(await partsLoaded()).not.toContain('http');
    world.claimByBuild('env-1', { name: '1' });
    expect(await partsLoaded()).toContain('http');
  });

  test('does not load fetch, which an import of node:http brings with it', async () => {
    world.claimByBuild('env-1', { name: '1' });
    expect((await partsLoaded()).filter((part) => part.includes('undici'))).toEqual([]);
  });

  test('loads no cryptography to say that the same lock is stale as before', async () => {
    world.claimByBuild('env-1', { name: '1' });
    const source = { concourse: undefined, stale_after: 10 };
    await partsLoaded(source);
    const parts = await partsLoaded(source);
    expect(parts.filter((part) => /^(?:crypto|tls|zlib)$/.test(part))).toEqual([]);
  });

  test('loads nothing of git, of requests and of Concourse for the help of the command line', () => {
    const env = { PATH: process.env.PATH, NODE_OPTIONS: REPORTING };
    const { status, stderr } = spawnSync(process.execPath, [join(DIST, 'pool-boy'), 'clean', '--help'], {
      encoding: 'utf8',
      env,
    });
    expect(status).toBe(0);
    const parts = partsIn(stderr);
    expect(parts).toContain('fs');
    // What opens a repository needs the folder for temporary files, and pauses before it tries again.
    expect(parts.filter((part) => ['os', 'timers/promises', 'http', 'crypto'].includes(part))).toEqual([]);
  });

  const itWithSshd = existsSync(SSHD) ? test : test.skip;
  itWithSshd('loads what reads keys only when a key was refused', async () => {
    const server = await startSshd();
    const [key, stranger] = [makeKey('-t', 'ed25519'), makeKey('-t', 'ed25519')];
    server.authorize(key);
    const source = (privateKey: string) => ({
      uri: server.uriOf(world.repository.path),
      known_hosts: [server.knownHost],
      private_key: privateKey,
    });
    // Only ssh2 needs zlib here.
    expect(await partsLoaded(source(key.privateKey))).not.toContain('zlib');
    expect(await partsLoaded(source(stranger.privateKey), 1)).toContain('zlib');
  });

  test('brings the small entry of zod alone, in no language: its own messages reach nobody', () => {
    const folder = join(DIST, 'programs');
    for (const text of readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))) {
      expect(text).toContain('"ZodMiniString"');
      expect(text).not.toContain('"ZodString"');
      expect(text).not.toContain('Invalid input: expected');
    }
  });

  test('brings plain ASCII: one other letter, and Node reads twice as much', () => {
    for (const folder of ['programs', 'lib'].map((name) => join(DIST, name))) {
      for (const name of readdirSync(folder))
        expect([name, readFileSync(join(folder, name), 'latin1').search(/[^\0-\x7f]/)]).toEqual([name, -1]);
    }
  });
});
