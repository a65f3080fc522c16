import type { ConcourseSource } from '../../core/source/concourse-source.ts';
import type { Bounds, ConcourseTools } from '../config.ts';
import { AtcError } from './atc-error.ts';
import type { AtcFailure, Sender } from './atc-failure.ts';
import { shownUrl } from './atc-url.ts';
import { transportFailure } from './transport-failure.ts';

export interface AtcRequest {
  /** With the query. */
  readonly path: string;
  readonly authorization: string | null;
  /** Makes it a POST. */
  readonly form?: Readonly<Record<string, string>>;
  /** Statuses of server errors that are an answer to this request, so neither a failure nor retried. */
  readonly expected?: readonly number[];
}

/** A response that is neither a redirect nor, unless the request expects it, an error of a server. */
export interface Reply {
  readonly status: number;
  /** The parsed body; undefined, which JSON cannot say, for what is not JSON. */
  readonly json: unknown;
  readonly sender: Sender;
  /** By the ATC's clock, in unix seconds; null where it does not say. */
  readonly date: number | null;
}

/** Sends one request, once. Throws an AtcError where there is no `Reply`. `timeout`: in milliseconds. */
export type SendRequest = (request: AtcRequest, timeout: number) => Promise<Reply>;

/** Loads the HTTP client, which a run with no claimed lock never needs. */
export async function openSender(
  config: ConcourseSource,
  tools: ConcourseTools,
  bounds: Bounds,
): Promise<SendRequest> {
  const [{ default: got }, { openConnections }] = await Promise.all([import('got'), import('./proxy.ts')]);
  const connections = await openConnections(new URL(config.url), tools.environment, tools.mask);
  // Idle connections would keep the process alive.
  tools.lifetime.atEnd(connections.end);
  const url = shownUrl(config.url);
  const { signal } = tools.lifetime;
  const proxy = connections.proxy?.url.host ?? null;
  const hasProxyLogin = (connections.proxy?.url.username ?? '') !== '';
  const client = got.extend({
    agent: connections.agent,
    ...(connections.request === undefined ? {} : { request: connections.request }),
    followRedirect: false,
    throwHttpErrors: false,
    retry: { limit: 0 },
    timeout: { lookup: bounds.connect, connect: bounds.connect, secureConnect: bounds.connect },
    headers: { 'user-agent': 'pool-boy', accept: 'application/json' },
    https: {
      rejectUnauthorized: !config.skipSslVerification,
      ...(config.caCert === null ? {} : { certificateAuthority: await trusting(config.caCert) }),
    },
  });

  return async (request, timeout) => {
    const { path, authorization, form, expected = [] } = request;
    const tooLarge = new AbortController();
    let refusedTunnel: AtcFailure | null = null;
    const promise = client(`${url}${path}`, {
      headers: authorization === null ? {} : { authorization },
      timeout: { request: timeout },
      signal: AbortSignal.any([signal, tooLarge.signal]),
      ...(form === undefined ? {} : { method: 'POST', form }),
    });
    promise.on('downloadProgress', ({ transferred }) => {
      if (transferred > bounds.bytes) tooLarge.abort();
    });
    promise.on('request', (outgoing) => {
      // The agent of tunnels hands a proxy's refusal on as if the ATC had answered so.
      outgoing.once('proxyConnect', ({ statusCode, statusText }) => {
        if (statusCode !== 200)
          refusedTunnel = refusalOfTunnel(proxy ?? '', statusCode, statusText, hasProxyLogin);
      });
    });
    const response = await promise.catch((error: unknown) => {
      signal.throwIfAborted();
      if (tooLarge.signal.aborted) throw new AtcError(url, { kind: 'too-large', bytes: bounds.bytes });
      const failure = transportFailure(error, { proxy, hasCaCert: config.caCert !== null, timeout, bounds });
      throw new AtcError(url, refusedTunnel ?? failure, { cause: error });
    });
    signal.throwIfAborted();
    const { statusCode: status, headers, body } = response;
    const sender = senderOf(headers, path, proxy);
    const failure =
      refusedTunnel ??
      failureOf(status, headers, { path: withoutQuery(path), sender, hasProxyLogin, proxy, expected });
    if (failure !== null) throw new AtcError(url, failure);
    return { status, json: parseJson(body), sender, date: secondsOf(headers.date) };
  };
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Every answer of the ATC's API has this header, since Concourse 4; its token endpoint's have not. */
function senderOf(headers: Headers, path: string, proxy: string | null): Sender {
  if (headers['x-concourse-version'] !== undefined) return { kind: 'atc', proxy };
  return { kind: path.startsWith('/api/') ? 'somebody-else' : 'unknown', proxy };
}

interface Answered {
  readonly path: string;
  readonly sender: Sender;
  readonly proxy: string | null;
  readonly hasProxyLogin: boolean;
  readonly expected: readonly number[];
}

/** Null where the answer can be read. */
function failureOf(
  status: number,
  headers: Headers,
  { path, sender, proxy, hasProxyLogin, expected }: Answered,
): AtcFailure | null {
  if (expected.includes(status)) return null;
  // Following one would carry the password or the token to whatever host it names.
  if (status >= 300 && status < 400) return { kind: 'redirect', location: text(headers.location) };
  const retryAfter = pauseIn(text(headers['retry-after']));
  if (status === 407) return { kind: 'proxy-requires-login', proxy, hasLogin: hasProxyLogin };
  if (status === 429) return { kind: 'rate-limited', path, sender, retryAfter };
  return status >= 500 ? { kind: 'status', path, status, sender, retryAfter } : null;
}

function refusalOfTunnel(proxy: string, status: number, reason: string, hasLogin: boolean): AtcFailure {
  return status === 407
    ? { kind: 'proxy-requires-login', proxy, hasLogin }
    : { kind: 'tunnel-refused', proxy, status, reason };
}

/** `Retry-After` in seconds: a number of them, or a date. Null where it asks for no pause. */
function pauseIn(header: string | null): number | null {
  if (header === null) return null;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return seconds > 0 ? Math.ceil(seconds) : null;
}

/** Every certificate that Node trusts by default, and this one. */
async function trusting(certificate: string): Promise<string[]> {
  const { getCACertificates, rootCertificates } = await import('node:tls');
  // Older versions of Node know only those that they bring.
  return [...(getCACertificates?.('default') ?? rootCertificates), certificate];
}

function text(header: string | string[] | undefined): string | null {
  return typeof header === 'string' ? header : null;
}

function secondsOf(date: string | undefined): number | null {
  const at = Date.parse(date ?? '');
  return Number.isNaN(at) ? null : at / 1000;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** A query may hold instance vars, and those may be secret. */
export function withoutQuery(path: string): string {
  return path.replace(/\?.*/s, '');
}
