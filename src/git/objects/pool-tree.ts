import type { BranchTree, Name, PoolListing } from '../../core/lock.ts';
import type { Git } from '../command/git-command.ts';
import { failureOf } from '../failures/explain-outcome.ts';
import { GitFailure, type RemoteContext } from '../failures/git-failure.ts';
import { isLockState } from './lock-path.ts';
import { readTokens, textOf } from './raw-bytes.ts';

/** What a listing may have at most: far more than any lock repository, and little enough to read. */
export const LISTING_LIMITS = { entries: 2_000_000, bytes: 256 * 1024 * 1024 };

/** The pools of one commit, and the folders at its root, by one process. */
export async function treeAt(
  { git, context }: { readonly git: Git; readonly context: RemoteContext },
  commit: string,
): Promise<BranchTree> {
  const reader = readPools();
  const outcome = await git({
    args: ['ls-tree', '-r', '-t', '-z', '--full-tree', commit],
    onOutput: (chunk) => {
      reader.read(chunk);
      return 'more';
    },
  });
  if (outcome.status !== 0) throw failureOf(outcome, context);
  return reader.tree();
}

/** Whether a file is there at a commit. Its content is not needed, so a partial clone will do. */
export async function hasFile(git: Git, commit: string, path: string): Promise<boolean> {
  const { status, stdout, stderr } = await git({
    args: ['--literal-pathspecs', 'ls-tree', '--name-only', '--full-tree', '-z', commit, '--', path],
  });
  if (status !== 0) throw new Error(`git ls-tree failed: ${stderr}`);
  return stdout.length > 0;
}

/** For a sentence; `claimed` is among them wherever it is not behind so many others. */
const MOST_ROOT_FOLDERS = 1000;

export interface PoolReader {
  /** Takes the next piece of output. */
  read(chunk: Buffer): void;
  tree(): BranchTree;
}

/**
 * Reads `git ls-tree -r -t -z` as it comes: the pools of one commit. Names only, so no blob is ever needed; what lies
 * in no folder of a pool is not kept.
 */
export function readPools(limits = LISTING_LIMITS): PoolReader {
  const folders = new Map<string, string[]>();
  const rootFolders: Name[] = [];
  let entries = 0;
  let bytes = 0;
  const readEntry = (token: Buffer): boolean => {
    entries += 1;
    const { path, isFolder } = entryIn(token);
    const { folder, name } = split(path);
    if (isFolder && folder === '' && rootFolders.length < MOST_ROOT_FOLDERS) rootFolders.push(name);
    if (isFolder && isLockState(name) && folder !== '' && !folders.has(path)) folders.set(path, []);
    folders.get(folder)?.push(name);
    return entries <= limits.entries;
  };
  const read = readTokens(readEntry);
  return {
    read(chunk) {
      bytes += chunk.length;
      if (read(chunk) && bytes <= limits.bytes) return;
      throw new GitFailure(
        'too-much',
        `The repository has more than ${limits.entries} files, or names of more than ${limits.bytes / 1024 / 1024} MB: that is no lock repository; check uri and branch.`,
      );
    },
    tree: () => ({ pools: poolsIn(folders), rootFolders }),
  };
}

function poolsIn(folders: ReadonlyMap<string, readonly string[]>): PoolListing[] {
  const holders = new Set([...folders.keys()].map((path) => split(path).folder));
  return [...holders]
    .filter((path) => !isInside(path, holders))
    .map((name) => poolAt(name, folders))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function poolAt(name: Name, folders: ReadonlyMap<string, readonly string[]>): PoolListing {
  const claimed = folders.get(`${name}/claimed`);
  const unclaimed = folders.get(`${name}/unclaimed`);
  return {
    name,
    claimed: claimed?.filter(isLock) ?? null,
    unclaimed: unclaimed?.filter(isLock) ?? null,
    claimedIsKept: claimed?.some((entry) => !isLock(entry)) ?? false,
  };
}

/** A directory lock may itself be called `claimed`, so only the outermost folder is a pool. */
function isInside(path: string, holders: ReadonlySet<string>): boolean {
  for (let at = path.lastIndexOf('/'); at !== -1; at = path.lastIndexOf('/', at - 1)) {
    if (holders.has(path.slice(0, at))) return true;
  }
  return false;
}

function isLock(name: string): boolean {
  return !name.startsWith('.');
}

function split(path: string): { folder: string; name: string } {
  const slash = path.lastIndexOf('/');
  return slash === -1
    ? { folder: '', name: path }
    : { folder: path.slice(0, slash), name: path.slice(slash + 1) };
}

/** `MODE TYPE ID\tPATH`; a folder comes before what it holds. */
function entryIn(token: Buffer): { path: string; isFolder: boolean } {
  const tab = token.indexOf(9);
  if (tab === -1) throw new Error('git ls-tree printed an unexpected line.');
  return {
    path: textOf(token.subarray(tab + 1)),
    isFolder: token.toString('latin1', 0, tab).split(' ')[1] === 'tree',
  };
}
