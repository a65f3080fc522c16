import type { Step } from '../../core/release/release-plan.ts';
import type { GitSetting } from '../../core/source/repository-source.ts';
import type { Clone } from '../clone/clone.ts';
import { failureOf } from '../failures/explain-outcome.ts';
import { fastImportStream } from './fast-import-stream.ts';
import { type Identity, identityOf } from './identity.ts';
import type { RunInfo } from './release-message.ts';
import { signCommits, wantsSignedCommits } from './sign-commits.ts';

const PUSH_REF = 'refs/pool-boy/push';

/**
 * Makes one commit a step on top of `base`, in our clone only: all by one process, and signed by one process each
 * where `git_config` asks for it. Gives their ids in the same order.
 */
export async function makeCommits(
  clone: Clone,
  settings: readonly GitSetting[],
  steps: readonly Step[],
  base: string,
  made: { readonly now: number; readonly author: Identity | null; readonly info: RunInfo },
): Promise<string[]> {
  const { git, context } = clone;
  const { author, ...rest } = made;
  const identity = author ?? identityOf(settings);
  const input = fastImportStream({ steps, base, ref: PUSH_REF, identity, ...rest });
  // An earlier attempt may have left the ref on other commits; it is ours alone.
  const outcome = await git({ args: ['fast-import', '--force', '--quiet'], input });
  const commits = outcome.stdout.toString('latin1').split('\n').filter(isCommit);
  if (outcome.status !== 0 || commits.length !== steps.length) throw failureOf(outcome, context);
  return wantsSignedCommits(settings) ? signCommits(clone, commits, base) : commits;
}

function isCommit(line: string): boolean {
  return /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(line);
}
