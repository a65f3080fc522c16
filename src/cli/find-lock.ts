import { closestMatch } from 'leven';
import { Failure } from '../core/failure.ts';
import type { Name, PoolListing } from '../core/lock.ts';
import { quoteName } from '../core/quote-name.ts';

export interface LockName {
  readonly pool: Name;
  readonly name: Name;
}

/** The lock that `POOL/LOCK` means. Names may hold slashes, so the pools that are there tell its two parts. */
export function findLock(path: string, pools: readonly PoolListing[]): LockName {
  const all = pools.flatMap(({ name: pool, claimed, unclaimed }) =>
    [...new Set([...(claimed ?? []), ...(unclaimed ?? [])])].map((name) => ({ pool, name })),
  );
  const pathOf = ({ pool, name }: LockName) => `${pool}/${name}`;
  const found = all.find((one) => pathOf(one) === path || quoteName(pathOf(one)) === path);
  if (found !== undefined) return found;
  // A lock that is gone has a story all the same.
  const pool = pools.find(
    ({ name }) => path.startsWith(`${name}/`) && !path.slice(name.length + 1).includes('/'),
  );
  if (pool !== undefined) return { pool: pool.name, name: path.slice(pool.name.length + 1) };
  const nearest = closestMatch(path, all.map(pathOf), {
    maxDistance: Math.max(2, Math.floor(path.length / 3)),
  });
  const hint = nearest === undefined ? 'see pool-boy status' : `did you mean ${quoteName(nearest)}?`;
  throw new Failure(`No pool holds a lock ${quoteName(path)}: ${hint}`.replace(/([^?])$/, '$1.'));
}
