import type { ZodType } from 'zod';
import type { ConcourseSource } from '../../core/source/concourse-source.ts';
import { CLOCK_TOLERANCE } from '../../core/time.ts';
import { type Info, infoAnswer } from '../api/answer-schemas.ts';
import type { ConcourseTools } from '../config.ts';
import { AtcError } from './atc-error.ts';
import { openClient, type Reply } from './http-client.ts';
import { logIn } from './login.ts';
import { createRequestCache } from './request-cache.ts';

/** "Nothing under that name" and "not permitted" are answers; what cannot be trusted is thrown as an AtcError. */
export type Answer<T> =
  | { readonly kind: 'got'; readonly value: T }
  | { readonly kind: 'missing' }
  | { readonly kind: 'forbidden' }
  /** The operator limits this call. */
  | { readonly kind: 'limited' };

/** A kind of GET request. Only the fields that its schema names are kept of an answer. */
export interface RequestKind<T> {
  readonly schema: ZodType<T>;
  /** Whether this answer can never change, so that the next judgement of the run need not request it again. */
  readonly isFinal?: (value: T) => boolean;
  /** Statuses by which an operator limits this call. */
  readonly limits?: readonly number[];
}

export type Get<T> = (path: string) => Promise<Answer<T>>;

/** A login at one Concourse, for one judgement after the other. */
export interface AtcSession {
  readonly url: string;
  /**
   * Starts a judgement: forgets all answers but final ones, logs in the first time, and makes sure that the ATC accepts
   * the token. `now` in unix seconds, by the ATC's clock.
   */
  begin(): Promise<{ readonly info: Info; readonly now: number }>;
  /** Makes requests of this kind, none of them twice in one judgement. */
  request<T>(kind: RequestKind<T>): Get<T>;
}

export function openAtcSession(config: ConcourseSource, tools: ConcourseTools): AtcSession {
  const client = openClient(config, tools);
  const { url } = client;
  const caches: { clear(): void }[] = [];
  let authorization: string | null = null;
  let isLoggedIn = false;
  /** After one failure nothing else is requested in this judgement: each lock would wait for the same timeout. */
  let failure: AtcError | null = null;

  /** Public pipelines answer a bad token as they answer none; only `info` answers 401 to it. */
  const requestInfo = async (): Promise<{ info: Info; date: number | null }> => {
    const path = '/api/v1/info';
    const reply = await client.send({ path, authorization });
    if (reply.status === 401) throw new AtcError(refusedToken(url, config));
    const answer = read(reply, path, url);
    if (answer.kind !== 'got') throw new AtcError(`${url} answers ${reply.status} to ${path}: is it an ATC?`);
    return { info: shape(answer.value, infoAnswer, path, url), date: reply.date };
  };

  const request = async <T>(
    path: string,
    schema: ZodType<T>,
    limits: readonly number[],
  ): Promise<Answer<T>> => {
    if (namesNothing(path)) return { kind: 'missing' };
    if (failure !== null) throw failure;
    try {
      const reply = await client.send({ path, authorization, expected: limits });
      if (limits.includes(reply.status)) return { kind: 'limited' };
      // In mid-run: an account without a role here, or a token that has expired?
      if (reply.status === 401 && authorization !== null) await requestInfo();
      const answer = read(reply, path, url);
      return answer.kind === 'got' ? { ...answer, value: shape(answer.value, schema, path, url) } : answer;
    } catch (error) {
      if (error instanceof AtcError) failure = error;
      throw error;
    }
  };

  return {
    url,
    begin: async () => {
      for (const cache of caches) cache.clear();
      failure = null;
      if (!isLoggedIn) {
        const token = await logIn(client, config, tools);
        authorization = token === null ? null : `Bearer ${token}`;
        isLoggedIn = true;
      }
      const { info, date } = await requestInfo();
      return { info, now: timeOf(date, tools.clock(), url) };
    },
    request: <T>({ schema, isFinal = () => false, limits = [] }: RequestKind<T>) => {
      const cache = createRequestCache<Answer<T>>(
        (path) => request(path, schema, limits),
        (answer) => answer.kind === 'got' && isFinal(answer.value),
      );
      caches.push(cache);
      return cache.get;
    },
  };
}

function read(reply: Reply, path: string, url: string): Answer<unknown> {
  const { status, isAtcs, json } = reply;
  switch (status) {
    case 200: {
      if (json === undefined)
        throw new AtcError(`${url} returned a non-JSON response for ${plain(path)}: ${NOT_AN_ATC}`);
      return { kind: 'got', value: json };
    }
    case 401:
    case 403:
      return { kind: 'forbidden' };
    case 404:
      // A proxy's 404 says nothing of what the ATC knows.
      if (isAtcs) return { kind: 'missing' };
      break;
  }
  throw new AtcError(
    `${url} answers ${status} to ${plain(path)}, ${isAtcs ? 'which no ATC should' : 'without the header that every ATC sends'}: ${NOT_AN_ATC}`,
  );
}

const NOT_AN_ATC = 'check concourse.url and the proxy in front of it.';

function shape<T>(value: unknown, schema: ZodType<T>, path: string, url: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  // Not what it said: an answer may hold the source of a resource.
  const at = result.error.issues[0]?.path.join('.') ?? '';
  throw new AtcError(
    `${url} returned JSON of an unknown shape for ${plain(path)}${at === '' ? '' : ` (at ${at})`}: ${NOT_AN_ATC}`,
  );
}

function plain(path: string): string {
  return path.replace(/\?.*/s, '');
}

/** Such a segment would change the path: a URL's `..` goes up, and a doubled slash is answered with a redirect. */
function namesNothing(path: string): boolean {
  return plain(path)
    .slice(1)
    .split('/')
    .some((part) => /^(?:\.|%2e){0,2}$/i.test(part));
}

function refusedToken(url: string, { login }: ConcourseSource): string {
  switch (login.kind) {
    case 'token':
      return login.renewWith === undefined
        ? `${url} rejects the token, which may have expired: set a new concourse.token, or a username and password.`
        : `${url} rejects the token, which may have expired: log in again with: ${login.renewWith}`;
    case 'password':
      return `${url} rejects the token that it gave to ${login.username}: check whether several Concourses share this address.`;
    case 'none':
      return `${url} answers 401 to /api/v1/info, which needs no login: check the proxy in front of it.`;
  }
}

/** Builds are dated by the ATC's clock, so it counts; ours only shows that one of the two is wrong. */
function timeOf(date: number | null, clock: number, url: string): number {
  if (date === null) return clock;
  const apart = Math.abs(date - clock);
  if (apart <= CLOCK_TOLERANCE) return date;
  throw new AtcError(
    `The clock here and that of ${url} are ${Math.round(apart)} seconds apart, so ages mean nothing: set the one that is wrong.`,
  );
}
