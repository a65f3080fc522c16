import * as z from 'zod/mini';
import type { ConcourseSource } from '../../core/source/concourse-source.ts';
import { CLOCK_TOLERANCE } from '../../core/time.ts';
import type { ConcourseTools } from '../config.ts';
import { AtcError } from './atc-error.ts';
import type { AtcFailure } from './atc-failure.ts';
import { describeFailure } from './failure-sentences.ts';
import { openClient } from './http-client.ts';
import { logIn } from './login.ts';
import { createRequestCache } from './request-cache.ts';
import { type Reply, withoutQuery } from './send-request.ts';

/** What the ATC answers. An answer that cannot be trusted is none: it is thrown as an AtcError. */
export type Answer<T> =
  | { readonly kind: 'got'; readonly value: T }
  /** Nothing under that name. */
  | { readonly kind: 'missing' }
  /** The account has no role there. */
  | { readonly kind: 'forbidden' }
  /** The operator limits this call. */
  | { readonly kind: 'limited' }
  /** The ATC fails at this request, while it answers others. */
  | { readonly kind: 'failing' }
  /** Another server answers this request in the ATC's place, while the ATC answers others: what, in a sentence. */
  | { readonly kind: 'intercepted'; readonly problem: string };

/** A kind of GET request. Only the fields that its schema names are kept of an answer. */
export interface RequestKind<T> {
  readonly schema: z.ZodMiniType<T>;
  /** Whether this answer can never change, so that the next judgement of the run need not request it again. */
  readonly isFinal?: (value: T) => boolean;
  /** Statuses by which an operator limits this call. */
  readonly limits?: readonly number[];
  /** Statuses that mean, also after retries, that this one request cannot be answered: no sign that the ATC is in trouble. */
  readonly failures?: readonly number[];
  /**
   * Its path holds what a commit message says, which anybody with push rights writes. The ATC answers 400 to a build
   * number beyond int64 and to instance vars that are no JSON: then there is nothing under that name.
   */
  readonly isNamedByMessage?: boolean;
}

/** `isSettled`: the caller knows that this answer cannot change any more. */
export type Get<T> = (path: string, isSettled?: boolean) => Promise<Answer<T>>;

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

const INFO = '/api/v1/info';
const infoAnswer = z.object({ version: z.string(), external_url: z.nullish(z.string()) });
export type Info = z.infer<typeof infoAnswer>;

export function openAtcSession(config: ConcourseSource, tools: ConcourseTools): AtcSession {
  const client = openClient(config, tools);
  const { url } = client;
  const caches: { clear(): void }[] = [];
  let authorization: string | null = null;
  let isLoggedIn = false;
  /** After one failure nothing else is requested in this judgement: each lock would wait for the same timeout. */
  let failure: AtcError | null = null;

  const renewToken = async () => {
    const token = await logIn(client, config, tools);
    authorization = token === null ? null : `Bearer ${token}`;
    isLoggedIn = true;
  };

  /**
   * Null where the ATC rejects the token. Public pipelines answer a bad token as they answer none, so that what can be
   * seen would shrink without a word; `info` answers 401 to it.
   */
  const requestInfo = async (): Promise<{ info: Info; date: number | null } | null> => {
    const reply = await client.send({ path: INFO, authorization });
    if (reply.status === 401 && reply.sender.kind === 'atc') return null;
    const { path, status, sender } = { path: INFO, ...reply };
    if (status !== 200) throw new AtcError(url, { kind: 'status', path, status, sender, retryAfter: null });
    return { info: shape(jsonOf(reply, INFO, url), infoAnswer, INFO, url), date: reply.date };
  };

  const requestOnce = async <T>(path: string, kind: RequestKind<T>): Promise<Answer<T>> => {
    const { schema, limits = [], isNamedByMessage = false } = kind;
    const reply = await client.send({ path, authorization, expected: limits });
    if (limits.includes(reply.status)) return { kind: 'limited' };
    if (isNamedByMessage && reply.status === 400 && reply.sender.kind === 'atc') return { kind: 'missing' };
    // In mid-run: an account without a role here, or a token that has expired?
    if (reply.status === 401 && authorization !== null && (await requestInfo()) === null)
      throw new AtcError(url, expiredToken(config));
    const answer = read(reply, path, url);
    return answer.kind === 'got' ? { ...answer, value: shape(answer.value, schema, path, url) } : answer;
  };

  const request = async <T>(path: string, kind: RequestKind<T>): Promise<Answer<T>> => {
    if (namesNothing(path)) return { kind: 'missing' };
    if (failure !== null) throw failure;
    try {
      return await requestOnce(path, kind);
    } catch (error) {
      if (!(error instanceof AtcError)) throw error;
      if (isFailureOf(kind, error)) return { kind: 'failing' };
      failure = error;
      throw error;
    }
  };

  return {
    url,
    begin: async () => {
      for (const cache of caches) cache.clear();
      failure = null;
      const wasLoggedIn = isLoggedIn;
      if (!wasLoggedIn) await renewToken();
      let answer = await requestInfo();
      // Between two judgements of a long run: what follows is requested with the new token, all of it.
      if (answer === null && wasLoggedIn && config.login.kind === 'password') {
        await renewToken();
        answer = await requestInfo();
      }
      if (answer === null) throw new AtcError(url, rejectedToken(config));
      return { info: answer.info, now: timeOf(answer.date, tools.clock(), url) };
    },
    request: <T>(kind: RequestKind<T>) => {
      const { isFinal = () => false } = kind;
      const cache = createRequestCache<Answer<T>>(
        (path) => request(path, kind),
        (answer, isSettled) => answer.kind === 'got' && (isSettled || isFinal(answer.value)),
      );
      caches.push(cache);
      return cache.get;
    },
  };
}

