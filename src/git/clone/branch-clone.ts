import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import type { Claim } from '../../core/lock.ts';
import { isHttp, parseUri } from '../../core/repository-uri.ts';
import type { RepositorySource } from '../../core/source/repository-source.ts';
import type { Lifetime } from '../../runtime/lifetime.ts';
import type { Log } from '../../runtime/log.ts';
import { GitFailure } from '../failures/git-failure.ts';
import { type Clone, HEAD_REF, initRepository } from './clone.ts';
import { type CloneCache, type HeadFacts, openCache, reasonOf, unusable } from './clone-cache.ts';
import { fetchBranch, OtherObjectFormat } from './fetch-branch.ts';
import { createHistory, FIRST_DEPTH, type History } from './history.ts';
import { ALL_FEATURES, type HostFeatures, type ObjectFormat, objectFormatOf } from './host-features.ts';
import { lookUpHead, lookUpHeadOverHttp } from './list-refs.ts';
import type { Remote } from './remote.ts';

/** Claims at an earlier head: tracing may stop there. */
export interface KnownClaims {
  readonly head: string;
  /** By the lock's path at that head. */
  readonly claims: Readonly<Record<string, Claim>>;
}

/** The clone of one branch, made or opened when it is first needed, and what is known of the branch's head. */
export interface BranchClone {
  /** One contact with the remote, or none where its head was `seen` just now; the head. */
  fetch(seen: string | null): Promise<string>;
  /** What is known about a head without opening the clone. */
  factsAt(commit: string): HeadFacts | null;
  /** Adds to what is known about a head. */
  note(commit: string, news: Partial<Pick<HeadFacts, 'tree' | 'claims' | 'committedAt' | 'ancestors'>>): void;
  /** Works in the clone. A cached one that turns out to be damaged is made again, once. */
  work<T>(task: (history: History, earlier: KnownClaims | null) => Promise<T>): Promise<T>;
}

/** A cached clone is made again after this many fetches: each leaves a pack, and many packs make git slow. */
const MOST_FETCHES = 200;

