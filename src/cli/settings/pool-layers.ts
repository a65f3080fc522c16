import type { PolicyKeys } from '../../core/policy.ts';
import type { PoolEntry, SelectionRules } from '../../core/pools/pool-selection.ts';
import { poolName, poolsSchema } from '../../request/pools-schema.ts';
import { type KeyProblem, problemsOf } from '../../request/problem-sentences.ts';
import { type LocatedProblem, locate } from './merge-layers.ts';
import type { Layer, Origin } from './setting-layers.ts';

export interface PoolLayers {
  readonly file: Layer;
  readonly environment: Layer;
  readonly options: Layer;
}

export interface PoolRules extends Pick<SelectionRules, 'pools' | 'narrowedTo'> {
  readonly problems: readonly LocatedProblem[];
}

/**
 * Pools that a higher place names narrow those of the lower ones, which keep their policy: an `exclude` must not get
 * lost because somebody asks for one pool only. `override`: policy keys from options, which replace what lower places
 * say for single pools.
 */
export function readPoolLayers({ file, environment, options }: PoolLayers, override: PolicyKeys): PoolRules {
  const read = [entriesOf(file), entriesOf(environment), entriesOf(options)];
  const lists = read.flatMap(({ entries }, i) => {
    if (entries === null) return [];
    const isOption = i === read.length - 1;
    return [
      isOption ? entries : entries.map(({ name, policy }) => ({ name, policy: { ...policy, ...override } })),
    ];
  });
  const [pools = null, ...narrowedTo] = lists;
  return { pools, narrowedTo, problems: read.flatMap(({ problems }) => problems) };
}

interface ReadEntries {
  readonly entries: readonly PoolEntry[] | null;
  readonly problems: readonly LocatedProblem[];
}

/** `pools` takes precedence over the pool resource's `pool`. Both are checked. */
function entriesOf(layer: Layer): ReadEntries {
  const pools = layer.get('pools');
  const pool = layer.get('pool');
  const problems: LocatedProblem[] = [];
  let entries: readonly PoolEntry[] | null = null;
  if (pool !== undefined && pool.value !== null) {
    const parsed = poolName.safeParse(pool.value);
    if (parsed.success) entries = [{ name: parsed.data, policy: {} }];
    else problems.push(...located(problemsOf(parsed.error), pool.origin));
  }
  if (pools !== undefined) {
    const parsed = poolsSchema.safeParse(pools.value);
    if (parsed.success) entries = parsed.data;
    else problems.push(...located(problemsOf(parsed.error), pools.origin));
  }
  return { entries, problems };
}

function located(problems: readonly KeyProblem[], origin: Origin): LocatedProblem[] {
  const origins = new Map([['it', origin]]);
  return problems.map(({ path, message }) => locate({ path: ['it', ...path], message }, origins));
}
