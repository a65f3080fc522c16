import { setTimeout as wait } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { ConcourseSource } from '../../core/source/concourse-source.ts';
import { exponentialPause, retry } from '../../runtime/retry.ts';
import { BOUNDS, type Bounds, type ConcourseTools } from '../config.ts';
import { AtcError } from './atc-error.ts';
import { isTransient, requestedPause } from './atc-failure.ts';
import { shownUrl } from './atc-url.ts';
import { createPatience } from './patience.ts';
import { type AtcRequest, openSender, type Reply } from './send-request.ts';

export interface Client {
  /** For sentences: without credentials. */
  readonly url: string;
  /** Throws an AtcError where there is no `Reply`, after what is transient was retried. */
  send(request: AtcRequest): Promise<Reply>;
}

/**
 * Requests to one Concourse: a few at a time, transient failures retried and logged, and no more time lost in all than
 * the bounds grant. Nothing is loaded or opened before the first request.
 */
export function openClient(config: ConcourseSource, tools: ConcourseTools): Client {
  const bounds: Bounds = { ...BOUNDS, ...tools.bounds };
  const { signal } = tools.lifetime;
  const url = shownUrl(config.url);
  const limit = pLimit(bounds.atOnce);
  const patience = createPatience(bounds.patience);
  const backoff = exponentialPause(bounds.wait);
  let opened: ReturnType<typeof openSender> | null = null;
  let lastFailure: AtcError | null = null;
  /** By `performance.now()`. Whoever limits the rate of one request means them all. */
  let pausedUntil = 0;

  const sendOnce = async (request: AtcRequest): Promise<Reply> => {
    signal.throwIfAborted();
    const pause = pausedUntil - performance.now();
    if (pause > 0) await wait(pause, undefined, { signal });
    if (lastFailure !== null && patience.left() === 0) throw lastFailure;
    opened ??= openSender(config, tools, bounds);
    const send = await opened;
    const from = performance.now();
    try {
      return await send(request, Math.max(1, Math.min(bounds.request, patience.left())));
    } catch (error) {
      patience.lose(from, performance.now());
      if (error instanceof AtcError) lastFailure = error;
      throw error;
    }
  };

  const send = async (request: AtcRequest): Promise<Reply> => {
    // What the server asks to wait for is no failed attempt: only the bounds end that.
    let failures = 0;
    const pauseAfter = (error: unknown) => {
      const asked = error instanceof AtcError ? requestedPause(error.failure) : null;
      return asked === null ? backoff(failures) : asked * 1000;
    };
    return await retry(() => sendOnce(request), {
      attempts: Number.POSITIVE_INFINITY,
      signal,
      isWorthRetry: (error) => {
        if (!(error instanceof AtcError) || !isTransient(error.failure)) return false;
        const asked = requestedPause(error.failure);
        if (asked !== null) return asked * 1000 <= Math.min(bounds.longestPause, patience.left());
        failures += 1;
        return failures < bounds.attempts && patience.left() > 0;
      },
      pause: (_attempt, error) => {
        const pause = pauseAfter(error);
        const from = performance.now();
        patience.lose(from, from + pause);
        return pause;
      },
      onRetry: (error) => {
        if (!(error instanceof AtcError)) return;
        const asked = requestedPause(error.failure);
        if (asked === null) {
          tools.log.info(`${error.message} Trying again (${failures + 1} of ${bounds.attempts}).`);
          return;
        }
        const until = performance.now() + asked * 1000;
        // Requests that go out side by side are told the same; once in the log is enough.
        if (until > pausedUntil + 1000 * asked * 0.5)
          tools.log.info(`${error.message} Trying again after that.`);
        pausedUntil = Math.max(pausedUntil, until);
      },
    });
  };

  return { url, send: (request) => limit(() => send(request)) };
}
