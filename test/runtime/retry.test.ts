import { describe, expect, it } from '@jest/globals';
import { exponentialPause, type RetryPolicy, retry } from '../../src/runtime/retry.ts';

/** Runs a task that fails so many times, and tells what happened. */
async function attempts(failures: number, more: Partial<RetryPolicy> = {}) {
  const made: number[] = [];
  const retries: string[] = [];
  const controller = new AbortController();
  const task = async (attempt: number) => {
    made.push(attempt);
    if (attempt <= failures) throw new Error(`failure ${attempt}`);
    return 'done';
  };
  const outcome = await retry(task, {
    attempts: 3,
    signal: controller.signal,
    isWorthRetry: () => true,
    pause: () => 0,
    onRetry: (error, next) => retries.push(`${error instanceof Error ? error.message : ''}, next ${next}`),
    ...more,
  }).catch((error: Error) => error.message);
  return { outcome, made, retries };
}

describe('a task', () => {
  it('is tried again until it works', async () => {
    expect(await attempts(2)).toEqual({
      outcome: 'done',
      made: [1, 2, 3],
      retries: ['failure 1, next 2', 'failure 2, next 3'],
    });
  });

  it('is given up after so many attempts, with the last failure', async () => {
    expect(await attempts(5)).toMatchObject({ outcome: 'failure 3', made: [1, 2, 3] });
  });

  it('is given up at once where another attempt is no use', async () => {
    expect(await attempts(2, { isWorthRetry: () => false })).toEqual({
      outcome: 'failure 1',
      made: [1],
      retries: [],
    });
  });

  it('is given up while it waits when the run is told to stop', async () => {
    const controller = new AbortController();
    const stop = { signal: controller.signal, pause: () => 60_000, onRetry: () => controller.abort() };
    expect(await attempts(2, stop)).toMatchObject({ made: [1], outcome: 'The operation was aborted' });
  });
});

it('the pause doubles, up to a limit, and differs from run to run', () => {
  const pause = exponentialPause(100, 300);
  for (const [attempt, middle] of [
    [1, 100],
    [2, 200],
    [3, 300],
    [9, 300],
  ] as const) {
    expect(pause(attempt)).toBeGreaterThanOrEqual(middle * 0.5);
    expect(pause(attempt)).toBeLessThanOrEqual(middle * 1.5);
  }
});
