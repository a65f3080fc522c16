import type { Build } from '../core/build.ts';
import { Failure } from '../core/failure.ts';
import { type ClaimedLock, claimedAt } from '../core/lock.ts';
import type { ConcourseSource } from '../core/source/concourse-source.ts';
import type { Asked, Depth, Evidence } from '../core/verdict/evidence.ts';
import type { ConcourseTools } from './config.ts';
import { batchPools } from './evidence/batch-pool-queries.ts';
import type { ClaimQuery } from './evidence/claim-query.ts';
import { askClaimant, askHolders } from './evidence/find-holders.ts';
import { addLastLook, lastLookSince } from './evidence/last-look.ts';
import { searchAllPipelines } from './evidence/search-all-pipelines.ts';
import { ConcourseFailure } from './http/atc-error.ts';
import { hostAndPort, isLoopback } from './http/atc-url.ts';
import { mergeAsked } from './merge-evidence.ts';
import { type Concourse, type ConcourseInfo, openConcourse } from './one-concourse.ts';
import { type LockRepository, type PipelinesFound, pipelinesUsing } from './pipelines-using.ts';

/** What is to be found out about one claimed lock. */
export interface EvidenceQuery {
  readonly lock: ClaimedLock;
  readonly depth: Depth;
  /** What the depth before has shown. */
  readonly previous: Evidence;
  /** `on_success: handover`: a job that can still take the lock keeps it. */
  readonly wantsNext: boolean;
  /** `handover_timeout`: one that only waits does so for a limited time. */
  readonly limitsWaiting: boolean;
  /** Seconds during which a build that has ended may still be at work; `errorGrace`: one that errored. */
  readonly grace: number;
  readonly errorGrace: number;
}

/** Every Concourse that may know who holds a lock. */
export interface Concourses {
  /** Starts a judgement: everything but ended builds is requested again. Must come before the first query. */
  begin(): Promise<void>;
  /** By the ATC's clock, in unix seconds, when the judgement began. */
  now(): number;
  infos(): readonly ConcourseInfo[];
  evidenceFor(query: EvidenceQuery): Promise<Evidence>;
  /** Of every Concourse that answers. */
  pipelinesUsing(repository: LockRepository): Promise<PipelinesFound>;
}

