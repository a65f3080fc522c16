import type { ConcourseTools } from '../config.ts';

type Ask = ConcourseTools['poolsClaimedIn'];
type Pools = Awaited<ReturnType<Ask>>;

/** Answers one question at a time, and all that came up meanwhile in one: git would start a process for each. */
export function batchPools(ask: Ask): { readonly poolsClaimedIn: Ask } {
  let asking: Promise<unknown> = Promise.resolve();
  let next: Batch | null = null;

  const collect = (): Batch => {
    const batch: Batch = { commits: new Set(), since: Number.POSITIVE_INFINITY, pools: null };
    batch.pools = asking.then(() => {
      next = null;
      return ask([...batch.commits], batch.since);
    });
    asking = batch.pools.catch(() => {});
    return batch;
  };

  return {
    poolsClaimedIn: async (commits, since) => {
      next ??= collect();
      for (const commit of commits) next.commits.add(commit);
      next.since = Math.min(next.since, since);
      return (await next.pools) ?? new Map();
    },
  };
}

interface Batch {
  readonly commits: Set<string>;
  since: number;
  pools: Promise<Pools> | null;
}
