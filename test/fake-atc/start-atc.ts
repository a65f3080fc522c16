// The stand-in for the ATC: a real HTTP server that answers from the model.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { readAccess } from './answers/access.ts';
import { type Answer, empty, moved, text } from './answers/answer.ts';
import { answerLogin, isLogin } from './answers/login.ts';
import { route, withVersion } from './answers/routes.ts';
import { commitFault, type Fault } from './faults.ts';
import { createHooks, type Pattern } from './hooks.ts';
import type { Ci } from './types.ts';

export type Request = {
  method: string;
  /** As it was sent, without the query. */
  path: string;
  /** Without the question mark; empty when there is none. */
  query: string;
  authorization: string | undefined;
  userAgent: string | undefined;
};

export type Callback = (request: Request) => void | Promise<void>;

export type Atc = {
  url: string;
  requests: readonly Request[];
  /** `METHOD /path?query` of each request, in order; `matching` picks some of them. */
  lines(matching?: Pattern): string[];
  forget(): void;
  /** How many requests were open at the same time, at most. */
  mostAtOnce(): number;
  /** Answers requests that fit with a fault, `times` of them or all; returns a function that ends it. */
  answer(pattern: Pattern, fault: Fault, options?: { times?: number }): () => void;
  /** Called before the answer is worked out. */
  onRequest(pattern: Pattern, callback: Callback, options?: { times?: number }): () => void;
  /** Ends all connections at once, also those that hang. */
  close(): Promise<void>;
};

export async function startAtc(ci: Ci): Promise<Atc> {
  const requests: Request[] = [];
  const faults = createHooks<Fault>();
  const callbacks = createHooks<Callback>();
  let open = 0;
  let mostOpen = 0;

  const server = createServer((incoming, response) => {
    open += 1;
    mostOpen = Math.max(mostOpen, open);
    response.once('close', () => {
      open -= 1;
    });
    serve(incoming, response).catch((error: unknown) => {
      // A mistake in a test's model: the test must fail on it, not judge a 500 as trouble of the ATC.
      if (response.headersSent) response.destroy();
      else response.writeHead(599, { 'content-type': 'text/plain' }).end(`stand-in broken: ${String(error)}`);
    });
  });

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readText(incoming);
    const request = readRequest(incoming);
    requests.push(request);
    const line = writeLine(request);
    for (const callback of callbacks.take(line)) await callback(request);
    // The clock of the answers is the model's.
    const own = { date: new Date(ci.time() * 1000).toUTCString() };
    const answer = () => work(ci, url, request, incoming.headers['content-type'] ?? '', body);
    const [fault] = faults.take(line, 1);
    if (fault !== undefined && !(await commitFault(fault, response, withVersion(ci, own), answer))) return;
    const { status, headers, body: said } = answer();
    response.writeHead(status, { ...own, ...headers }).end(said);
  };

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const url = `http://127.0.0.1:${address.port}`;

  return {
    url,
    requests,
    lines: (matching = '') =>
      requests
        .map(writeLine)
        .filter((line) => (typeof matching === 'string' ? line.includes(matching) : matching.test(line))),
    forget: () => {
      requests.length = 0;
    },
    mostAtOnce: () => mostOpen,
    answer: (pattern, fault, { times = Number.POSITIVE_INFINITY } = {}) => faults.add(pattern, fault, times),
    onRequest: (pattern, callback, { times = Number.POSITIVE_INFINITY } = {}) =>
      callbacks.add(pattern, callback, times),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function work(ci: Ci, url: string, request: Request, type: string, body: string): Answer {
  const { method, path, authorization } = request;
  if (path.includes('//')) {
    const query = request.query === '' ? '' : `?${request.query}`;
    // Since 7.14 with another status, so that a POST would stay one.
    return moved(isBefore(ci.version, 7, 14) ? 301 : 307, `${path.replaceAll(/\/+/g, '/')}${query}`);
  }
  if (isLogin(path)) {
    return method === 'POST' ? answerLogin(ci, { path, authorization, type, body }) : empty(405);
  }
  if (method !== 'GET') return text(405, '');
  const access = readAccess(ci, authorization);
  const query = new URLSearchParams(request.query);
  return route({ ci, externalUrl: ci.externalUrl ?? url, access, query }, path);
}

function isBefore(version: string, major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number);
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
}

function readRequest({ method = '', url = '', headers }: IncomingMessage): Request {
  const [, path = '', query = ''] = /^([^?]*)\??(.*)$/s.exec(url) ?? [];
  return { method, path, query, authorization: headers.authorization, userAgent: headers['user-agent'] };
}

function writeLine({ method, path, query }: Request): string {
  return `${method} ${path}${query === '' ? '' : `?${query}`}`;
}
