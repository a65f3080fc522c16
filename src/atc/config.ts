import type { Lifetime } from '../runtime/lifetime.ts';
import type { Log } from '../runtime/log.ts';
import type { Mask } from '../runtime/secret-mask.ts';

export type Login =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  | { readonly kind: 'token'; readonly token: string }
  /** Sees public pipelines only. */
  | { readonly kind: 'none' };

/** One Concourse, as `source.concourse` describes it. */
export interface ConcourseConfig {
  readonly url: string;
  readonly login: Login;
  /** Where it was before it moved: claims of that time name these. */
  readonly formerUrls: readonly string[];
  readonly caCert: string | null;
  readonly skipSslVerification: boolean;
  /** For claims that name no team. */
  readonly team: string;
  /** `fail`: without a trustworthy answer the whole run fails. `keep`: the locks that needed it are undecided. */
  readonly whenUnreachable: 'fail' | 'keep';
}

/** The build that this program runs in: it holds no lock, whatever its inputs say. */
export interface OwnBuild {
  readonly id: number;
  readonly externalUrl: string;
}

export interface Tools {
  readonly lifetime: Lifetime;
  readonly log: Log;
  readonly mask: Mask;
  /** Names the proxies, in lower case as Concourse sets them. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly ownBuild: OwnBuild | null;
  /** Of which pools each of these commits put a lock into `claimed`. */
  readonly poolsClaimedIn: (
    commits: readonly string[],
    /** Unix seconds: as far back as the history must be known for the answer to count. */
    since: number,
  ) => Promise<ReadonlyMap<string, readonly string[]>>;
  /** Our own clock, in unix seconds. */
  readonly clock: () => number;
  readonly bounds?: Partial<Bounds>;
}

/** What one request, and all of them together, may cost. Times in milliseconds. */
export interface Bounds {
  readonly connect: number;
  /** From the first byte sent to the last byte received. */
  readonly request: number;
  readonly attempts: number;
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
  wait: 500,
  atOnce: 8,
  bytes: 50 * 1024 * 1024,
  pages: 50,
};
