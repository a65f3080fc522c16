import type { MetricsPush } from './metrics.ts';

export interface PushOptions {
  /** As `source` has it; without a scheme it is http. May carry a user and a password. */
  readonly url: string;
  readonly pushes: readonly MetricsPush[];
  /** Aborted when the run is told to stop. */
  readonly signal: AbortSignal;
  readonly warn: (text: string) => void;
  /** For all requests together, in milliseconds. */
  readonly timeout?: number;
}

const TIMEOUT = 10_000;
/** How many requests run at once. A gateway is a small program, so a few are enough. */
const AT_ONCE = 4;

/** Pushes the metrics. A failure is one warning and never fails the run. */
export async function pushMetrics(options: PushOptions): Promise<void> {
  const { pushes, signal, warn } = options;
  const gateway = readGateway(options.url);
  if (gateway === null) {
    warn('The metrics were not pushed: prometheus_push_gateway is not an http(s) URL.');
    return;
  }
  const limit = AbortSignal.any([signal, AbortSignal.timeout(options.timeout ?? TIMEOUT)]);
  const waiting = [...pushes];
  let problem: string | null = null;
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined && problem === null; next = waiting.shift()) {
      problem = (await send(gateway, next, limit)) ?? problem;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (problem !== null && !signal.aborted) {
    warn(`The metrics could not be pushed to ${gateway.base}: ${problem}; the run is not affected.`);
  }
}

interface Gateway {
  readonly base: string;
  readonly authorization: string | null;
}

/** `fetch` refuses credentials in a URL, and a warning must not show them. */
function readGateway(text: string): Gateway | null {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text.trim()) ? text.trim() : `http://${text.trim()}`;
  if (!URL.canParse(withScheme)) return null;
  const url = new URL(withScheme);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  const base = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  if (url.username === '' && url.password === '') return { base, authorization: null };
  const pair = `${decode(url.username)}:${decode(url.password)}`;
  return { base, authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What went wrong, or null. */
async function send(gateway: Gateway, push: MetricsPush, signal: AbortSignal): Promise<string | null> {
  try {
    const answer = await fetch(`${gateway.base}${push.path}`, {
      method: push.method,
      ...(push.method === 'DELETE' ? {} : { body: push.body }),
      headers: {
        'content-type': 'text/plain; version=0.0.4; charset=utf-8',
        ...(gateway.authorization === null ? {} : { authorization: gateway.authorization }),
      },
      // The password is for this host and no other.
      redirect: 'manual',
      signal,
    });
    if (answer.ok) {
      await answer.body?.cancel();
      return null;
    }
    const said = (await answer.text()).trim().split('\n')[0] ?? '';
    return `it answered ${answer.status}${said === '' ? '' : ` (${said.slice(0, 200)})`}`;
  } catch (error) {
    return describe(error);
  }
}

function describe(error: unknown): string {
  if (property(error, 'name') === 'TimeoutError') return 'it did not answer in time';
  // Node's fetch says only "fetch failed"; why is in the cause, of which a refused connection may have several.
  const cause = property(error, 'cause');
  const causes = property(cause, 'errors');
  const first = Array.isArray(causes) ? causes[0] : undefined;
  const texts = [first, cause, error].map((one) => property(one, 'message'));
  return texts.find((text) => typeof text === 'string' && text !== '')?.toString() ?? String(error);
}

/** Not by `instanceof`: fetch makes its errors in a realm of its own under some test runners. */
function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
