import { matchesGlob } from './glob.ts';
import type { Name, PoolListing } from './lock.ts';
import { mergePolicy, type Policy, type PolicyKeys } from './policy.ts';
import { quoteName } from './quote-name.ts';

/** One entry of `source.pools`: a name or a glob, and the policy keys of its own. */
export interface PoolEntry {
  readonly name: string;
  readonly policy: PolicyKeys;
}

export interface SelectedPool {
  readonly listing: PoolListing;
  readonly policy: Policy;
}

export interface Selection {
  readonly pools: readonly SelectedPool[];
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Which of the folders found are pools to look after, and under which policy. `entries` is null when `source` names
 * none: then every folder that holds `unclaimed` is a pool.
 */
export function selectPools(
  found: readonly PoolListing[],
  entries: readonly PoolEntry[] | null,
  defaults: PolicyKeys,
): Selection {
  const pools: SelectedPool[] = [];
  const warnings: string[] = [];
  for (const listing of found) {
    const entry = entries === null ? { name: '', policy: {} } : entryFor(listing.name, entries);
    if (entry === null) continue;
    if (listing.unclaimed === null && entry.name !== listing.name) {
      warnings.push(
        `${quoteName(listing.name)} holds claimed but no unclaimed, so it may not be a pool: name it in pools if it is one.`,
      );
      continue;
    }
    if (listing.claimed === null) warnings.push(missingClaimed(listing.name));
    pools.push({ listing, policy: mergePolicy(defaults, entry.policy) });
  }
  const names = found.map(({ name }) => name);
  const missing = (entries ?? []).filter(({ name }) => !names.some((there) => matchesGlob(there, name)));
  if (entries !== null && entries.length > 0 && missing.length === entries.length) {
    return { pools: [], warnings, problems: [nothingThere(missing, names)] };
  }
  warnings.push(...new Set(missing.map(({ name }) => `The repository has no pool ${quoteName(name)}.`)));
  return { pools, warnings: [...warnings, ...idleExclusions(pools)], problems: [] };
}

/** A glob that excludes nothing is most likely misspelt, and the lock that was meant is not protected. */
function idleExclusions(pools: readonly SelectedPool[]): string[] {
  const globs = new Set(pools.flatMap(({ policy }) => policy.exclude));
  const idle = [...globs].filter(
    (glob) =>
      !pools.some(
        ({ policy, listing: { claimed, unclaimed } }) =>
          policy.exclude.includes(glob) &&
          [...(claimed ?? []), ...(unclaimed ?? [])].some((lock) => matchesGlob(lock, glob)),
      ),
  );
  return idle.map((glob) => `The exclude pattern ${JSON.stringify(glob)} matches no lock.`);
}

/** An exact name goes before a glob; of several globs the first one wins. */
function entryFor(pool: Name, entries: readonly PoolEntry[]): PoolEntry | null {
  return (
    entries.find(({ name }) => name === pool) ?? entries.find(({ name }) => matchesGlob(pool, name)) ?? null
  );
}

function missingClaimed(pool: Name): string {
  return `Pool ${quoteName(pool)} has no folder claimed, so the pool resource cannot claim there: add ${quoteName(`${pool}/claimed/.gitkeep`)}.`;
}

function nothingThere(missing: readonly PoolEntry[], names: readonly Name[]): string {
  const asked = missing.map(({ name }) => quoteName(name)).join(', ');
  const there = names.length === 0 ? 'it has none' : `it has ${listOf(names)}`;
  return `The repository has no pool ${asked}; ${there}.`;
}

function listOf(names: readonly Name[]): string {
  const shown = [...names].sort().slice(0, 20).map(quoteName).join(', ');
  return names.length > 20 ? `${shown} and ${names.length - 20} more` : shown;
}
