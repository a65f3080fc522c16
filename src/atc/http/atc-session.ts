import type { ZodType } from 'zod';
import { CLOCK_TOLERANCE } from '../../core/lock.ts';
import type { ConcourseSource } from '../../core/source/concourse-source.ts';
import { type Info, infoAnswer } from '../api/answer-schemas.ts';
import type { ConcourseTools } from '../config.ts';
import { Trouble } from './atc-trouble.ts';
import { openClient, type Reply } from './http-client.ts';
import { parseJson } from './json.ts';
import { logIn } from './login.ts';
import { createMemory } from './request-cache.ts';

/** "Nothing under that name" and "may not look" are answers; what cannot be trusted is thrown as Trouble. */
export type Answer<T> =
  | { readonly kind: 'got'; readonly value: T }
  | { readonly kind: 'missing' }
  | { readonly kind: 'forbidden' }
  /** The operator limits this call. */
  | { readonly kind: 'limited' };

/** One kind of question. The answers to each are kept for as long as they hold, stripped of what we do not use. */
export interface Kind<T> {
  readonly schema: ZodType<T>;
  /** Whether the answer will be the same in the next judgement. */
  readonly isFinal?: (value: T) => boolean;
  /** Statuses by which an operator limits this call. */
  readonly limits?: readonly number[];
}

export type Ask<T> = (path: string) => Promise<Answer<T>>;

/** Being logged in at one Concourse, during one judgement after the other. */
export interface Session {
  readonly url: string;
  /** Logs in the first time, and makes sure that the ATC accepts us. Forgets all answers but final ones. */
  begin(): Promise<{ readonly info: Info; readonly now: number }>;
  /** A way to ask this kind of question, which asks nothing twice in one judgement. */
  question<T>(kind: Kind<T>): Ask<T>;
}

export function openSession(config: ConcourseSource, tools: ConcourseTools): Session {
  const client = openClient(config, tools);
  const { url } = client;
  const memories: { forget(): void }[] = [];
  let authorization: string | null = null;
  let isLoggedIn = false;
  /** A Concourse that is in trouble is not asked on: each lock would wait for the same bounds. */
  let trouble: Trouble | null = null;

  /** Public pipelines answer a bad token as they answer none, so only `info` tells that one is refused. */
  const askInfo = async (): Promise<{ info: Info; date: number | null }> => {
    const path = '/api/v1/info';
    const reply = await client.send({ path, authorization });
    if (reply.status === 401) throw new Trouble(refusedToken(url, config));
    const answer = read(reply, path, url);
    if (answer.kind !== 'got') throw new Trouble(`${url} answers ${reply.status} to ${path}: is it an ATC?`);
    return { info: shape(answer.value, infoAnswer, path, url), date: reply.date };
  };

  const askAnew = async <T>(
    path: string,
    schema: ZodType<T>,
    limits: readonly number[],
  ): Promise<Answer<T>> => {
    if (namesNothing(path)) return { kind: 'missing' };
    if (trouble !== null) throw trouble;
    try {
      const reply = await client.send({ path, authorization, expected: limits });
      if (limits.includes(reply.status)) return { kind: 'limited' };
      // In the middle of a run: an account that may not look here, or a token that has expired?
      if (reply.status === 401 && authorization !== null) await askInfo();
      const answer = read(reply, path, url);
      return answer.kind === 'got' ? { ...answer, value: shape(answer.value, schema, path, url) } : answer;
    } catch (error) {
      if (error instanceof Trouble) trouble = error;
      throw error;
    }
  };

  return {
    url,
    begin: async () => {
      for (const memory of memories) memory.forget();
      trouble = null;
      if (!isLoggedIn) {
        const token = await logIn(client, config, tools);
        authorization = token === null ? null : `Bearer ${token}`;
        isLoggedIn = true;
      }
      const { info, date } = await askInfo();
      return { info, now: timeOf(date, tools.clock(), url) };
    },
    question: <T>({ schema, isFinal = () => false, limits = [] }: Kind<T>) => {
      const memory = createMemory<Answer<T>>(
        (path) => askAnew(path, schema, limits),
        (answer) => answer.kind === 'got' && isFinal(answer.value),
      );
      memories.push(memory);
      return memory.recall;
    },
  };
}

function read(reply: Reply, path: string, url: string): Answer<unknown> {
  const { status, isAtcs, body } = reply;
  switch (status) {
    case 200: {
      const value = parseJson(body);
      if (value === undefined) throw new Trouble(`${unreadable(url, path)}, but no JSON: ${NOT_AN_ATC}`);
      return { kind: 'got', value };
    }
    case 401:
    case 403:
      return { kind: 'forbidden' };
    case 404:
      // A proxy's 404 says nothing of what the ATC knows.
      if (isAtcs) return { kind: 'missing' };
      break;
  }
  throw new Trouble(
    `${url} answers ${status} to ${plain(path)}, ${isAtcs ? 'which no ATC should' : 'and not as an ATC does'}: ${NOT_AN_ATC}`,
  );
}

const NOT_AN_ATC = 'check concourse.url and the proxy in front of it.';

function shape<T>(value: unknown, schema: ZodType<T>, path: string, url: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  // Not what it said: an answer may hold the source of a resource.
  const at = result.error.issues[0]?.path.join('.') ?? '';
  throw new Trouble(
    `${unreadable(url, path)} of an unknown shape${at === '' ? '' : ` (at ${at})`}: ${NOT_AN_ATC}`,
  );
}

function unreadable(url: string, path: string): string {
  return `${url} answers ${plain(path)} with a text`;
}

function plain(path: string): string {
  return path.replace(/\?.*/s, '');
}

/** Such a part would make another path of it: a URL's `..` goes up, and a doubled slash is answered with a redirect. */
function namesNothing(path: string): boolean {
  return plain(path)
    .slice(1)
    .split('/')
    .some((part) => /^(?:\.|%2e){0,2}$/i.test(part));
}

function refusedToken(url: string, { login }: ConcourseSource): string {
  switch (login.kind) {
    case 'token':
      return `${url} refuses the token, which may have expired: set concourse.token anew, or a username and password.`;
    case 'password':
      return `${url} refuses the token that it gave to ${login.username}: check whether several Concourses share this address.`;
    case 'none':
      return `${url} answers 401 to /api/v1/info, which needs no login: check the proxy in front of it.`;
  }
}

/** The ATC's clock counts, since builds are dated by it; ours only shows that one of the two is wrong. */
function timeOf(date: number | null, clock: number, url: string): number {
  if (date === null) return clock;
  const apart = Math.abs(date - clock);
  if (apart <= CLOCK_TOLERANCE) return date;
  throw new Trouble(
    `The clock here and that of ${url} are ${Math.round(apart)} seconds apart, so ages mean nothing: set the one that is wrong.`,
  );
}
