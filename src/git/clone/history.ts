import { GitFailure } from '../failures/git-failure.ts';
import { readCommits } from '../objects/read-commits.ts';
import { boundaryOf, type Clone, HEAD_REF } from './clone.ts';
import { fetchBranch, headOf } from './fetch-branch.ts';
import type { HostFeatures } from './host-features.ts';

/** What is asked for first, in commits: about a day of a busy repository, in one pack of a few hundred KB. */
export const FIRST_DEPTH = 128;
/** A contact costs more than some bytes, so after each step there is so many times as much as before. */
const GROWTH = 8;
/** What git takes for "all of it", which servers need not count commits for. */
const FULL_DEPTH = 2_147_483_647;
/** Beyond this depth, in commits, all of it is asked for. */
const MOST_COUNTED = 50_000;

/** The history of one branch in our clone, as far as it was needed yet. */
export interface History {
  readonly clone: Clone;
  readonly branch: string;
  /** What the host offers, as far as is known by now. */
  features(): HostFeatures;
  /** Fetches what is new at the branch's head; its head commit. */
  update(): Promise<string>;
  /** Fetches more of the past. False when the remote has no more. */
  deepen(): Promise<boolean>;
}

/** `depth` is the clone's, in commits from the head; null where it is not known. */
export function createHistory(
  clone: Clone,
  branch: string,
  known: { readonly depth: number | null; readonly features: HostFeatures },
): History {
  let { depth, features } = known;
  /** Where the remote's own history ends, which then is itself a shallow clone. */
  let edge: ReadonlySet<string> = new Set();

  const fetch = async (newDepth: number | null): Promise<string> => {
    const fetched = await fetchBranch(clone, branch, newDepth, features);
    features = fetched.features;
    return fetched.head;
  };
  return {
    clone,
    branch,
    features: () => features,
    async update() {
      const before = headOf(clone);
      const head = await fetch(null);
      if (head !== before) depth = null;
      return head;
    },
    async deepen() {
      const before = boundaryOf(clone);
      if (isSame(before, edge)) return false;
      depth ??= await countCommits(clone);
      depth = nextDepth(depth);
      const headBefore = headOf(clone);
      const head = await fetch(depth);
      const after = boundaryOf(clone);
      if (!isSame(before, after)) return true;
      if (!(await isLocalAncestor(clone, headBefore, head))) {
        throw new GitFailure(
          'rewritten',
          `The branch ${branch} of ${clone.context.uri} was rewritten while it was read; run again.`,
        );
      }
      edge = after;
      return false;
    },
  };
}

function nextDepth(depth: number): number {
  const next = depth * GROWTH;
  return next > MOST_COUNTED ? FULL_DEPTH : next;
}

/** At least the depth of the clone: with merges there are more commits than steps from the head. */
async function countCommits({ git }: Clone): Promise<number> {
  const { status, stdout, stderr } = await git({ args: ['rev-list', '--count', HEAD_REF] });
  if (status !== 0) throw new Error(`git rev-list failed: ${stderr}`);
  return Number(stdout.toString('latin1'));
}

/** Whether `head` can be reached from the commit by what is here. */
export async function isLocalAncestor({ git }: Clone, commit: string, head: string): Promise<boolean> {
  return (await git({ args: ['merge-base', '--is-ancestor', commit, head] })).status === 0;
}

function isSame(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((commit) => other.has(commit));
}

/** Fetches until everything that was committed at or after a time (unix seconds) is here. */
export async function reachBackTo(history: History, since: number): Promise<void> {
  while (await isTooShallow(history, since)) {
    if (!(await history.deepen())) return;
  }
}

/** Whether something that was committed at or after a time (unix seconds) may be missing. */
export async function isTooShallow({ clone }: History, since: number): Promise<boolean> {
  const texts = await readCommits(clone.git, boundaryOf(clone));
  return [...texts.values()].some(({ committedAt }) => committedAt !== null && committedAt >= since);
}
