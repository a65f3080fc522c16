import type { Lifetime } from '../../runtime/lifetime.ts';
import type { Log } from '../../runtime/log.ts';
import { exponentialPause, retry } from '../../runtime/retry.ts';
import { GitFailure } from './git-failure.ts';

/** Retries transient failures. Only for commands that change nothing at the remote. */
export type Retrying = <T>(task: () => Promise<T>) => Promise<T>;

const ATTEMPTS = 3;

export function createRetrying({
  lifetime,
  log,
  pause,
}: {
  readonly lifetime: Lifetime;
  readonly log: Log;
  /** Milliseconds before the second attempt; each further one is waited for twice as long. */
  readonly pause: number;
}): Retrying {
  return (task) =>
    retry(task, {
      attempts: ATTEMPTS,
      signal: lifetime.signal,
      isWorthRetry: (error) => error instanceof GitFailure && error.isWorthRetry,
      pause: exponentialPause(pause),
      onRetry: (error, next) =>
        log.info(`${messageOf(error)} Trying again (attempt ${next} of ${ATTEMPTS}).`),
    });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
