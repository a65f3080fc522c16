// The pool resource, as far as the lock repository sees it: it clones, moves one file, commits and pushes; when
// somebody was faster it fetches, resets and tries again. A release goes by the name alone.
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Files, readFiles, writeCommit, writeTree } from './git-objects.ts';

const run = promisify(execFile);
const ENVIRONMENT = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };

export interface PoolClient {
  /** Takes a free lock; null where there is none. `choose` is asked again after each race that was lost. */
  claim(
    choose: (free: readonly string[]) => string | undefined,
    describe: (lock: string) => { message: string; at: number },
  ): Promise<{ lock: string; commit: string } | null>;
  /** Fails where the lock is not claimed (any more), as the pool resource does. */
  release(lock: string, message: string, at: () => number): Promise<string>;
  /** Races that were lost. */
  lost(): number;
}

export async function clonePool(uri: string, directory: string): Promise<PoolClient> {
  await run('git', ['clone', '--quiet', '--bare', uri, directory], { env: ENVIRONMENT });
  const git = async (...args: string[]) =>
    (await run('git', ['-C', directory, ...args], { env: ENVIRONMENT })).stdout;
  const ref = join(directory, 'refs/heads/main');
  let head = (await git('rev-parse', 'main')).trim();
  let files: Files = readFiles(await git('ls-tree', '-r', '-z', head));
  let lost = 0;

  const fetchAndReset = async () => {
    await git('fetch', '--quiet', '--no-auto-maintenance', uri, '+refs/heads/main:refs/heads/main');
    head = readFileSync(ref, 'latin1').trim();
    files = readFiles(await git('ls-tree', '-r', '-z', head));
  };
  /** Null where somebody was faster. */
  const move = async (from: string, to: string, message: string, at: number): Promise<string | null> => {
    const moved: Files = new Map(files);
    const file = moved.get(from);
    if (file === undefined || moved.has(to)) throw new Error(`git mv ${from} ${to} fails`);
    moved.delete(from);
    moved.set(to, file);
    const commit = writeCommit(directory, { tree: writeTree(directory, moved), parent: head, at, message });
    try {
      await git('push', '--quiet', uri, `${commit}:refs/heads/main`);
    } catch (error) {
      if (!/fetch first|non-fast-forward|cannot lock ref|failed to update ref/.test(String(error)))
        throw error;
      lost += 1;
      return null;
    }
    writeFileSync(ref, `${commit}\n`);
    head = commit;
    files = moved;
    return commit;
  };
  return {
    lost: () => lost,
    async claim(choose, describe) {
      if (freeIn(files).length === 0) await fetchAndReset();
      for (;;) {
        const lock = choose(freeIn(files));
        if (lock === undefined) return null;
        const { message, at } = describe(lock);
        const commit = await move(pathIn('unclaimed', lock), pathIn('claimed', lock), message, at);
        if (commit !== null) return { lock, commit };
        await fetchAndReset();
      }
    },
    async release(lock, message, at) {
      for (;;) {
        const commit = await move(pathIn('claimed', lock), pathIn('unclaimed', lock), message, at());
        if (commit !== null) return commit;
        await fetchAndReset();
      }
    },
  };
}

function freeIn(files: Files): string[] {
  return [...files.keys()]
    .filter((path) => /\/unclaimed\/[^.]/.test(path))
    .map((path) => path.replace('/unclaimed/', '/'));
}

function pathIn(folder: string, lock: string): string {
  return lock.replace('/', `/${folder}/`);
}
