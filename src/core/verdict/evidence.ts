import type { Build } from '../build.ts';

/**
 * What is known about who holds a claim. "Nothing under that name", "not permitted", "no answer" and "ended" are
 * different values, because only the last one can ever cost a holder its lock.
 */
export type Evidence =
  | { readonly kind: 'not-asked' }
  /** No Concourse is configured. */
  | { readonly kind: 'no-concourse' }
  /** No usable answer. */
  | { readonly kind: 'unreachable'; readonly problem: string }
  | Asked;

export interface Asked {
  readonly kind: 'asked';
  /** How far the questions went; each depth includes the ones before it. */
  readonly depth: Depth;
  readonly claimant: Claimant;
  /**
   * Builds that had the claim's version as an input, alive or ended, and reruns of them that are about to have it.
   * Those that pass it on come before those that merely get it.
   */
  readonly takers: readonly Build[];
  /** Jobs behind builds that succeeded with the claim, which can still take the lock. */
  readonly next: readonly NextJob[];
  /** Why a job behind a holder cannot take the lock until a person changes it. */
  readonly withheld: Withheld | null;
  /** The account is not permitted to see what would have to be seen for this claim. */
  readonly forbidden: Forbidden | null;
  /** Something that may name a holder could not be read to its end: what, as a sentence. */
  readonly unread: string | null;
}

/**
 * `claimant`: one request for the build that the claim names. `holders`: who else may hold the lock, and what proves
 * that the claimant ended. `last-look`: no running build that the account can see has the claim.
 */
export type Depth = 'claimant' | 'holders' | 'last-look';

export type Claimant =
  /** The claim names no build: made by hand, or its message is lost. */
  | { readonly kind: 'no-build' }
  /** Its Build URL names a Concourse that is not configured. */
  | { readonly kind: 'other-concourse'; readonly host: string }
  /** Nothing under that name, wherever it was looked for; such a build may well be running. */
  | { readonly kind: 'not-known' }
  /** `others`: further builds that may be it, as long as nothing settles which one is. */
  | { readonly kind: 'found'; readonly found: FoundBuild; readonly others: readonly FoundBuild[] };

/** A build that may have made the claim, and what ties it to the claim. */
export interface FoundBuild {
  readonly build: Build;
  readonly foundBy: 'name' | 'pipeline' | 'instance' | 'output';
  /** The claim's Build URL is on the Concourse that answered, and names this build. */
  readonly namedByUrl: boolean;
  /** It has an output of exactly `{ref: CLAIM}`. */
  readonly madeTheClaim: boolean;
  /** The commit of another claim of the same pool among its outputs. */
  readonly madeAnotherClaim: string | null;
}

/** A job that has an input of the claim's resource which `passed` ties to a job that succeeded with the claim. */
export interface NextJob {
  readonly job: string;
  /** The build that succeeded with the claim, as a claimant or as a taker. */
  readonly behind: Build;
  readonly why: WhyNext;
  /** Its next build would take another claim, as far as Concourse says now. */
  readonly takesAnother: boolean;
}

/**
 * `building`, `just-built`: a build of it is pending or running, or has ended within the grace. The others only wait,
 * for any length of time: `next-inputs`: its next build would take the claim; `in-turn`: its next build takes a claim
 * that was passed on earlier, and with `version: every` this one follows; `undetermined`: not all of its inputs are there;
 * `paused`: it or its pipeline is.
 */
export type WhyNext = 'building' | 'just-built' | 'next-inputs' | 'in-turn' | 'undetermined' | 'paused';

/** A person has pinned another version of the resource, or disabled this one: the scheduler passes the claim by. */
export interface Withheld {
  readonly how: 'pinned' | 'disabled';
  /** As people write it: `main/deploy/locks`. */
  readonly resource: string;
}

export interface Forbidden {
  readonly concourse: string;
  /** Null where it is not known which team would have to permit it. */
  readonly team: string | null;
  /**
   * The build, or the job that can still take the lock, that could not be read, as people write it; null where the team
   * as a whole is out of sight.
   */
  readonly build: string | null;
  /** Null where there is no login. */
  readonly account: string | null;
}
