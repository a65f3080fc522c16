import { setTimeout as wait } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { ConcourseSource } from '../../core/source/concourse-source.ts';
import { BOUNDS, type Bounds, type ConcourseTools } from '../config.ts';
import { AtcError, describeUnreached, isPassing } from './atc-error.ts';
import { withoutExtras } from './atc-url.ts';

/** A response that is neither a redirect nor, unless the request expects it, an error of the server. */
export interface Reply {
  readonly status: number;
  /** The parsed body; undefined, which JSON cannot say, for what is not JSON. */
  readonly json: unknown;
  /** It has the ATC's own header `X-Concourse-Version`, so no proxy in between made it. */
  readonly isAtcs: boolean;
  /** By the ATC's clock, in unix seconds; null where it does not say. */
  readonly date: number | null;
}

export interface AtcRequest {
  readonly path: string;
  readonly authorization: string | null;
  /** Makes it a POST. */
  readonly form?: Readonly<Record<string, string>>;
  /** Statuses of server errors that are an answer to this request, so neither a failure nor retried. */
  readonly expected?: readonly number[];
}

export interface Client {
  /** For sentences: without credentials. */
  readonly url: string;
  send(request: AtcRequest): Promise<Reply>;
}

/** Talks to one Concourse, within bounds. Nothing is loaded or opened before the first request. */
export function openClient(config: ConcourseSource, tools: ConcourseTools): Client {
  const bounds: Bounds = { ...BOUNDS, ...tools.bounds };
  const url = withoutExtras(config.url);
  const limit = pLimit(bounds.atOnce);
  let opened: ReturnType<typeof open> | null = null;
  const once: SendOnce = async (request) => {
    opened ??= open(config, tools, bounds);
    return await (await opened)(`${url}${request.path}`, request);
  };
  return { url, send: (request) => limit(() => persist(once, request, { url, bounds, tools })) };
}

type SendOnce = (request: AtcRequest) => Promise<Attempt>;
type Attempt =
  | {
      readonly kind: 'reply';
      readonly reply: Reply;
      readonly location: string | null;
      readonly retryAfter: number;
    }
  | { readonly kind: 'unreached'; readonly code: string; readonly sentence: string };

interface Context {
  readonly url: string;
  readonly bounds: Bounds;
  readonly tools: ConcourseTools;
}

/** Transient failures (a connection that broke, an overload) are retried a few times, each logged. */
async function persist(once: SendOnce, request: AtcRequest, { url, bounds, tools }: Context): Promise<Reply> {
  for (let attempt = 1; ; attempt += 1) {
    tools.lifetime.signal.throwIfAborted();
    const result = await once(request);
    tools.lifetime.signal.throwIfAborted();
    const problem = problemOf(result, request, url);
    if (problem === null && result.kind === 'reply') return result.reply;
    const passes = result.kind === 'unreached' ? isPassing(result.code) : mayPass(result.reply.status);
    if (!passes || attempt >= bounds.attempts) throw new AtcError(problem ?? `${url} could not be asked.`);
    const asked = result.kind === 'reply' ? result.retryAfter : 0;
    const jittered = bounds.wait * 2 ** (attempt - 1) * (0.5 + Math.random());
    tools.log.info(`${problem} Trying again (${attempt + 1} of ${bounds.attempts}).`);
    await wait(Math.max(jittered, Math.min(asked, bounds.connect)), undefined, {
      signal: tools.lifetime.signal,
    });
  }
}

function mayPass(status: number): boolean {
  return status >= 500 || status === 429;
}

function problemOf(result: Attempt, { path, expected = [] }: AtcRequest, url: string): string | null {
  if (result.kind === 'unreached') return result.sentence;
  const { status } = result.reply;
  // Following one would carry the password or the token to whatever host it names.
  if (status >= 300 && status < 400) {
    const target =
      result.location !== null && URL.canParse(result.location, url)
        ? new URL(result.location, url).host
        : 'nowhere';
    return `${url} redirects to ${target}, and Pool Boy follows no redirect: set concourse.url to Concourse's own URL.`;
  }
  if (!mayPass(status) || expected.includes(status)) return null;
  return `${url} answers ${status} to ${path.replace(/\?.*/s, '')}: look at the ATC's log, or at the proxy in front of it.`;
}

/** Loads the HTTP client, which a run with no claimed lock never needs. */
async function open(config: ConcourseSource, tools: ConcourseTools, bounds: Bounds) {
  const [{ default: got }, { openConnections }] = await Promise.all([import('got'), import('./proxy.ts')]);
  const { agent, request, end } = await openConnections(new URL(config.url), tools.environment, tools.mask);
  // Idle connections would keep the process alive.
  tools.lifetime.atEnd(end);
  const client = got.extend({
    agent,
    ...(request === undefined ? {} : { request }),
    followRedirect: false,
    throwHttpErrors: false,
    retry: { limit: 0 },
    timeout: {
      lookup: bounds.connect,
      connect: bounds.connect,
      secureConnect: bounds.connect,
      request: bounds.request,
    },
    headers: { 'user-agent': 'pool-boy', accept: 'application/json' },
    https: {
      rejectUnauthorized: !config.skipSslVerification,
      ...(config.caCert === null ? {} : { certificateAuthority: await trusting(config.caCert) }),
    },
  });
  return async (url: string, { authorization, form }: AtcRequest): Promise<Attempt> => {
    const tooLarge = new AbortController();
    const headers = authorization === null ? {} : { authorization };
    const promise = client(url, {
      headers,
      signal: AbortSignal.any([tools.lifetime.signal, tooLarge.signal]),
      ...(form === undefined ? {} : { method: 'POST', form }),
    });
    promise.on('downloadProgress', ({ transferred }) => {
      if (transferred > bounds.bytes) tooLarge.abort();
    });
    try {
      const response = await promise;
      return {
        kind: 'reply',
        reply: {
          status: response.statusCode,
          json: parseJson(response.body),
          isAtcs: response.headers['x-concourse-version'] !== undefined,
          date: secondsOf(response.headers.date),
        },
        location: response.headers.location ?? null,
        retryAfter: 1000 * (Number(response.headers['retry-after']) || 0),
      };
    } catch (error) {
      if (tooLarge.signal.aborted) {
        const sentence = `${withoutExtras(config.url)} answers with more than ${bounds.bytes} bytes: check concourse.url.`;
        return { kind: 'unreached', code: 'TOO_LARGE', sentence };
      }
      const { code, message } = wordsOf(error);
      const sentence = describeUnreached(withoutExtras(config.url), code, message, bounds.request / 1000);
      return { kind: 'unreached', code, sentence };
    }
  };
}

/** Every certificate that Node trusts by default, and this one. */
async function trusting(certificate: string): Promise<string[]> {
  const { getCACertificates, rootCertificates } = await import('node:tls');
  // Older versions of Node know only those that they bring.
  return [...(getCACertificates?.('default') ?? rootCertificates), certificate];
}

function secondsOf(date: string | undefined): number | null {
  const at = Date.parse(date ?? '');
  return Number.isNaN(at) ? null : at / 1000;
}

/** The code of the underlying error: got's own `ERR_READING_RESPONSE_STREAM` hides a connection that was cut. */
function wordsOf(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'ERR_READING_RESPONSE_STREAM' || code === 'ERR_HTTP_CONTENT_LENGTH_MISMATCH')
    return { code: 'ECONNRESET', message: error.message };
  return { code, message: error.message };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
