import { isSameName, type Name, type PoolListing } from '../lock.ts';
import { mergePolicy, type Policy, type PolicyKeys } from '../policy.ts';
import { matchesGlob } from './glob.ts';
import type { SelectionProblem, SelectionWarning } from './selection-notice.ts';

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
  readonly problems: readonly SelectionProblem[];
  readonly warnings: readonly SelectionWarning[];
}

/** What says which pools to look after. */
export interface SelectionRules {
  /** Null when `source` names none: then every folder that holds `unclaimed` is a pool. */
  readonly pools: readonly PoolEntry[] | null;
  /**
   * Each list leaves those of the pools that one of its entries matches. It only ever takes pools away: the ones that
   * stay keep the policy that they have, and an entry's own keys replace single ones of it.
   */
  readonly narrowedTo: readonly (readonly PoolEntry[])[];
  /** The policy keys at the top level. */
  readonly policy: PolicyKeys;
}

/** Which of the folders found are pools to look after, and under which policy. */
export function selectPools(found: readonly PoolListing[], rules: SelectionRules): Selection {
  const selected = selectBase(found, rules);
  if (selected.problems.length > 0 || rules.narrowedTo.length === 0) return selected;
  const pools = rules.narrowedTo.reduce(narrow, selected.bases);
  const selectedNames = selected.bases.map(({ listing }) => listing.name);
  const asked = rules.narrowedTo.flat().map(({ name }) => name);
  if (pools.length === 0)
    return {
      pools: [],
      warnings: [],
      problems: [{ kind: 'none-left', asked, selected: selectedNames }],
    };
  const idle = asked.filter((name) => !selectedNames.some((pool) => matchesGlob(pool, name)));
  const isLeft = (name: Name) => pools.some(({ listing }) => listing.name === name);
  return {
    pools: pools.map(({ listing, levels }) => ({ listing, policy: mergePolicy(...levels) })),
    problems: [],
    warnings: [
      // What is wrong with a pool that was narrowed away is for another time.
      ...selected.warnings.filter((one) => ('pool' in one ? isLeft(one.pool) : one.kind === 'idle-exclude')),
      ...[...new Set(idle)].map((name) => ({ kind: 'not-selected' as const, name })),
    ],
  };
}

/** A pool with the levels of policy keys that apply to it, the lowest first. */
interface BasePool {
  readonly listing: PoolListing;
  readonly levels: readonly PolicyKeys[];
}

function selectBase(
  found: readonly PoolListing[],
  { pools: entries, policy: defaults, narrowedTo }: SelectionRules,
): Selection & { readonly bases: readonly BasePool[] } {
  const bases: BasePool[] = [];
  const warnings: SelectionWarning[] = [];
  const isNamed = (pool: Name) => narrowedTo.some((list) => list.some(({ name }) => isSameName(name, pool)));
  for (const listing of found) {
    const entry = entries === null ? { name: '', policy: {} } : entryFor(listing.name, entries);
    if (entry === null) continue;
    const pool = listing.name;
    if (listing.unclaimed === null && !isSameName(entry.name, pool) && !isNamed(pool)) {
      warnings.push({ kind: 'maybe-no-pool', pool });
      continue;
    }
    if (listing.claimed === null) warnings.push({ kind: 'no-claimed-folder', pool });
    bases.push({ listing, levels: [defaults, entry.policy] });
  }
  const there = found.map(({ name }) => name);
  const missing = (entries ?? []).filter(({ name }) => !there.some((pool) => matchesGlob(pool, name)));
  const asked = missing.map(({ name }) => name);
  if (entries !== null && entries.length > 0 && missing.length === entries.length)
    return { pools: [], bases: [], warnings, problems: [{ kind: 'none-there', asked, there }] };
  warnings.push(...[...new Set(asked)].map((name) => ({ kind: 'no-such-pool' as const, name })));
  const pools = bases.map(({ listing, levels }) => ({ listing, policy: mergePolicy(...levels) }));
  return { pools, bases, warnings: [...warnings, ...idleExclusions(pools)], problems: [] };
}

function narrow(pools: readonly BasePool[], entries: readonly PoolEntry[]): readonly BasePool[] {
  return pools.flatMap(({ listing, levels }) => {
    const entry = entryFor(listing.name, entries);
    return entry === null ? [] : [{ listing, levels: [...levels, entry.policy] }];
  });
}

function idleExclusions(pools: readonly SelectedPool[]): SelectionWarning[] {
  const globs = new Set(pools.flatMap(({ policy }) => policy.exclude));
  const idle = [...globs].filter(
    (glob) =>
      !pools.some(
        ({ policy, listing: { claimed, unclaimed } }) =>
          policy.exclude.includes(glob) &&
          [...(claimed ?? []), ...(unclaimed ?? [])].some((lock) => matchesGlob(lock, glob)),
      ),
  );
  return idle.map((glob) => ({ kind: 'idle-exclude', glob }));
}

/** An exact name takes precedence over a glob; of several globs the first one counts. */
function entryFor(pool: Name, entries: readonly PoolEntry[]): PoolEntry | null {
  return (
    entries.find(({ name }) => isSameName(name, pool)) ??
    entries.find(({ name }) => matchesGlob(pool, name)) ??
    null
  );
}
