import type { Build } from './build.ts';
import { isAlive } from './build.ts';
import { CLOCK_TOLERANCE } from './lock.ts';

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
  /** Builds that had the claim's version as an input, alive or ended. */
  readonly takers: readonly Build[];
  readonly next: NextInLine | null;
  /** The account may not see what would have to be seen for this claim. */
  readonly forbidden: Forbidden | null;
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
  | { readonly kind: 'found'; readonly found: FoundBuild };

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
}

/** A job behind the claimant that can still take the lock. */
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

/**
 * A build that started well after the claim cannot have made it: names of builds recur when a pipeline is set again.
 * A living build is never dropped for that: clocks lie.
 */
export function isAnotherBuild(build: Build, claimedAt: number): boolean {
  return !isAlive(build) && build.startedAt !== null && build.startedAt > claimedAt + CLOCK_TOLERANCE;
}

/**
 * Whether this ended build provably made the claim: by its output or by the claim's URL, with times that fit.
 * A claim after the build's end fits, too: the `put` of an aborted build can live on and claim late.
 */
export function provesDeath(found: FoundBuild, claimedAt: number): boolean {
  const { build } = found;
  if (isAlive(build) || build.startedAt === null || build.endedAt === null) return false;
  if (isAnotherBuild(build, claimedAt)) return false;
  if (found.madeTheClaim) return true;
  return found.namedByUrl && found.madeAnotherClaim === null;
}