function isFailureOf(
  { failures = [] }: Pick<RequestKind<unknown>, 'failures'>,
  { failure }: AtcError,
): boolean {
  return failure.kind === 'status' && failure.sender.kind === 'atc' && failures.includes(failure.status);
}

function read(reply: Reply, fullPath: string, url: string): Answer<unknown> {
  const { status, sender } = reply;
  const path = withoutQuery(fullPath);
  const failure = { kind: 'status', path, status, sender, retryAfter: null } as const;
  switch (status) {
    case 200:
      return { kind: 'got', value: jsonOf(reply, path, url) };
    case 401:
    case 403:
      if (sender.kind === 'atc') return { kind: 'forbidden' };
      // A firewall may dislike one name, and let everything else pass.
      return { kind: 'intercepted', problem: describeFailure(url, failure) };
    case 404:
      // Another server's 404 says nothing of what the ATC knows.
      if (sender.kind === 'atc') return { kind: 'missing' };
      break;
  }
  throw new AtcError(url, failure);
}

function jsonOf({ json }: Reply, path: string, url: string): unknown {
  if (json === undefined) throw new AtcError(url, { kind: 'not-json', path });
  return json;
}

function shape<T>(value: unknown, schema: z.ZodMiniType<T>, path: string, url: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  // Not what it said: an answer may hold the source of a resource.
  const at = result.error.issues[0]?.path.join('.') ?? '';
  throw new AtcError(url, { kind: 'unknown-shape', path: withoutQuery(path), at });
}

/** Such a segment would change the path: a URL's `..` goes up, and a doubled slash is answered with a redirect. */
function namesNothing(path: string): boolean {
  return withoutQuery(path)
    .slice(1)
    .split('/')
    .some((part) => /^(?:\.|%2e){0,2}$/i.test(part));
}

function rejectedToken({ login }: ConcourseSource): AtcFailure {
  switch (login.kind) {
    case 'token':
      return { kind: 'token-rejected', renewWith: login.renewWith ?? null };
    case 'password':
      return { kind: 'new-token-rejected', username: login.username };
    case 'none':
      return { kind: 'info-needs-login' };
  }
}

/** It was accepted when the judgement began. */
function expiredToken({ login }: ConcourseSource): AtcFailure {
  switch (login.kind) {
    case 'token':
      return { kind: 'token-expired', renewWith: login.renewWith ?? null, username: null };
    case 'password':
      return { kind: 'token-expired', renewWith: null, username: login.username };
    case 'none':
      return { kind: 'info-needs-login' };
  }
}

/** Builds are dated by the ATC's clock, so it counts; ours only shows that one of the two is wrong. */
function timeOf(date: number | null, clock: number, url: string): number {
  if (date === null) return clock;
  const seconds = Math.abs(date - clock);
  if (seconds <= CLOCK_TOLERANCE) return date;
  throw new AtcError(url, { kind: 'clocks-differ', seconds: Math.round(seconds) });
}
