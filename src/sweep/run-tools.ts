import type { Lifetime } from '../runtime/lifetime.ts';
import type { Log } from '../runtime/log.ts';
import type { Mask } from '../runtime/secret-mask.ts';

/** What a step gets from the process around it. */
export interface Tools {
  readonly lifetime: Lifetime;
  readonly log: Log;
  readonly mask: Mask;
  readonly environment: NodeJS.ProcessEnv;
  /** Our own clock, in unix seconds. */
  readonly clock: () => number;
  /** The version of Pool Boy. */
  readonly version: string;
}
