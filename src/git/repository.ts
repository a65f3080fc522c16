import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isLocalPath, shownUri } from '../core/git-names.ts';
import type { Claim, Name, PoolListing } from '../core/lock.ts';
import type { Operation } from '../core/operation.ts';
import type { Step } from '../core/plan.ts';
import type { Lifetime } from '../process/lifetime.ts';
import type { Log } from '../process/log.ts';
import type { Mask } from '../process/secrets.ts';
import { openAccess } from './access.ts';
import { findClaims } from './claims.ts';
import type { RunInfo } from './commit-message.ts';
import { gitEnvironment } from './environment.ts';
import { failureOf, type GitFailure } from './failures.ts';
import { createGit } from './git-command.ts';
import { createHistory, FIRST_DEPTH, type History, readChanges } from './history.ts';
import { poolsOf } from './pool-tree.ts';
import { identityOf, makeCommits, pushCommit, tryToPush } from './push.ts';
import { type ReleasedCommit, releasedBy } from './released-by.ts';
import { boundaryOf, type Copy, defaultBranch, fetchBranch, REMOTE } from './remote.ts';
import type { GitSource } from './source.ts';
import { operationsOn, operationsSince } from './stream-operations.ts';
import { claimsMadeBy, type LockPlace } from './trace-claims.ts';

export interface RepositoryTools {
  readonly lifetime: Lifetime;
  readonly log: Log;
  readonly mask: Mask;
  readonly environment: NodeJS.ProcessEnv;
  /** Milliseconds without any output after which git counts as hung. */
  readonly patience?: number;
}

export type PushResult =
  /** All commits are in the branch; one commit a step. */
  | { readonly kind: 'pushed'; readonly head: string; readonly commits: readonly string[] }
  /** Somebody else was faster: nothing was changed, and what was judged may be wrong by now. */
  | { readonly kind: 'moved' };

export interface PushInfo extends RunInfo {
  /** Unix seconds. */
  readonly now: number;
}

/** One branch of a lock repository. */
export interface Repository {
  readonly branch: string;
  /** One contact with the remote: the branch's head commit now. */
  fetch(): Promise<string>;
  poolsAt(commit: string): Promise<PoolListing[]>;
  /** The claims of locks that lie in `claimed` at the commit, in the same order. */
  claimsAt(commit: string, locks: readonly LockPlace[]): Promise<Claim[]>;
  /** Whether the commit can be reached from the head that the last fetch gave. */
  isInHistory(commit: string): Promise<boolean>;
  /** Which pools each commit put a lock into `claimed` of. A commit that is not known has no entry. */
  poolsClaimedIn(commits: readonly string[]): Promise<ReadonlyMap<string, readonly Name[]>>;
  /** What the run whose last commit is `ref` released; `run` is its UUID, null to take it from `ref`. */
  releasedBy(run: string | null, ref: string): Promise<ReleasedCommit[]>;
  /** What was done to locks since a time (unix seconds), from the newest to the oldest. Fetches as far as needed. */
  operationsSince(head: string, since: number, take: (operation: Operation) => void): Promise<void>;
  /** The newest operations on one lock, from the newest to the oldest, at most so many. */
  operationsOn(head: string, lock: LockPlace, most: number): Promise<Operation[]>;
  /** Why the server would not take a push from this account, or null; nothing is pushed. */
  pushProblem(head: string): Promise<GitFailure | null>;
  /** One commit a step on top of `base`, in one push. What the server refuses for good is a `GitFailure`. */
  push(steps: readonly Step[], base: string, info: PushInfo): Promise<PushResult>;
}

const PATIENCE = 120_000;

export async function openRepository(source: GitSource, tools: RepositoryTools): Promise<Repository> {
  const copy = await createCopy(source, tools);
  const branch = source.branch ?? (await defaultBranch(copy));
  return repositoryOf(createHistory(copy, branch), source);
}

async function createCopy(source: GitSource, tools: RepositoryTools): Promise<Copy> {
  const { lifetime, log, mask, environment: outer, patience = PATIENCE } = tools;
  const folder = mkdtempSync(join(outer.TMPDIR ?? tmpdir(), 'pool-boy-'));
  lifetime.atEnd(() => rmSync(folder, { recursive: true, force: true }));
  const environment = gitEnvironment(outer, source.gitConfig);
  const access = await openAccess(source, { folder, lifetime, mask, environment, outer });
  const directory = join(folder, 'repository');
  mkdirSync(directory);
  const common = { directory, lifetime, log, patience };
  const git = createGit({ ...common, environment });
  const url = isLocalPath(source.uri) ? resolve(source.uri) : source.uri;
  const settings = [...source.gitConfig, ...access.settings, { name: `remote.${REMOTE}.url`, value: url }];
  const remoteGit = createGit({
    ...common,
    environment: gitEnvironment(outer, settings, access.environment),
  });
  const place = { uri: shownUri(source.uri), branch: source.branch, key: access.key };
  const outcome = await git({ args: ['init', '--bare', '--template='] });
  if (outcome.status !== 0) throw failureOf(outcome, place);
  return { git, remoteGit, directory, place, explain: access.explain };
}

