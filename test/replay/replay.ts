// Replays a lock repository's history: at many moments the real survey runs against a Concourse that shows who was
// alive then, and what it would have taken is compared with what happened later.

import type { Concourses, EvidenceQuery } from '../../src/atc/concourses.ts';
import { openConcourses } from '../../src/atc/concourses.ts';
import { allLocks, type Surveyed } from '../../src/core/survey/surveyed.ts';
import type { Asked, Claimant, Evidence, FoundBuild } from '../../src/core/verdict/evidence.ts';
import { openRepository, type Repository } from '../../src/git/repository.ts';
import { sourceSchema } from '../../src/request/source-schema.ts';
import { createLifetime } from '../../src/runtime/lifetime.ts';
import { createLog } from '../../src/runtime/log.ts';
import { createMask } from '../../src/runtime/secret-mask.ts';
import { survey } from '../../src/sweep/survey/survey.ts';
import { PASSWORD } from '../fake-atc/model.ts';
import { startAtc } from '../fake-atc/start-atc.ts';
import { modelAt } from './model-at.ts';
import type { History, Hold } from './read-holds.ts';

/** A piece of evidence that can be taken away, to see what it is worth. */
export const PIECES = ['takers', 'waiting jobs', 'last look', 'search after a 404', 'proof'] as const;
export type Piece = (typeof PIECES)[number];

export interface Taken {
  readonly hold: Hold;
  readonly at: number;
  readonly reason: string;
  readonly detail: string;
}

export interface Replay {
  /** Claimed locks that were judged, at all moments together. */
  readonly judged: number;
  /** Locks that would have been taken from somebody who later released them. */
  readonly robbed: readonly Taken[];
  /** Locks that would have been taken from nobody: a person had to release them in the end. */
  readonly freed: readonly Taken[];
  /** How often each reason was given. */
  readonly reasons: ReadonlyMap<string, number>;
}

export interface ReplaySession {
  /** Judges the locks as of these moments (unix seconds). */
  replay(moments: readonly number[], without: Piece | null): Promise<Replay>;
  close(): void;
}

/** Seconds: `stale_after` of the replays. */
export const STALE_AFTER = 1_800;

/**
 * Moments of this many holds, spread evenly over the history: most of them after the timeout has passed, where only
 * evidence of life protects a holder, the others before.
 */
export function momentsOf({ holds }: History, count: number): number[] {
  const long = holds.filter(({ from, to }) => to !== null && to - from > STALE_AFTER + 120);
  const brief = holds.filter(({ from, to }) => to !== null && to - from > 240 && to - from < STALE_AFTER);
  return Array.from({ length: count }, (_, i) => {
    const isLate = i % 4 !== 3;
    const among = isLate ? long : brief;
    const { from, to } = among[Math.floor(((i + 0.5) / count) * among.length)] ?? { from: 0, to: 0 };
    const earliest = from + (isLate ? STALE_AFTER + 60 : 180);
    // The share of the rest that has passed: another one for each, and the same in each run.
    return Math.floor(earliest + ((i * 0.618) % 1) * Math.max(0, (to ?? earliest) - earliest - 30));
  });
}