export function openBranchClone(
  remote: Remote,
  { uri }: RepositorySource,
  branch: string,
  tools: { readonly lifetime: Lifetime; readonly log: Log; readonly isCached?: boolean },
): BranchClone {
  const { lifetime, log } = tools;
  const cache = tools.isCached ? openCache(remote.temporaryRoot, [uri, branch], tools) : null;
  let facts = cache?.read() ?? null;
  let earlier: KnownClaims | null = facts;
  let history: History | null = null;
  let format: ObjectFormat = facts === null ? 'sha1' : objectFormatOf(facts.head);
  /** What is done in the clone stays for later runs. */
  let isShared = false;
  /** The clone was there before this run, and may be damaged. */
  let isOld = false;

  const begin = async (shared: CloneCache | null): Promise<History> => {
    isShared = shared !== null;
    isOld = false;
    facts = null;
    earlier = null;
    try {
      const directory = shared?.directory ?? join(remote.folder, 'repository');
      const made = await makeClone(remote, branch, directory, format, () => shared?.clear());
      format = objectFormatOf(made.head);
      history = createHistory(made.clone, branch, { depth: FIRST_DEPTH, features: made.features });
      remember(made.head, made.features);
      return history;
    } catch (error) {
      if (shared === null || !isFileTrouble(error)) throw error;
      log.warn(unusable(shared.directory, reasonOf(error)));
      return begin(null);
    }
  };
  /** Nobody waits for another run that has the cache: a clone of one's own is always right. */
  const enter = async (): Promise<History> => {
    if (history !== null) return history;
    if (!cache?.lock()) return begin(null);
    facts = cache.read();
    earlier = facts;
    if (facts === null || facts.fetches > MOST_FETCHES) return begin(cache);
    isShared = true;
    isOld = true;
    const clone = remote.cloneIn(cache.directory);
    history = createHistory(clone, branch, { depth: null, features: facts.features });
    return history;
  };
  const remember = (head: string, features: HostFeatures) => {
    if (facts?.head === head) return;
    const { fetches = 0, refs = null } = facts ?? {};
    const known = { committedAt: null, ancestors: [], fetches: fetches + 1, features, refs };
    facts = { head, tree: null, claims: {}, ...known };
    if (isShared) cache?.write(facts);
  };
  const lookUp = async (known: HeadFacts): Promise<string> => {
    if (!isHttp(parseUri(uri))) return (await lookUpHead(remote, branch)).head;
    const { head, refs } = await lookUpHeadOverHttp(remote, branch, known.refs);
    if (refs !== known.refs) {
      facts = { ...known, refs };
      // Another run may have gone on from there by now.
      if (cache?.lock() && cache.read()?.head === known.head) cache.write(facts);
    }
    return head;
  };
  const guard = async <T>(task: () => Promise<T>): Promise<T> => {
    try {
      return await task();
    } catch (error) {
      const isBeyondUs = !isOld || lifetime.signal.aborted || history === null;
      if (isBeyondUs || !(await isFaultOf(history?.clone ?? null, error))) throw error;
      log.warn('The cached clone of the repository is damaged or finds no room, so it is made again.');
      await begin(cache);
      return task();
    }
  };
  return {
    async fetch(seen) {
      if (seen !== null) format = objectFormatOf(seen);
      if (history === null && facts !== null) {
        const head = seen ?? (await lookUp(facts));
        if (head === facts.head) return head;
      }
      return guard(async () => {
        const isFirst = history === null;
        const entered = await enter();
        // A clone that was just made is as new as can be.
        if (isFirst && !isOld && facts !== null) return facts.head;
        const head = await entered.update();
        remember(head, entered.features());
        return head;
      });
    },
    factsAt: (commit) => (facts?.head === commit ? facts : null),
    note(commit, { tree, claims = {}, committedAt, ancestors = [] }) {
      if (facts?.head !== commit) return;
      facts = {
        ...facts,
        tree: tree ?? facts.tree,
        claims: { ...facts.claims, ...claims },
        committedAt: committedAt ?? facts.committedAt,
        ancestors: [...new Set([...facts.ancestors, ...ancestors])].slice(-50),
      };
      if (isShared) cache?.write(facts);
    },
    work: (task) =>
      guard(async () => {
        const entered = await enter();
        return task(entered, earlier);
      }),
  };
}

/** A new clone with the newest part of the branch; again, where the remote's commit ids are of the other format. */
async function makeClone(
  remote: Remote,
  branch: string,
  directory: string,
  format: ObjectFormat,
  clear: () => void,
): Promise<{ readonly clone: Clone; readonly head: string; readonly features: HostFeatures }> {
  const make = async (objectFormat: ObjectFormat) => {
    clear();
    rmSync(directory, { recursive: true, force: true });
    initRepository(directory, objectFormat);
    const clone = remote.cloneIn(directory);
    return { clone, ...(await fetchBranch(clone, branch, FIRST_DEPTH, ALL_FEATURES)) };
  };
  try {
    return await make(format);
  } catch (error) {
    if (!(error instanceof OtherObjectFormat)) throw error;
    return make(format === 'sha1' ? 'sha256' : 'sha1');
  }
}

/** Whether a clone on another disk, or in another folder, may do better. */
function isFileTrouble(error: unknown): boolean {
  if (error instanceof GitFailure) return error.kind === 'disk-full';
  return error instanceof Error && 'syscall' in error;
}

/** Whether the clone is to blame for an error, and not the remote or the connection to it. */
async function isFaultOf(clone: Clone | null, error: unknown): Promise<boolean> {
  if (!(error instanceof Failure)) return true;
  if (clone === null || !(error instanceof GitFailure)) return false;
  switch (error.kind) {
    case 'disk-full':
      return true;
    case 'other':
    case 'no-repository':
      return !(await isIntact(clone));
    default:
      return false;
  }
}

/** Whether all commits and the listing of the newest can be read. */
async function isIntact({ git }: Clone): Promise<boolean> {
  for (const args of [
    ['rev-list', '--count', HEAD_REF],
    ['ls-tree', '-r', '-t', '--name-only', HEAD_REF],
  ]) {
    if ((await git({ args, onOutput: () => 'more' })).status !== 0) return false;
  }
  return true;
}
