import type { PoolListing } from '../../core/lock.ts';
import type { ClaimToMake, Step } from '../../core/release/release-plan.ts';
import type { GitSetting } from '../../core/source/repository-source.ts';
import type { Clone } from '../clone/clone.ts';
import type { History } from '../clone/history.ts';
import type { Identity } from './identity.ts';
import { makeCommits } from './make-commits.ts';
import { pushCommit } from './push-commit.ts';
import type { RunInfo } from './release-message.ts';
import { interrupted, missing, unknown } from './unknown-push.ts';

export type PushResult =
  /** All commits are in the branch; one commit a step. */
  | { readonly kind: 'pushed'; readonly head: string; readonly commits: readonly string[] }
  /** Somebody else was faster: nothing was changed, and what was judged may be wrong by now. */
  | { readonly kind: 'moved' };

export interface PushInfo extends RunInfo {
  /** Unix seconds. */
  readonly now: number;
  /** Who makes the commits; null for whom `git_config` names, else Pool Boy. */
  readonly author?: Identity | null;
}

/** What is to be pushed. */
export interface Push {
  readonly steps: readonly Step[];
  /** The commit that they go on top of. */
  readonly base: string;
  /** The pools as of `base`. */
  readonly pools: readonly PoolListing[];
}

/** How often a push is made that the server rejects as a lost race although nobody else pushed. */
const MOST_TRIES = 2;

/**
 * Makes one commit a step on top of `base` and pushes them all at once. Unless the server reports success, the branch is
 * looked at, and what is in it counts: an answer can be lost on its way, and curl then sends the push again, which the
 * server rejects as a lost race.
 */
export async function pushSteps(
  { clone, branch }: History,
  settings: readonly GitSetting[],
  { steps, base, pools }: Push,
  { now, author = null, ...info }: PushInfo,
  fetch: () => Promise<string>,
): Promise<PushResult> {
  if (steps.length === 0) return { kind: 'pushed', head: base, commits: [] };
  refuseToOverwrite(steps, base, pools);
  const commits = await makeCommits(clone, settings, steps, base, { now, author, info });
  const head = commits.at(-1) ?? base;
  const pushed: PushResult = { kind: 'pushed', head, commits };
  for (let tries = 1; ; tries += 1) {
    const answer = await pushCommit(clone, branch, base, head).catch((error: unknown) => {
      throw interrupted(error, clone, branch, info.run);
    });
    if (answer.kind === 'landed') return pushed;
    const headNow = await fetch().catch((error: unknown) => {
      throw answer.kind === 'refused'
        ? answer.failure
        : unknown(answer.failure, clone, branch, info.run, error);
    });
    if (await isIn(clone, head, headNow)) return pushed;
    switch (answer.kind) {
      case 'moved':
        if (headNow !== base) return { kind: 'moved' };
        // Nobody was faster. Another push may have held the ref's lock for a moment; what stays is for people.
        if (tries === MOST_TRIES) throw answer.failure;
        break;
      case 'refused':
        throw await clone.explain(answer.failure);
      case 'unknown':
        throw missing(await clone.explain(answer.failure), branch, info.run);
    }
  }
}

async function isIn({ git }: Clone, commit: string, head: string): Promise<boolean> {
  const { status } = await git({ args: ['merge-base', '--is-ancestor', commit, head] });
  return status === 0;
}

/** A rename in git replaces what is there: a lock would be lost. No plan has such a step; look all the same. */
function refuseToOverwrite(steps: readonly Step[], base: string, pools: readonly PoolListing[]): void {
  for (const step of steps) {
    if (step.kind === 'claim') refuseToTake(step.claim, pools, base);
    if (step.kind !== 'release') continue;
    const { pool, lock, to } = step.release;
    const listing = pools.find(({ name }) => name === pool);
    const target = to === null ? listing : pools.find(({ name }) => name === to);
    const isTaken =
      target?.unclaimed?.includes(lock) || (to !== null && (target?.claimed?.includes(lock) ?? true));
    if (!listing?.claimed?.includes(lock) || isTaken) {
      throw new Error(`${pool}/${lock} cannot be moved to unclaimed of ${to ?? pool} at ${base}.`);
    }
  }
}

function refuseToTake({ pool, lock }: ClaimToMake, pools: readonly PoolListing[], base: string): void {
  const listing = pools.find(({ name }) => name === pool);
  if (!listing?.unclaimed?.includes(lock) || listing.claimed?.includes(lock))
    throw new Error(`${pool}/${lock} cannot be claimed at ${base}.`);
}
