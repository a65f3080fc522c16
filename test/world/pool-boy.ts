// Pool Boy as `out` runs it, in this process: real git, real HTTP, the world's clock.
import { execFileSync } from 'node:child_process';
import { openConcourses } from '../../src/atc/concourses.ts';
import type { ClaimedLock } from '../../src/core/lock.ts';
import { parseClaimMessage } from '../../src/core/messages/claim-message.ts';
import { mergePolicy } from '../../src/core/policy.ts';
import type { Source } from '../../src/core/source/source.ts';
import { outParams } from '../../src/request/params-schema.ts';
import { parseRequest } from '../../src/request/request.ts';
import { createLifetime } from '../../src/runtime/lifetime.ts';
import { createLog } from '../../src/runtime/log.ts';
import type { RunTools } from '../../src/runtime/run-tools.ts';
import { createMask } from '../../src/runtime/secret-mask.ts';
import { out } from '../../src/steps/out.ts';
import { judgeClaim } from '../../src/sweep/survey/judge-claim.ts';
import { headOf, type LockRepository } from './site/lock-repository.ts';
import type { Claim } from './types.ts';

export type Released = {
  pool: string;
  lock: string;
  claim: string;
  /** Null where nothing was pushed: the lock was only judged stale. */
  commit: string | null;
  reason: string;
  detail: string;
};

export type PoolBoy = {
  /** One run, at the world's time; every request is made again. `all`: also the claims that are over. */
  run(all: readonly Claim[]): Promise<Released[]>;
  /** What the last run found of a lock. */
  lastVerdict(pool: string, lock: string): string;
  end(): void;
};

export type PoolBoyOptions = {
  repository: LockRepository;
  /** As in a pipeline. */
  source: object;
  clock: () => number;
  /** Stale locks are released by `out` and git. Else they are only judged, which is the same and much faster. */
  withGit: boolean;
};

export function openPoolBoy({ repository, source, clock, withGit }: PoolBoyOptions): PoolBoy {
  const request = parseRequest({ source, params: {}, version: null }, outParams);
  const lifetime = createLifetime();
  const mask = createMask();
  const log = createLog(
    () => undefined,
    mask,
    () => false,
  );
  const environment = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null' };
  const tools: RunTools = { lifetime, mask, log, environment, clock, version: 'of the worlds' };
  const verdicts = new Map<string, string>();
  return {
    run: async (all) => {
      const claims = all.filter(({ end }) => end === null);
      if (!claims.some(isRevert)) {
        // Only a run that would release something needs git: what it reads there is what the world has written.
        const stale = await judgeAll(request.source, all, tools, verdicts);
        const isHeld = claims.some(({ heldUntil }) => heldUntil !== null);
        if (stale.length === 0 || (!withGit && !isHeld)) return stale;
      }
      const { folder } = repository;
      repository.publish();
      const before = headOf(folder);
      await out({ source, params: {}, version: null }, tools);
      return readReleases(folder, before, headOf(folder));
    },
    lastVerdict: (pool, lock) => verdicts.get(`${pool}/${lock}`) ?? 'not judged',
    end: () => lifetime.end(),
  };
}

/** What it takes back is read from more than its own commit. */
const isRevert = ({ message }: Claim): boolean => message.startsWith('Revert');

/** The stale ones, of which a person may hold some. */
async function judgeAll(
  source: Source,
  all: readonly Claim[],
  tools: RunTools,
  verdicts: Map<string, string>,
): Promise<Released[]> {
  const concourses = openConcourses(source.concourses, {
    ...tools,
    ownBuild: null,
    poolsClaimedIn: async (commits) =>
      new Map(
        commits.map((commit) => [
          commit,
          all.filter((claim) => claim.commit === commit).map(({ pool }) => pool),
        ]),
      ),
  });
  await concourses.begin();
  const policy = mergePolicy(source.policy);
  const judged = await Promise.all(
    all
      .filter(({ end }) => end === null)
      .map(async (claim): Promise<Released[]> => {
        const { pool, lock, commit } = claim;
        const { verdict } = await judgeClaim(concourses, lockOf(claim), policy, concourses.now());
        const { reason, detail } = verdict;
        verdicts.set(`${pool}/${lock}`, `${verdict.verdict} ${reason}: ${detail}`);
        return verdict.verdict === 'stale'
          ? [{ pool, lock, claim: commit, commit: null, reason, detail }]
          : [];
      }),
  );
  return judged.flat();
}

function lockOf({ pool, lock, commit, message, at }: Claim): ClaimedLock {
  const { owner, bornClaimed } = parseClaimMessage(`${message}\n`, lock);
  return {
    pool,
    name: lock,
    alsoUnclaimed: false,
    claim: {
      commit,
      message,
      author: 'CI Pool Resource',
      owner,
      bornClaimed,
      committedAt: at,
      parentCommittedAt: at,
      isRoot: false,
      restores: null,
      hold: null,
    },
  };
}

/** What a run pushed, as its commits tell. */
function readReleases(folder: string, before: string, after: string): Released[] {
  if (before === after) return [];
  const log = execFileSync('git', [
    '-C',
    folder,
    'log',
    '--reverse',
    '-z',
    '--format=%H%n%B',
    `${before}..${after}`,
  ]);
  const commits = log
    .toString()
    .split('\0')
    .filter((text) => text !== '');
  return commits.map((text) => {
    const trailer = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1] ?? '';
    const [commit = '', , , detail = ''] = text.split('\n');
    const named = { pool: trailer('Pool'), lock: trailer('Lock'), claim: trailer('Claim') };
    return { ...named, commit, reason: trailer('Reason'), detail };
  });
}
