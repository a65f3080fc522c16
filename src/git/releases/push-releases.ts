import type { Step } from '../../core/release-plan.ts';
import type { GitSetting } from '../../core/source/repository-source.ts';
import type { Clone } from '../clone/clone.ts';
import type { History } from '../clone/history.ts';
import { poolsAt } from '../objects/pool-tree.ts';
import { identityOf, makeCommits, pushCommit } from './push-commit.ts';
import type { RunInfo } from './release-message.ts';

export type PushResult =
  /** All commits are in the branch; one commit a step. */
  | { readonly kind: 'pushed'; readonly head: string; readonly commits: readonly string[] }
  /** Somebody else was faster: nothing was changed, and what was judged may be wrong by now. */
  | { readonly kind: 'moved' };

export interface PushInfo extends RunInfo {
  /** Unix seconds. */
  readonly now: number;
}

/** So often a push is tried that the server turns away as if somebody else were faster, though nobody was. */
const MOST_TRIES = 2;

/** Makes one commit a step on top of `base` and pushes them all at once. */
export async function pushSteps(
  { clone, branch }: History,
  settings: readonly GitSetting[],
  steps: readonly Step[],
  base: string,
  { now, ...info }: PushInfo,
  fetch: () => Promise<string>,
): Promise<PushResult> {
  if (steps.length === 0) return { kind: 'pushed', head: base, commits: [] };
  await refuseToOverwrite(clone, steps, base);
  const commits = await makeCommits(clone, steps, base, { identity: identityOf(settings), now, info });
  const head = commits.at(-1) ?? base;
  let answer = await pushCommit(clone, branch, base, head);
  for (let tries = 1; answer.kind === 'moved'; tries += 1) {
    if ((await fetch()) !== base) return { kind: 'moved' };
    // Nobody was faster. Another push may have held the lock for a moment; what stays is for people to see to.
    if (tries === MOST_TRIES) throw answer.failure;
    answer = await pushCommit(clone, branch, base, head);
  }
  switch (answer.kind) {
    case 'landed':
      return { kind: 'pushed', head, commits };
    case 'refused':
      throw answer.failure;
    case 'unknown': {
      // The answer may have been lost, not the push: look.
      const now = await fetch();
      const { status } = await clone.git({ args: ['merge-base', '--is-ancestor', head, now] });
      if (status === 0) return { kind: 'pushed', head, commits };
      throw answer.failure;
    }
  }
}

/** A rename in git replaces what is there: a lock would be lost. No plan has such a step; look all the same. */
async function refuseToOverwrite(clone: Clone, steps: readonly Step[], base: string): Promise<void> {
  const pools = await poolsAt(clone, base);
  for (const step of steps) {
    if (step.kind !== 'release') continue;
    const { pool, lock } = step.release;
    const listing = pools.find(({ name }) => name === pool);
    if (!listing?.claimed?.includes(lock) || listing.unclaimed?.includes(lock)) {
      throw new Error(`${pool}/${lock} cannot be moved to unclaimed at ${base}.`);
    }
  }
}
