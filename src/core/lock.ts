import type { Owner } from './claim-owner.ts';
import type { Hold } from './hold.ts';
import { CLOCK_TOLERANCE } from './time.ts';

/**
 * A name from the repository. Names are bytes; bytes that are not UTF-8 are lone surrogates U+DC80..U+DCFF here, so
 * that no two names become one. `toWellFormed()` before showing it to anybody.
 */
export type Name = string;

/**
 * Git's way to write "no commit": the `ref` of an `out` that pushed nothing, and a claim that is not known. 40 digits
 * also in a repository with SHA-256 ids.
 */
export const NO_COMMIT = '0'.repeat(40);

/** What lies in the two folders of a pool at one commit. */
export interface PoolListing {
  readonly name: Name;
  /** Names of the locks in each folder; null where the folder is not there. */
  readonly claimed: readonly Name[] | null;
  readonly unclaimed: readonly Name[] | null;
  /** Whether `claimed` holds a dot file (`.gitkeep`), which keeps git from dropping the folder with its last lock. */
  readonly claimedIsKept: boolean;
}

/** Whether two names are the same to a person: no eye sees how an accent is composed, and macOS composes them otherwise. */
export function isSameName(one: Name, other: Name): boolean {
  return one === other || one.normalize('NFC') === other.normalize('NFC');
}

/** What a branch holds at one commit, as far as it concerns pools. */
export interface BranchTree {
  readonly pools: readonly PoolListing[];
  /** The folders at the root; of very many the first ones. */
  readonly rootFolders: readonly Name[];
}

/** The commit that put a lock into `claimed`. Times in unix seconds. */
export interface Claim {
  readonly commit: string;
  readonly message: string;
  readonly author: string;
  readonly owner: Owner;
  readonly bornClaimed: boolean;
  /** Null where the commit's date cannot be read, or is none that a calendar holds. */
  readonly committedAt: number | null;
  /** The latest commit date among its parents; null where it has none, or none of their dates can be read. */
  readonly parentCommittedAt: number | null;
  /** It has no parents: the first commit of a history, which may have been rewritten. */
  readonly isRoot: boolean;
  /** The claim that this commit brings back, by reverting a release of ours: builds that have the lock know it by that one. */
  readonly restores: string | null;
  /** A person's hold on this claim, the newest one; null where nobody made one. */
  readonly hold: Hold | null;
}

/**
 * A claim that is older than all that the remote has of its history (it is itself a shallow clone). Who made it, and
 * when, is not known: no age is reached, no build is named, and no version is its.
 */
export const CLAIM_BEYOND_HISTORY: Claim = {
  commit: NO_COMMIT,
  message: '',
  author: '',
  owner: { kind: 'unknown', url: null },
  bornClaimed: false,
  committedAt: null,
  parentCommittedAt: null,
  isRoot: false,
  restores: null,
  hold: null,
};

/** The commits that Concourse may know a claim by. */
export function commitsOf({ commit, restores }: Claim): readonly string[] {
  return restores === null ? [commit] : [commit, restores];
}

export interface ClaimedLock {
  readonly pool: Name;
  readonly name: Name;
  readonly claim: Claim;
  /** In `unclaimed` as well: a hand edit left it in both folders. */
  readonly alsoUnclaimed: boolean;
}

/**
 * When the claim was made, in unix seconds. A worker's clock may lag, so a claim is not older than its parent. A
 * parent's date in the future does not count, unless it is so near that two good clocks may differ by it: else a
 * claim of this very minute by a lagging worker would look old. Null where the claim's date cannot be read: such a
 * claim is never old.
 */
export function claimedAt({ committedAt, parentCommittedAt: parent }: Claim, now: number): number | null {
  if (committedAt === null || parent === null || parent > now + CLOCK_TOLERANCE) return committedAt;
  return Math.max(committedAt, parent);
}
