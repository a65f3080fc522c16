import type { Build } from '../build.ts';

/**
 * What is known about who holds a claim. "Nothing under that name", "may not look", "no answer" and "ended" are
 * different values, because only the last one can ever cost a holder its lock.
 */
export type Evidence =
  | { readonly kind: 'not-asked' }
  /** No Concourse is configured: nobody can be asked. */
  | { readonly kind: 'no-concourse' }
  /** No trustworthy answer. */
  | { readonly kind: 'unreachable'; readonly problem: string }
  | Asked;

export interface Asked {
  readonly kind: 'asked';
  /** How far the questions went; each depth includes the ones before it. */
  readonly depth: Depth;
  readonly claimant: Claimant;
  /** Builds that had the claim's version as an input, alive or ended, and reruns of them that are about to have it. */
  readonly takers: readonly Build[];
  /** The account may not see what would have to be seen for this claim. */
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
  /** Its Build URL names a Concourse that is none of ours. */
  | { readonly kind: 'other-concourse'; readonly host: string }
  /** Nothing under that name, wherever it was looked for; such a build may well be running. */
  | { readonly kind: 'not-known' }
  /** `others`: further builds that may be it, as long as nothing proves which one is. */
  | { readonly kind: 'found'; readonly found: FoundBuild; readonly others: readonly FoundBuild[] };

/** A build that answers to the claim's name, and what ties it to the claim beyond the name. */
export interface FoundBuild {
  readonly build: Build;
  readonly foundBy: 'name' | 'pipeline' | 'instance' | 'output';
  /** The claim's Build URL is on the Concourse that answered, and names this build. */
  readonly namedByUrl: boolean;
  /** It has an output of exactly `{ref: CLAIM}`. */
  readonly madeTheClaim: boolean;
  /** The commit of another claim of the same pool among its outputs. */
  readonly madeAnotherClaim: string | null;
  /** A job behind this build, which has succeeded, that can still take the lock. */
  readonly next: NextInLine | null;
}

export interface NextInLine {
  readonly job: string;
  readonly why: 'next-inputs' | 'building' | 'just-built' | 'paused';
  /** Its next build would take another claim, as far as Concourse says now. */
  readonly takesAnother: boolean;
}

export interface Forbidden {
  readonly concourse: string;
  readonly team: string;
  /** Null where there is no login. */
  readonly account: string | null;
}
