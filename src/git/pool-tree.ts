import type { Name, PoolListing } from '../core/lock.ts';
import { textOf } from './bytes.ts';

interface Entry {
  readonly path: string;
  readonly isFolder: boolean;
}

/** Reads `git ls-tree -r -t -z`: the pools of one commit. Names only, so no blob is ever needed. */
export function poolsOf(listing: Buffer): PoolListing[] {
  const folders = new Map<string, string[]>();
  for (const { path, isFolder } of entriesOf(listing)) {
    const { folder, name } = split(path);
    if (isFolder && isState(name) && folder !== '' && !folders.has(path)) folders.set(path, []);
    folders.get(folder)?.push(name);
  }
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

function isState(name: string): boolean {
  return name === 'claimed' || name === 'unclaimed';
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

/** `MODE TYPE ID\tPATH\0`; a folder comes before what it holds. */
function* entriesOf(listing: Buffer): Generator<Entry> {
  for (let start = 0; start < listing.length; ) {
    const end = listing.indexOf(0, start);
    const tab = listing.indexOf(9, start);
    if (end === -1 || tab === -1) return;
    yield {
      path: textOf(listing.subarray(tab + 1, end)),
      isFolder: listing.toString('latin1', start, tab).split(' ')[1] === 'tree',
    };
    start = end + 1;
  }
}
