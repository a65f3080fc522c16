import type { Operation } from '../core/history/lock-operation.ts';
import type { BranchTree, Claim, Name, PoolListing } from '../core/lock.ts';
import type { Step } from '../core/release/release-plan.ts';
import type { RepositorySource } from '../core/source/repository-source.ts';
import { poolsClaimedIn } from './claims/claimed-pools.ts';
import { findClaims } from './claims/find-claims.ts';
import { isAncestor } from './clone/ancestry.ts';
import { type BranchClone, openBranchClone } from './clone/branch-clone.ts';
import { listBranches, lookUpHead } from './clone/list-refs.ts';
import { openRemote, type Remote, type RemoteTools } from './clone/remote.ts';
import type { GitFailure } from './failures/git-failure.ts';
import { type LockPlace, lockPath } from './objects/lock-path.ts';
import { hasFile, treeAt } from './objects/pool-tree.ts';
import { committedAt } from './objects/read-commits.ts';
import { operationsOn, operationsSince } from './operations/stream-operations.ts';
import { type ReleasedCommit, releasedBy } from './releases/find-released.ts';
import { authorOf, type Identity } from './releases/identity.ts';
import { tryToPush } from './releases/push-commit.ts';
import { type PushInfo, type PushResult, pushSteps } from './releases/push-releases.ts';

export interface RepositoryTools extends RemoteTools {
  /** Keeps the clone, and what was found out, for later runs. For `check`, which runs every minute. */
  readonly isCached?: boolean;
}

/** One branch of a lock repository. */
export interface Repository {
  readonly branch: string;
  /** The names of all branches of the remote; null where it gave no answer. */
  branches(): Promise<readonly string[] | null>;
  /** One contact with the remote: the branch's head commit now. */
  fetch(): Promise<string>;
  /** The pools as of a commit, and the folders at its root. */
  treeAt(commit: string): Promise<BranchTree>;
  /** The pools alone. */
  poolsAt(commit: string): Promise<readonly PoolListing[]>;
  /** The claims of locks that are in `claimed` at the commit, in the same order. */
  claimsAt(commit: string, locks: readonly LockPlace[]): Promise<Claim[]>;
  /** Whether the commit can be reached from the head that the last fetch gave. */
  isInHistory(commit: string): Promise<boolean>;
  /** Which pools each commit put a lock into `claimed` of. A commit that is not known has no entry. */
  poolsClaimedIn(commits: readonly string[], since: number): Promise<ReadonlyMap<string, readonly Name[]>>;
  /** When a commit was made, in unix seconds; null where it is not known. */
  committedAt(commit: string): Promise<number | null>;
  /** What the run whose last commit is `ref` released; `run` is its UUID, null to take it from `ref`. */
  releasedBy(run: string | null, ref: string): Promise<ReleasedCommit[]>;
  /** What was done to locks since a time (unix seconds), from the newest to the oldest. Fetches as far as needed. */
  operationsSince(head: string, since: number, take: (operation: Operation) => void): Promise<void>;
  /** The newest operations on one lock, from the newest to the oldest, at most so many. */
  operationsOn(head: string, lock: LockPlace, most: number): Promise<Operation[]>;
  /** Whether a file is there at the commit. */
  hasFile(commit: string, path: string): Promise<boolean>;
  /** Who the settings of git say makes commits here (`user.name`, `user.email`); null where they name nobody. */
  author(): Promise<Identity | null>;
  /** Why the server would not take a push from this account, or null; nothing is pushed. */
  pushProblem(head: string): Promise<GitFailure | null>;
  /** One commit a step on top of `base`, in one push. What the server refuses for good is a `GitFailure`. */
  push(steps: readonly Step[], base: string, info: PushInfo): Promise<PushResult>;
}

export async function openRepository(source: RepositorySource, tools: RepositoryTools): Promise<Repository> {
  const remote = await openRemote(source, tools);
  const seen = source.branch === null ? await lookUpHead(remote, null) : null;
  const branch = seen?.branch ?? source.branch ?? '';
  const clone = openBranchClone(remote, source, branch, tools);
  return repositoryOf(remote, clone, branch, source, seen?.head ?? null);
}

function repositoryOf(
  remote: Remote,
  clone: BranchClone,
  branch: string,
  source: RepositorySource,
  seen: string | null,
): Repository {
  let fresh = seen;
  let head: string | null = null;

  const fetch = async (): Promise<string> => {
    head = await clone.fetch(fresh);
    fresh = null;
    return head;
  };
  const treeOf = async (commit: string): Promise<BranchTree> => {
    const known = clone.factsAt(commit)?.tree;
    if (known) return known;
    const tree = await clone.work((history) => treeAt(history.clone, commit));
    clone.note(commit, { tree });
    return tree;
  };
  return {
    branch,
    branches: () => listBranches(remote.git),
    fetch,
    treeAt: treeOf,
    poolsAt: async (commit) => (await treeOf(commit)).pools,
    async claimsAt(commit, locks) {
      const known = clone.factsAt(commit)?.claims ?? {};
      const all = locks.map((lock) => known[lockPath(lock)]);
      if (all.every((claim) => claim !== undefined)) return all;
      const found = await clone.work((history, earlier) => findClaims(history, commit, locks, earlier));
      clone.note(commit, {
        claims: Object.fromEntries(found.claims.map((claim, at) => [pathAt(locks, at), claim])),
        committedAt: found.committedAt,
      });
      return [...found.claims];
    },
    async isInHistory(commit) {
      const now = head ?? (await fetch());
      if (commit === now || clone.factsAt(now)?.ancestors.includes(commit)) return true;
      const isThere = await clone.work((history) => isAncestor(remote, history, commit, now));
      if (isThere) clone.note(now, { ancestors: [commit] });
      return isThere;
    },
    poolsClaimedIn: (commits, since) => clone.work((history) => poolsClaimedIn(history, commits, since)),
    async committedAt(commit) {
      const known = clone.factsAt(commit)?.committedAt ?? null;
      if (known !== null) return known;
      const time = await clone.work((history) => committedAt(history.clone.git, commit));
      clone.note(commit, { committedAt: time });
      return time;
    },
    releasedBy: (run, ref) => clone.work((history) => releasedBy(history, run, ref)),
    async operationsSince(from, since, take) {
      const { pools } = await treeOf(from);
      await clone.work((history) => operationsSince(history, from, since, pools, take));
    },
    operationsOn: (from, lock, most) => clone.work((history) => operationsOn(history, from, lock, most)),
    hasFile: (commit, path) => clone.work((history) => hasFile(history.clone.git, commit, path)),
    author: () => clone.work((history) => authorOf(history.clone.git)),
    pushProblem: (at) => clone.work((history) => tryToPush(history.clone, branch, at)),
    async push(steps, base, info) {
      const { pools } = await treeOf(base);
      return clone.work((history) =>
        pushSteps(history, source.gitConfig, { steps, base, pools }, info, fetch),
      );
    },
  };
}

function pathAt(locks: readonly LockPlace[], index: number): string {
  const lock = locks[index];
  return lock === undefined ? '' : lockPath(lock);
}
