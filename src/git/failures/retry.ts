import { setTimeout as wait } from 'node:timers/promises';
import type { Lifetime } from '../../runtime/lifetime.ts';
import type { Log } from '../../runtime/log.ts';
import { GitFailure } from './git-failure.ts';

/** Tries again what failed in a way that may be over a moment later. Only for what changes nothing at the remote. */
export type Insistently = <T>(task: () => Promise<T>) => Promise<T>;

const ATTEMPTS = 3;

export function createInsistence({
  lifetime,
  log,
  pause,
}: {
  readonly lifetime: Lifetime;
  readonly log: Log;
  /** Milliseconds before the second attempt; each further one is waited for twice as long. */
  readonly pause: number;
}): Insistently {
  return async (task) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await task();
      } catch (error) {
        if (!(error instanceof GitFailure) || !error.isWorthRetry || attempt === ATTEMPTS) throw error;
        log.info(`${error.message} Trying again (attempt ${attempt + 1} of ${ATTEMPTS}).`);
        await wait(pause * 2 ** (attempt - 1), undefined, { signal: lifetime.signal });
      }
    }
  };
}
