// The pool resource, as far as the lock repository sees it: it moves one file, commits and pushes; when somebody was
// faster it looks again and tries again. A release goes by the name alone. What its push does is a compare-and-swap of
// the branch, which is done here without the push: six processes for each of thousands took most of a storm's time.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Files, moveBranch, readBranch, readFiles, writeCommit, writeTree } from './git-objects.ts';

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

/** Milliseconds of a fetch or a push, in which others have their turn. */
const CONTACT = 3;

/** A client of `main` in the bare repository in that folder. */
export function createPoolClient(repository: string): PoolClient {
  let head = readBranch(repository, 'main');
  let files = readFiles(repository, head);
  let lost = 0;

  const fetchAndReset = async () => {
    await sleep(CONTACT);
    head = readBranch(repository, 'main');
    files = readFiles(repository, head);
  };
  /** Null where somebody was faster. */
  const move = async (from: string, to: string, message: string, at: number): Promise<string | null> => {
    const moved: Files = new Map(files);
    const file = moved.get(from);
    if (file === undefined || moved.has(to)) throw new Error(`git mv ${from} ${to} fails`);
    moved.delete(from);
    moved.set(to, file);
    const tree = writeTree(repository, moved);
    const commit = writeCommit(repository, { tree, parent: head, at, message });
    await sleep(CONTACT);
    if (!moveBranch(repository, 'main', { from: head, to: commit })) {
      lost += 1;
      return null;
    }
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
