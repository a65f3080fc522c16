import type { Lifetime } from './lifetime.ts';
import type { Log } from './log.ts';
import type { Mask } from './secret-mask.ts';

/** What every part of a run gets from the process around it. */
export interface RunTools {
  readonly lifetime: Lifetime;
  readonly log: Log;
  readonly mask: Mask;
  readonly environment: NodeJS.ProcessEnv;
  /** Our own clock, in unix seconds. */
  readonly clock: () => number;
  /** The version of Pool Boy. */
  readonly version: string;
}
