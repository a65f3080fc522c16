import { canonicalRepository, type PoolIdentity } from '../core/lint/pool-identity.ts';
import { mayBePool } from '../core/pools/pool-types.ts';
import {
  type ObjectValue,
  objectOf,
  type ResourceEntry,
  type ResourceTypeEntry,
  textOf,
} from './config-schema.ts';

/**
 * The resources that are pools, by name: those of the type `pool`, of a type whose image is a pool resource, and of
 * an unknown type that is used like one.
 */
export function poolResources(
  resources: readonly ResourceEntry[],
  types: readonly ResourceTypeEntry[],
  jobs: readonly unknown[],
): ReadonlyMap<string, PoolIdentity> {
  const puts = jobs.flatMap((job) => putsIn(job));
  const pools = new Map<string, PoolIdentity>();
  for (const { name, type, source } of resources) {
    const kind = kindOf(type, types);
    const own = puts.filter((put) => resourceOf(put) === name);
    const isPool = kind === 'pool' || (kind === 'unknown' && own.some((put) => looksLikePool(put, source)));
    const defaults = types.find((one) => one.name === type)?.defaults ?? null;
    if (isPool) pools.set(name, identityOf(source, defaults));
  }
  for (const put of puts) {
    const name = resourceOf(put);
    const isDeclared = name === null || resources.some((one) => one.name === name);
    // A file can be a part of a pipeline, whose resources are in another one.
    if (!isDeclared && looksLikePool(put, null)) pools.set(name, identityOf(null, null));
  }
  return pools;
}

function kindOf(
  type: string | null | undefined,
  types: readonly ResourceTypeEntry[],
): 'pool' | 'other' | 'unknown' {
  const custom = types.find(({ name }) => name === type);
  const repository = custom?.source?.repository ?? '';
  if (/pool-boy/.test(repository)) return 'other';
  if (type === 'pool' || /(?:^|\/)[\w.-]*pool-resource(?:[:@]|$)/.test(repository)) return 'pool';
  if (custom === undefined && type != null && !mayBePool(type)) return 'other';
  return 'unknown';
}

function looksLikePool(put: ObjectValue, source: ResourceEntry['source']): boolean {
  const params = objectOf(put.params) ?? {};
  if (params.acquire === true || typeof params.add_claimed === 'string') return true;
  const namesPool = typeof source?.pool === 'string' && typeof source.uri === 'string';
  return (
    namesPool && [params.claim, params.release, params.remove].some((value) => typeof value === 'string')
  );
}

type Source = ResourceEntry['source'];

function identityOf(source: Source, defaults: Source): PoolIdentity {
  const uri = source?.uri ?? defaults?.uri ?? null;
  return {
    repository: uri === null ? null : canonicalRepository(uri),
    branch: known(source?.branch ?? defaults?.branch ?? null),
    pool: known(source?.pool ?? defaults?.pool ?? null),
  };
}

function known(text: string | null): string | null {
  return text === null || text.includes('((') ? null : text;
}

function resourceOf(put: ObjectValue): string | null {
  return textOf(put.resource) ?? textOf(put.put);
}

/** Every object below that has a `put`, whatever it is in, as deep as steps are read. */
function putsIn(value: unknown, depth = 0): ObjectValue[] {
  if (depth > 400) return [];
  if (Array.isArray(value)) return value.flatMap((one) => putsIn(one, depth + 1));
  const object = objectOf(value);
  if (object === null) return [];
  const inside = Object.values(object).flatMap((one) => putsIn(one, depth + 1));
  return textOf(object.put) === null ? inside : [object, ...inside];
}
