import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BranchTree, Claim } from '../../core/lock.ts';
import type { Lifetime } from '../../runtime/lifetime.ts';
import type { Log } from '../../runtime/log.ts';
import { sha256 } from '../../runtime/sha256.ts';
import { uniqueId } from '../../runtime/unique-id.ts';
import type { HostFeatures } from './host-features.ts';
import type { RefCount } from './list-refs.ts';
import { hasEnded, identityOf } from './process-identity.ts';

/** Part of the cache's name. Raised when `HeadFacts` changes its form, so that an older cache is not found. */
const FORMAT = 7;

const FACTS = 'head.json';

/** What is known about one head of the branch, for later runs as well. */
export interface HeadFacts {
  readonly head: string;
  /** Null while it was not listed. */
  readonly tree: BranchTree | null;
  /** By the lock's path at the head. */
  readonly claims: Readonly<Record<string, Claim>>;
  /** When the head was made, in unix seconds; null while that was not asked. */
  readonly committedAt: number | null;
  /** Commits that are known to be in the head's history. */
  readonly ancestors: readonly string[];
  /** How many fetches left a pack behind; too many make git slow. */
  readonly fetches: number;
  readonly features: HostFeatures;
  /** Null while it was not asked, or where it does not matter. */
  readonly refs: RefCount | null;
}

/** A clone that outlives the run, shared by all runs of one user for one branch of one repository. */
export interface CloneCache {
  readonly directory: string;
  /** Null where nothing was written, or what is there is damaged. */
  read(): HeadFacts | null;
  /** Locks the cache for this run. False where another run has it: it is not waited for. */
  lock(): boolean;
  /** Only for the run that has the lock; another one's facts are dropped. */
  write(facts: HeadFacts): void;
  /** Removes everything. Only for the run that has the lock. */
  clear(): void;
}

/**
 * Null, with one warning, where it cannot be used: there is no room, or the folder is not ours alone, and another user
 * could have put a repository there. `names` tell what it is a cache of.
 */
export function openCache(
  root: string,
  names: readonly string[],
  { lifetime, log }: { readonly lifetime: Lifetime; readonly log: Log },
): CloneCache | null {
  const key = sha256(JSON.stringify([FORMAT, ...names])).slice(0, 32);
  const home = join(root, `pool-boy-cache-${process.getuid?.() ?? 0}`);
  const folder = join(home, key);
  let isUsable = true;
  const giveUp = (why: string) => {
    if (isUsable) log.warn(unusable(home, why));
    isUsable = false;
  };
  try {
    // What is there is looked at before anything is made below it: another user's link can lead anywhere.
    makeFolder(home);
    if (!isOursAlone(home)) giveUp('it is open to other users');
    else makeFolder(folder);
  } catch (error) {
    giveUp(reasonOf(error));
  }
  if (!isUsable) return null;
  const directory = join(folder, 'repository');
  const factsFile = join(folder, FACTS);
  let isLocked = false;
  return {
    directory,
    read: () => readFacts(factsFile),
    lock() {
      try {
        isLocked ||= isUsable && lock(folder, lifetime);
        if (isLocked) removeLeftovers(folder, directory);
      } catch (error) {
        isLocked = false;
        giveUp(reasonOf(error));
      }
      return isLocked;
    },
    write(facts) {
      if (!isLocked || !isUsable) return;
      const text = JSON.stringify(facts);
      const file = `${factsFile}.${uniqueId()}`;
      try {
        writeFileSync(file, `${checksum(text)}\n${text}`, { mode: 0o600 });
        renameSync(file, factsFile);
      } catch (error) {
        giveUp(reasonOf(error));
        rmSync(file, { force: true });
      }
    },
    clear() {
      rmSync(factsFile, { force: true });
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The sentence of a warning: the run goes on without. */
export function unusable(folder: string, why: string): string {
  return `The cache ${folder} cannot be used (${why}), so the branch is fetched again each time; set TMPDIR to a folder that can be written to.`;
}

/** The code of a system error, which says more to people than where in the program it came up. */
export function reasonOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : String(error);
}

function isOursAlone(folder: string): boolean {
  const { uid, mode } = lstatSync(folder);
  return lstatSync(folder).isDirectory() && uid === (process.getuid?.() ?? uid) && (mode & 0o077) === 0;
}

function readFacts(file: string): HeadFacts | null {
  try {
    const [sum = '', ...rest] = readFileSync(file, 'utf8').split('\n');
    const text = rest.join('\n');
    if (checksum(text) !== sum) return null;
    const facts: HeadFacts = JSON.parse(text);
    return facts;
  } catch {
    return null;
  }
}

/** FNV-1a: it shows damage, and nobody else writes here. */
function checksum(text: string): string {
  let sum = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  return String(sum);
}

/**
 * Each run makes a file of its own, whose name tells the process, and then looks for others'. Of two runs the later
 * one sees the earlier; two at the same moment may both go without. Files of ended processes can be removed at any
 * time, as no name is ever used again.
 */
function lock(folder: string, lifetime: Lifetime): boolean {
  const mine = `lock-${uniqueId()}-${identityOf(process.pid)}`;
  const remove = () => rmSync(join(folder, mine), { force: true });
  lifetime.atEnd(remove);
  writeFileSync(join(folder, mine), '', { flag: 'wx', mode: 0o600 });
  for (const name of names(folder)) {
    const holder = /^lock-[0-9a-z]+-(.*)$/.exec(name)?.[1];
    if (holder === undefined || name === mine) continue;
    if (!hasEnded(holder)) {
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

/** A run that was killed leaves git's locks, half a pack and facts that were not in place yet. Nobody else works here. */
function removeLeftovers(cache: string, directory: string): void {
  for (const name of names(cache)) {
    if (name.startsWith(`${FACTS}.`)) rmSync(join(cache, name), { force: true });
  }
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
