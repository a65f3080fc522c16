import type { Build } from '../../core/build.ts';
import type { Claim, Name } from '../../core/lock.ts';
import type { ConcourseTools } from '../config.ts';

/** What is asked for one claimed lock, at one Concourse. */
export interface ClaimQuery {
  readonly claim: Claim;
  readonly pool: Name;
  readonly claimedAt: number;
  readonly now: number;
  /** How long after its end a build may still be at work, in seconds. */
  readonly grace: number;
  /** Whether a job that can still take the lock keeps it from being released. */
  readonly wantsNext: boolean;
  /** For claims that name none. */
  readonly defaultTeam: string;
  /** The claim's Build URL is on this Concourse, and on no other. */
  readonly isUrlHere: boolean;
  /** Whether it is the build that this program runs in, which holds no lock. */
  readonly isOurs: (build: Build) => boolean;
  readonly poolsClaimedIn: ConcourseTools['poolsClaimedIn'];
}