function repositoryOf(history: History, source: GitSource): Repository {
  const { copy, branch } = history;
  let head: string | null = null;

  const fetch = async (): Promise<string> => {
    const amount =
      head === null ? { kind: 'to-depth' as const, commits: FIRST_DEPTH } : { kind: 'news' as const };
    head = await fetchBranch(copy, branch, amount);
    return head;
  };
  return {
    branch,
    fetch,
    poolsAt: (commit) => poolsAt(copy, commit),
    claimsAt: (commit, locks) => findClaims(history, commit, locks),
    isInHistory: async (commit) => isAncestor(history, commit, head ?? (await fetch())),
    poolsClaimedIn: (commits) => poolsClaimedIn(history, commits),
    releasedBy: (run, ref) => releasedBy(history, run, ref),
    operationsSince: (at, since, take) => operationsSince(history, at, since, take),
    operationsOn: (at, lock, most) => operationsOn(history, at, lock, most),
    pushProblem: (at) => tryToPush(copy, branch, at),
    push: (steps, base, info) => push(history, source, steps, base, info, fetch),
  };
}

async function poolsAt({ git, place }: Copy, commit: string): Promise<PoolListing[]> {
  const outcome = await git({ args: ['ls-tree', '-r', '-t', '-z', '--full-tree', commit] });
  if (outcome.status !== 0) throw failureOf(outcome, place);
  return poolsOf(outcome.stdout);
}

async function isAncestor(history: History, commit: string, head: string): Promise<boolean> {
  if (!/^[0-9a-f]{40}$/.test(commit)) return false;
  for (;;) {
    const args = ['merge-base', '--is-ancestor', commit, head];
    const { status } = await history.copy.git({ args });
    if (status === 0) return true;
    if (!(await history.deepen())) return false;
  }
}

async function poolsClaimedIn(
  history: History,
  commits: readonly string[],
): Promise<ReadonlyMap<string, readonly Name[]>> {
  const boundary = await boundaryOf(history.copy);
  // What a boundary commit changed cannot be seen before its parents are here.
  if (commits.some((commit) => boundary.has(commit))) await history.deepen();
  const records = await readChanges(history.copy, commits);
  return new Map(
    records.map((record) => [record.commit, [...new Set(claimsMadeBy(record).map(({ pool }) => pool))]]),
  );
}

async function push(
  { copy, branch }: History,
  source: GitSource,
  steps: readonly Step[],
  base: string,
  { now, ...info }: PushInfo,
  fetch: () => Promise<string>,
): Promise<PushResult> {
  if (steps.length === 0) return { kind: 'pushed', head: base, commits: [] };
  await refuseToOverwrite(copy, steps, base);
  const commits = await makeCommits(copy, steps, base, { identity: identityOf(source.gitConfig), now, info });
  const head = commits.at(-1) ?? base;
  const answer = await pushCommit(copy, branch, base, head);
  switch (answer.kind) {
    case 'landed':
      return { kind: 'pushed', head, commits };
    case 'moved':
      return { kind: 'moved' };
    case 'refused':
      throw answer.failure;
    case 'unknown': {
      // The answer may have been lost, not the push: look.
      const now = await fetch();
      const { status } = await copy.git({ args: ['merge-base', '--is-ancestor', head, now] });
      if (status === 0) return { kind: 'pushed', head, commits };
      throw answer.failure;
    }
  }
}

/** A rename in git replaces what is there: a lock would be lost. No plan has such a step; look all the same. */
async function refuseToOverwrite(copy: Copy, steps: readonly Step[], base: string): Promise<void> {
  const pools = await poolsAt(copy, base);
  for (const step of steps) {
    if (step.kind !== 'release') continue;
    const { pool, lock } = step.release;
    const listing = pools.find(({ name }) => name === pool);
    if (!listing?.claimed?.includes(lock) || listing.unclaimed?.includes(lock)) {
      throw new Error(`${pool}/${lock} cannot be moved to unclaimed at ${base}.`);
    }
  }
}
