import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import type { Claim } from '../../core/lock.ts';
import type { RepositorySource } from '../../core/source/repository-source.ts';
import type { Lifetime } from '../../runtime/lifetime.ts';
import type { Log } from '../../runtime/log.ts';
import { GitFailure } from '../failures/git-failure.ts';
import { type Cache, type Memory, openCache } from './copy-cache.ts';
import { createHistory, FIRST_DEPTH, type History } from './fetched-history.ts';
import { fetchBranch, initCopy, lookUp, type Remote } from './remote.ts';

/** Claims at an earlier head: tracing may stop there. */
export interface KnownClaims {
  readonly head: string;
  /** By the lock's path at that head. */
  readonly claims: Readonly<Record<string, Claim>>;
}

/** Where the copy of the repository lies, and what is remembered of it. */
export interface Store {
  /** One contact with the remote, or none where its head was `seen` just now; the head. */
  fetch(seen: string | null): Promise<string>;
  /** What is known about a head, without a look at the copy. */
  memoryOf(commit: string): Memory | null;
  note(commit: string, news: Partial<Pick<Memory, 'pools' | 'claims' | 'committedAt' | 'ancestors'>>): void;
  /** Works in the copy. A kept one that turns out to be damaged is made anew, once. */
  work<T>(task: (history: History, earlier: KnownClaims | null) => Promise<T>): Promise<T>;
}

/** A kept copy is begun anew after so many fetches: each leaves a pack, and many packs make git slow. */
const MOST_FETCHES = 200;

export function openStore(
  remote: Remote,
  source: RepositorySource,
  branch: string,
  {
    lifetime,
    log,
    isCached,
    environment,
  }: {
    readonly lifetime: Lifetime;
    readonly log: Log;
    readonly isCached?: boolean;
    readonly environment: NodeJS.ProcessEnv;
  },
): Store {
  const root = environment.TMPDIR ?? tmpdir();
  const cache = isCached ? openCache(root, [source.uri, branch], lifetime) : null;
  let memory = cache?.recall() ?? null;
  let earlier: KnownClaims | null = memory;
  let history: History | null = null;
  /** What is done here stays for later runs. */
  let isShared = false;
  /** The copy was there before this run, and may be damaged. */
  let isOld = false;

  const begin = async (kept: Cache | null): Promise<History> => {
    const directory = kept?.directory ?? join(remote.folder, 'repository');
    isShared = kept !== null;
    isOld = false;
    kept?.clear();
    memory = null;
    earlier = null;
    history = createHistory(initCopy(remote, directory), branch);
    remember(await fetchBranch(history.copy, branch, { kind: 'to-depth', commits: FIRST_DEPTH }));
    return history;
  };
  /** Nobody waits for another run that has the cache: a copy of one's own is always right. */
  const enter = async (): Promise<History> => {
    if (history !== null) return history;
    if (!cache?.take()) return begin(null);
    memory = cache.recall();
    earlier = memory;
    if (memory === null || memory.fetches > MOST_FETCHES) return begin(cache);
    isShared = true;
    isOld = true;
    history = createHistory(remote.copyIn(cache.directory), branch);
    return history;
  };
  const remember = (head: string) => {
    if (memory?.head === head) return;
    const fetches = (memory?.fetches ?? 0) + 1;
    memory = { head, pools: null, claims: {}, committedAt: null, ancestors: [], fetches };
    if (isShared) cache?.remember(memory);
  };
  const guard = async <T>(task: () => Promise<T>): Promise<T> => {
    try {
      return await task();
    } catch (error) {
      if (!isOld || lifetime.signal.aborted || !looksDamaged(error)) throw error;
      log.warn('The kept copy of the repository is damaged, so it is made anew.');
      await begin(cache);
      return task();
    }
  };
  return {
    async fetch(seen) {
      if (history === null && memory !== null) {
        const head = seen ?? (await lookUp(remote, branch)).head;
        if (head === memory.head) return head;
      }
      return guard(async () => {
        const isFirst = history === null;
        const entered = await enter();
        // A copy that was just made is as new as can be.
        if (isFirst && !isOld && memory !== null) return memory.head;
        const head = await fetchBranch(entered.copy, branch, { kind: 'news' });
        remember(head);
        return head;
      });
    },
    memoryOf: (commit) => (memory?.head === commit ? memory : null),
    note(commit, { pools, claims = {}, committedAt, ancestors = [] }) {
      if (memory?.head !== commit) return;
      memory = {
        ...memory,
        pools: pools ?? memory.pools,
        claims: { ...memory.claims, ...claims },
        committedAt: committedAt ?? memory.committedAt,
        ancestors: [...new Set([...memory.ancestors, ...ancestors])].slice(-50),
      };
      if (isShared) cache?.remember(memory);
    },
    work: (task) =>
      guard(async () => {
        const entered = await enter();
        return task(entered, earlier);
      }),
  };
}

/** What no remote says: a fault of git's at home, or of ours in reading what it said. */
function looksDamaged(error: unknown): boolean {
  if (error instanceof GitFailure) return error.kind === 'other' || error.kind === 'no-repository';
  return !(error instanceof Failure);
}
