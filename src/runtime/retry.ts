import { setTimeout as wait } from 'node:timers/promises';

/** When a task that failed is tried again. The error knows whether it is worth it; the loop knows nothing else. */
export interface RetryPolicy {
  /** In all, the first one included. */
  readonly attempts: number;
  /** Ends the wait between two attempts. */
  readonly signal: AbortSignal;
  /** Whether the same may well work a little later. */
  isWorthRetry(error: unknown): boolean;
  /** Milliseconds before the next attempt, after the one that failed (from 1). */
  pause(attempt: number, error: unknown): number;
  /** For the log; `next` is the attempt that is about to be made. */
  onRetry(error: unknown, next: number): void;
}

/** Retries what fails only for a moment. Throws the last error, or the first that is not worth another attempt. */
export async function retry<T>(task: (attempt: number) => Promise<T>, policy: RetryPolicy): Promise<T> {
  const { attempts, signal } = policy;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await task(attempt);
    } catch (error) {
      if (attempt >= attempts || signal.aborted || !policy.isWorthRetry(error)) throw error;
      policy.onRetry(error, attempt + 1);
      await wait(policy.pause(attempt, error), undefined, { signal });
    }
  }
}

/** Doubles with each attempt up to `most` milliseconds, give or take a half, so that two runs do not meet again. */
export function exponentialPause(
  first: number,
  most = Number.POSITIVE_INFINITY,
): (attempt: number) => number {
  return (attempt) => Math.min(most, first * 2 ** (attempt - 1)) * (0.5 + Math.random());
}
