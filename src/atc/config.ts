import type { OwnBuild } from '../runtime/own-build.ts';
import type { RunTools } from '../runtime/run-tools.ts';

/** `environment` names the proxies. */
export interface ConcourseTools
  extends Pick<RunTools, 'lifetime' | 'log' | 'mask' | 'environment' | 'clock'> {
  readonly ownBuild: OwnBuild | null;
  /** Of which pools each of these commits put a lock into `claimed`. */
  readonly poolsClaimedIn: (
    commits: readonly string[],
    /** Unix seconds: as far back as the history must be known for the answer to count. */
    since: number,
  ) => Promise<ReadonlyMap<string, readonly string[]>>;
  readonly bounds?: Partial<Bounds>;
}

/** What one request, and all of them together, may cost. Times in milliseconds. */
export interface Bounds {
  readonly connect: number;
  /** From the first byte sent to the last byte received. */
  readonly request: number;
  readonly attempts: number;
  /** Lost in all to answers that failed or did not come, and to the pauses after them; then nothing is retried. */
  readonly patience: number;
  /** The longest pause that is granted to an answer with `Retry-After`. */
  readonly longestPause: number;
  /** Before the second attempt; twice as long before each further one, give or take a half. */
  readonly wait: number;
  readonly atOnce: number;
  readonly bytes: number;
  /** Of one list of builds; what lies beyond is not known. */
  readonly pages: number;
}

export const BOUNDS: Bounds = {
  connect: 10_000,
  request: 30_000,
  attempts: 3,
  patience: 150_000,
  longestPause: 60_000,
  wait: 500,
  atOnce: 8,
  bytes: 50 * 1024 * 1024,
  pages: 50,
};
