import type { Build } from '../core/build.ts';
import type { ConcourseSource } from '../core/source/concourse-source.ts';
import type { Forbidden } from '../core/verdict/evidence.ts';
import { openApi } from './api/api-requests.ts';
import { type AtcReader, createReader, type ReaderOptions } from './api/atc-reader.ts';
import { batchBuilds } from './api/batch-builds.ts';
import { BOUNDS, type ConcourseTools } from './config.ts';
import { type LookSpan, type Seen, takeLastLook } from './evidence/last-look.ts';
import { AtcError, ConcourseFailure } from './http/atc-error.ts';
import { openAtcSession } from './http/atc-session.ts';
import { hostAndPort, shownUrl } from './http/atc-url.ts';

/** What came of asking: an answer, or why there is none. */
export type Outcome<T> =
  | { readonly kind: 'answered'; readonly value: T }
  | { readonly kind: 'unreachable'; readonly problem: string };

export interface LastLook extends Seen {
  readonly forbidden: Forbidden | null;
  readonly unread: string | null;
}

export interface ConcourseInfo {
  readonly url: string;
  /** Null where it gave no answer. */
  readonly version: string | null;
}

/** One configured Concourse. */
export interface Concourse {
  readonly config: ConcourseSource;
  begin(): Promise<void>;
  now(): number | null;
  info(): ConcourseInfo;
  /** Whether this is one of its addresses. If it did not answer, it may have addresses that we do not know. */
  isAt(host: string | null): boolean;
  mayBeAt(host: string | null): boolean;
  /** A reader for one claim. */
  reader(): AtcReader;
  /** All running builds that may hold a claim, as far back as `since`; nothing is asked twice in one judgement. */
  lastLook(span: LookSpan, isOurs: (build: Build) => boolean): Promise<LastLook>;
  /** Without a usable answer the run fails, or, where the operator wants that, the lock is left alone. */
  attempt<T>(ask: () => Promise<T>): Promise<Outcome<T>>;
}

export function openConcourse(config: ConcourseSource, tools: ConcourseTools): Concourse {
  const session = openAtcSession(config, tools);
  const { api, clear } = batchBuilds(openApi(session), openApi(session));
  const readerOptions = { ...accountOf(config), mostPages: tools.bounds?.pages ?? BOUNDS.pages };
  let answered: Awaited<ReturnType<typeof session.begin>> | null = null;
  let problem: string | null = null;
  let looks: readonly (LookSpan & { readonly taken: Promise<LastLook> })[] = [];
  let saidLimited = false;
  const warned = new Set<string>();

  const sayLimited = () => {
    if (!saidLimited)
      tools.log.info(
        'The operator of Concourse limits /api/v1/jobs: asking for the jobs of each pipeline instead.',
      );
    saidLimited = true;
  };

  const take = async (span: LookSpan, isOurs: (build: Build) => boolean): Promise<LastLook> => {
    const atc = createReader(api, readerOptions);
    const seen = await takeLastLook(atc, span, isOurs, sayLimited);
    return { ...seen, forbidden: atc.forbidden(), unread: atc.unread() };
  };

  const keepOrFail = (error: unknown): string => {
    if (!(error instanceof AtcError)) throw error;
    if (config.whenUnreachable === 'fail') throw new ConcourseFailure(error.message, { cause: error });
    // Once in a run: each judgement after a lost race meets the same failure again.
    if (!warned.has(error.message)) tools.log.warn(error.message);
    warned.add(error.message);
    return error.message;
  };

  const isAt = (host: string | null): boolean => {
    const external = answered?.info.external_url ?? null;
    const urls = [config.url, ...config.formerUrls, ...(external === null ? [] : [external])];
    return host !== null && urls.some((url) => hostAndPort(url) === host);
  };

  return {
    config,
    begin: async () => {
      answered = null;
      problem = null;
      looks = [];
      clear();
      try {
        answered = await session.begin();
      } catch (error) {
        problem = keepOrFail(error);
      }
    },
    now: () => answered?.now ?? null,
    info: () => ({ url: session.url, version: answered?.info.version ?? null }),
    isAt,
    mayBeAt: (host) => isAt(host) || problem !== null,
    reader: () => createReader(api, readerOptions),
    lastLook: async (span, isOurs) => {
      const { since, grace, errorGrace } = span;
      // One that went further back serves as well, unless it hit its limit while reaching back for an older claim.
      const further = looks
        .filter((look) => look.since <= since && look.grace >= grace && look.errorGrace >= errorGrace)
        .toSorted((a, b) => b.since - a.since)[0];
      if (further !== undefined) {
        const known = await further.taken;
        if (known.unread === null || further.since === since) return known;
      }
      const taken = take(span, isOurs);
      looks = [...looks, { ...span, taken }];
      return await taken;
    },
    attempt: async (ask) => {
      if (problem !== null) return { kind: 'unreachable', problem };
      try {
        return { kind: 'answered', value: await ask() };
      } catch (error) {
        // For the rest of this judgement: an answer to the next question would be no more to be trusted.
        problem = keepOrFail(error);
        return { kind: 'unreachable', problem };
      }
    },
  };
}

function accountOf({ login, url }: ConcourseSource): Pick<ReaderOptions, 'concourse' | 'account'> {
  const concourse = shownUrl(url);
  switch (login.kind) {
    case 'password':
      return { concourse, account: login.username };
    case 'token':
      return { concourse, account: 'of the token' };
    case 'none':
      return { concourse, account: null };
  }
}
