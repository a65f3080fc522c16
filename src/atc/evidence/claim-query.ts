import type { Build } from '../../core/build.ts';
import type { Claim, Name } from '../../core/lock.ts';
import type { ConcourseTools } from '../config.ts';

/** What is asked for one claimed lock, at one Concourse. Times in unix seconds, durations in seconds. */
export interface ClaimQuery {
  readonly claim: Claim;
  readonly pool: Name;
  /** Null where the date of the claim cannot be read. */
  readonly claimedAt: number | null;
  readonly now: number;
  /** How long after its end a build may still be at work. */
  readonly grace: number;
  /** The same for one that errored. */
  readonly errorGrace: number;
  /** Whether a job that can still take the lock keeps it from being released. */
  readonly wantsNext: boolean;
  /** Whether a job that only waits keeps the lock for a limited time: then it matters whether it builds. */
  readonly limitsWaiting: boolean;
  /** For claims that name none. */
  readonly defaultTeam: string;
  /** The claim's Build URL is on this Concourse, and on no other. */
  readonly isUrlHere: boolean;
  /** Whether it is the build that this program runs in, which holds no lock. */
  readonly isOurs: (build: Build) => boolean;
  readonly poolsClaimedIn: ConcourseTools['poolsClaimedIn'];
}

/** From when on builds are looked for; a claim of an unknown time is taken for one of this moment. */
export function searchedFrom({ claimedAt, now }: ClaimQuery): number {
  return claimedAt ?? now;
}