/** No request is made before `begin`. */
export function openConcourses(configs: readonly ConcourseSource[], tools: ConcourseTools): Concourses {
  const all = configs.map((config) => openConcourse(config, tools));
  let now = tools.clock();
  const pools = batchPools(tools.poolsClaimedIn);

  const claimQueryFor = (
    { lock, wantsNext, limitsWaiting, grace, errorGrace }: EvidenceQuery,
    concourse: Concourse,
  ): ClaimQuery => ({
    claim: lock.claim,
    pool: lock.pool,
    claimedAt: claimedAt(lock.claim, now),
    now,
    grace,
    errorGrace,
    wantsNext,
    limitsWaiting,
    defaultTeam: concourse.config.team,
    isUrlHere: isOnly(concourse, urlOf(lock)),
    isOurs: (build) => isOurBuild(build, concourse),
    poolsClaimedIn: pools.poolsClaimedIn,
  });

  /** Behind one address there may be two of them; then it tells nothing, as a loopback address never does. */
  const isOnly = (concourse: Concourse, url: string | null): boolean => {
    if (url === null || isLoopback(url)) return false;
    const named = all.filter((one) => one.isAt(hostAndPort(url)));
    return named.length === 1 && named[0] === concourse;
  };

  const concoursesOfUrl = (url: string | null): readonly Concourse[] =>
    url === null || isLoopback(url) ? all : all.filter((one) => one.mayBeAt(hostAndPort(url)));

  /** Only where the address says which Concourse it is: without external URLs they are all called 127.0.0.1:8080. */
  const isOurBuild = ({ id }: Build, concourse: Concourse): boolean => {
    const { ownBuild } = tools;
    if (ownBuild === null || ownBuild.id !== id) return false;
    const { externalUrl } = ownBuild;
    const host = hostAndPort(externalUrl);
    // A loopback address is that of every ATC which was given none, so only a configured one says anything.
    const isNamed = (one: Concourse) =>
      isLoopback(externalUrl) ? hostAndPort(one.config.url) === host : one.isAt(host);
    const named = all.filter(isNamed);
    return named.length === 1 && named[0] === concourse;
  };

  const askAll = async (
    { lock }: EvidenceQuery,
    concourses: readonly Concourse[],
    ask: (concourse: Concourse) => Promise<Asked>,
  ): Promise<Evidence> => {
    const outcomes = await Promise.all(concourses.map((one) => one.attempt(() => ask(one))));
    return mergeAsked(outcomes, claimedAt(lock.claim, now));
  };

  const askNamed = (query: EvidenceQuery): Promise<Evidence> => {
    const { lock, depth } = query;
    const concourses = concoursesOfUrl(urlOf(lock));
    if (concourses.length === 0) return Promise.resolve(madeOnAnotherConcourse(lock, depth));
    // Before its timeout has passed nobody needs to be asked about a claim by hand; one that names nobody is looked for
    // by its version, which is more than one request.
    const { kind } = lock.claim.owner;
    if (kind === 'person' || (kind === 'unknown' && depth === 'claimant'))
      return Promise.resolve(withoutBuild(depth));
    const ask = depth === 'claimant' ? askClaimant : askHolders;
    return askAll(query, concourses, (one) => ask(one.reader(), claimQueryFor(query, one)));
  };

  return {
    begin: async () => {
      const results = await Promise.allSettled(all.map((one) => one.begin()));
      throwAll(results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])));
      const times = all.map((one) => one.now()).filter((time) => time !== null);
      // The earliest: with it a claim looks younger, never older.
      now = times.length === 0 ? tools.clock() : Math.min(...times);
    },
    now: () => now,
    infos: () => all.map((one) => one.info()),
    pipelinesUsing: async (repository) => {
      const outcomes = await Promise.all(
        all.map((one) => one.attempt(() => pipelinesUsing(one.reader(), repository))),
      );
      const read = outcomes.flatMap((one) => (one.kind === 'answered' ? [one.value] : []));
      return {
        pipelines: read.flatMap(({ pipelines }) => pipelines),
        unclear: read.flatMap(({ unclear }) => unclear),
        unanswered: read.length === 0,
      };
    },
    evidenceFor: async (query) => {
      const { lock, depth, previous } = query;
      if (depth !== 'last-look') return await askNamed(query);
      const asked =
        previous.kind === 'asked' && previous.depth === 'holders'
          ? previous
          : await askNamed({ ...query, depth: 'holders' });
      if (asked.kind !== 'asked') return asked;
      const since = lastLookSince(lock, asked, claimedAt(lock.claim, now) ?? now);
      const { grace, errorGrace } = query;
      const mayKnow = concoursesOfUrl(urlOf(lock));
      return await askAll(query, all, async (one) => {
        const last = await one.lastLook({ since, now, grace, errorGrace }, (build) => isOurBuild(build, one));
        const claimQuery = claimQueryFor(query, one);
        const seen = addLastLook(asked, last.builds, claimQuery);
        const known = {
          ...seen,
          forbidden: seen.forbidden ?? last.forbidden,
          unread: seen.unread ?? last.unread,
        };
        if (!mayKnow.includes(one)) return known;
        return await searchAllPipelines(one.reader(), claimQuery, known, last);
      });
    },
  };
}

function urlOf({ claim: { owner } }: ClaimedLock): string | null {
  return owner.kind === 'person' ? null : owner.url;
}

function madeOnAnotherConcourse(lock: ClaimedLock, depth: Depth): Asked {
  const url = urlOf(lock) ?? '';
  const host = hostAndPort(url) ?? url.slice(0, 100);
  return { ...withoutBuild(depth), claimant: { kind: 'other-concourse', host } };
}

function withoutBuild(depth: Depth): Asked {
  return {
    kind: 'asked',
    depth,
    claimant: { kind: 'no-build' },
    takers: [],
    next: [],
    withheld: null,
    forbidden: null,
    unread: null,
  };
}

/** Of several Concourses each has its own sentence; anything but a failure is a bug, and goes first. */
function throwAll(errors: readonly unknown[]): void {
  const bug = errors.find((error) => !(error instanceof Failure));
  if (bug !== undefined) throw bug;
  const sentences = errors.flatMap((error) => (error instanceof Failure ? error.sentences : []));
  if (sentences.length > 0) throw new ConcourseFailure(sentences);
}