export async function openReplay(uri: string, history: History): Promise<ReplaySession> {
  const lifetime = createLifetime();
  const mask = createMask();
  const log = createLog(
    () => undefined,
    mask,
    () => false,
  );
  const tools = { lifetime, log, mask, environment: process.env, version: '0' };
  const source = { uri, branch: 'main', stale_after: STALE_AFTER / 60, by_hand: 'keep' };
  const repository = await openRepository(sourceSchema.parse(source).repository, tools);
  await repository.fetch();
  // The copy is shallow until somebody asks for an old commit.
  await repository.isInHistory(history.commits[0]?.commit ?? '');

  const judgeAt = async (at: number, without: Piece | null) => {
    const head = commitAt(history, at);
    const moment = modelAt(history, holdsAt(history, at), at);
    const atc = await startAtc(moment.ci);
    try {
      const read = sourceSchema.parse({
        ...source,
        concourse: { url: atc.url, username: 'pool-boy', password: PASSWORD },
      });
      const around = { ...tools, clock: () => at };
      const concourses = openConcourses(read.concourses, {
        ...around,
        ownBuild: null,
        poolsClaimedIn: (commits, since) => repository.poolsClaimedIn(commits, since),
      });
      const session = { source: read, repository, tools: around, concourses: blind(concourses, without) };
      return { moment, locks: allLocks(await survey(session, head)) };
    } finally {
      await atc.close();
    }
  };
  return {
    async replay(moments, without) {
      const robbed: Taken[] = [];
      const freed: Taken[] = [];
      const reasons = new Map<string, number>();
      let judged = 0;
      for (const at of moments) {
        const { moment, locks } = await judgeAt(at, without);
        judged += locks.length;
        for (const lock of locks) {
          reasons.set(lock.verdict.reason, (reasons.get(lock.verdict.reason) ?? 0) + 1);
          if (lock.verdict.verdict !== 'stale') continue;
          const hold = moment.open.get(lock.lock.claim.commit)?.find(isHoldOf(lock));
          if (hold === undefined) throw new Error(`no hold is known of ${lock.lock.pool}/${lock.lock.name}`);
          const taken = { hold, at, reason: lock.verdict.reason, detail: lock.verdict.detail };
          (wasReleasedByItsPipeline(hold) ? robbed : freed).push(taken);
        }
      }
      return { judged, robbed, freed, reasons };
    },
    close: () => lifetime.end(),
  };
}

export function holdsAt({ holds }: History, at: number): Hold[] {
  return holds.filter(({ from, to }) => from <= at && (to === null || to > at));
}

/** A person who releases a lock found it left behind; a build came back for what was its own. */
function wasReleasedByItsPipeline({ releaser }: Hold): boolean {
  return releaser !== null && releaser.owner.kind !== 'person';
}

function isHoldOf({ lock }: Surveyed) {
  return (hold: Hold) => hold.pool === lock.pool && hold.lock === lock.name;
}

function commitAt({ commits }: History, at: number): string {
  return commits.findLast((commit) => commit.at <= at)?.commit ?? '';
}

/** The same Concourse, seen by somebody who does not look at one piece of evidence. */
function blind(concourses: Concourses, without: Piece | null): Concourses {
  if (without === null) return concourses;
  return {
    begin: () => concourses.begin(),
    now: () => concourses.now(),
    infos: () => concourses.infos(),
    pipelinesUsing: (repository) => concourses.pipelinesUsing(repository),
    evidenceFor: async (query) => {
      if (without === 'last look' && query.depth === 'last-look') return withDepth(query);
      return hide(await concourses.evidenceFor(query), without);
    },
  };
}

function withDepth({ previous, depth }: EvidenceQuery): Evidence {
  return previous.kind === 'asked' ? { ...previous, depth } : previous;
}

function hide(evidence: Evidence, piece: Piece): Evidence {
  if (evidence.kind !== 'asked') return evidence;
  switch (piece) {
    case 'takers':
      return { ...evidence, takers: [] };
    case 'waiting jobs':
      return { ...evidence, next: [] };
    case 'search after a 404':
      return withoutSearch(evidence);
    case 'proof':
      return withoutDoubt(evidence);
    case 'last look':
      return evidence;
  }
}

function withoutSearch(asked: Asked): Asked {
  const wasSearchedFor = asked.claimant.kind === 'found' && asked.claimant.found.foundBy !== 'name';
  return wasSearchedFor ? { ...asked, claimant: { kind: 'not-known' } } : asked;
}

/** Whoever asks for no proof takes every build of that name for the one that claimed. */
function withoutDoubt(asked: Asked): Asked {
  const sure = { namedByUrl: true, madeAnotherClaim: null };
  return { ...asked, claimant: eachFound(asked.claimant, (found) => ({ ...found, ...sure })) };
}

function eachFound(claimant: Claimant, change: (found: FoundBuild) => FoundBuild): Claimant {
  if (claimant.kind !== 'found') return claimant;
  return { ...claimant, found: change(claimant.found), others: claimant.others.map(change) };
}

export type { Repository };
