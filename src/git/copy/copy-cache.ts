import { createHash, randomUUID } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Claim, PoolListing } from '../../core/lock.ts';
import type { Lifetime } from '../../runtime/lifetime.ts';
import { isGone, ownerOf } from './process-owner.ts';

/** Raised when what is remembered changes its form: an older cache is then simply not found. */
const FORMAT = 2;

/** What an earlier run found out about one head of the branch. */
export interface Memory {
  readonly head: string;
  readonly pools: readonly PoolListing[] | null;
  /** By the lock's path at the head. */
  readonly claims: Readonly<Record<string, Claim>>;
  /** When the head was made, in unix seconds. */
  readonly committedAt: number | null;
  /** Commits that are known to be in the head's history. */
  readonly ancestors: readonly string[];
  /** How many fetches left a pack behind; too many make git slow. */
  readonly fetches: number;
}

/** A copy of the repository that outlives the run, shared by all runs of one user for one branch. */
export interface Cache {
  readonly directory: string;
  /** Null where nothing is remembered, or what is there is damaged. */
  recall(): Memory | null;
  /** Takes the cache for this run. False where another run has it: it is not waited for. */
  take(): boolean;
  remember(memory: Memory): void;
  /** Forgets all. Only for the run that has taken it. */
  clear(): void;
}

/** Null where the temporary folder is not ours alone: somebody else could have laid a repository there. */
export function openCache(root: string, names: readonly string[], lifetime: Lifetime): Cache | null {
  const key = createHash('sha256')
    .update(JSON.stringify([FORMAT, ...names]))
    .digest('hex')
    .slice(0, 32);
  const home = join(root, `pool-boy-cache-${process.getuid?.() ?? 0}`);
  const folder = join(home, key);
  try {
    // What is there is looked at before anything is made below it: a link of somebody else's can lead anywhere.
    makeFolder(home);
    if (!isOursAlone(home)) return null;
    makeFolder(folder);
  } catch {
    return null;
  }
  const directory = join(folder, 'repository');
  const memoryFile = join(folder, 'memory.json');
  let isTaken = false;
  return {
    directory,
    recall: () => readMemory(memoryFile),
    take() {
      isTaken ||= lock(folder, lifetime);
      if (isTaken) removeLeftovers(directory);
      return isTaken;
    },
    remember(memory) {
      if (!isTaken) return;
      const text = JSON.stringify(memory);
      const file = `${memoryFile}.${randomUUID()}`;
      writeFileSync(file, `${digest(text)}\n${text}`, { mode: 0o600 });
      renameSync(file, memoryFile);
    },
    clear() {
      rmSync(memoryFile, { force: true });
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function isOursAlone(folder: string): boolean {
  const { uid, mode } = lstatSync(folder);
  return lstatSync(folder).isDirectory() && uid === (process.getuid?.() ?? uid) && (mode & 0o077) === 0;
}

function readMemory(file: string): Memory | null {
  try {
    const [sum = '', ...rest] = readFileSync(file, 'utf8').split('\n');
    const text = rest.join('\n');
    if (digest(text) !== sum) return null;
    const memory: Memory = JSON.parse(text);
    return memory;
  } catch {
    return null;
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Each run lays a file of its own, whose name says whose it is, and then looks for others'. Of two runs the later one
 * sees the earlier; two at the same moment may both go without. The files of the dead can be removed at any time,
 * as no name is ever used again.
 */
function lock(folder: string, lifetime: Lifetime): boolean {
  const mine = `lock-${randomUUID()}-${ownerOf(process.pid)}`;
  const remove = () => rmSync(join(folder, mine), { force: true });
  lifetime.atEnd(remove);
  writeFileSync(join(folder, mine), '', { flag: 'wx', mode: 0o600 });
  for (const name of names(folder)) {
    const owner = /^lock-[0-9a-f-]{36}-(.*)$/.exec(name)?.[1];
    if (owner === undefined || name === mine) continue;
    if (!isGone(owner)) {
      remove();
      return false;
    }
    rmSync(join(folder, name), { force: true });
  }
  return true;
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (!(typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST'))
      throw error;
  }
}

/** A git that was killed leaves its own locks and half a pack. Nobody else works here now. */
function removeLeftovers(directory: string): void {
  for (const folder of ['', 'refs/pool-boy', 'objects/pack']) {
    for (const name of names(join(directory, folder))) {
      if (/\.lock$|^tmp_/.test(name)) rmSync(join(directory, folder, name), { force: true });
    }
  }
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
