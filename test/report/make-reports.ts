import type {
  ClaimedReport,
  HolderReport,
  LockReport,
  OwnerReport,
  PoolReport,
  Report,
} from '../../src/report/model.ts';

/** Tuesday, 2026-11-24 12:00 UTC. */
export const NOW = 1_795_521_600;

const iso = (at: number) => new Date(at * 1000).toISOString().replace('.000Z', 'Z');

export function jobOwner(text: string, url: string | null = null): OwnerReport {
  const [, team = '', pipeline = '', job = '', build = ''] =
    /^([^/]+)\/([^/]+)\/(.+) #([\d.]+)$/.exec(text) ?? [];
  return { kind: 'job', team, pipeline, instance_vars: null, job, build, url };
}

export const personOwner: OwnerReport = {
  kind: 'person',
  team: null,
  pipeline: null,
  instance_vars: null,
  job: null,
  build: null,
  url: null,
};

export function claimedLock(name: string, more: Partial<ClaimedReport> = {}): ClaimedReport {
  const held = more.held_seconds ?? 3_600;
  return {
    name,
    state: 'claimed',
    claimed_at: iso(NOW - held),
    held_seconds: held,
    claim: {
      commit: '0123456789abcdef0123456789abcdef01234567',
      message: `main/deploy/test build 2 claiming: ${name}\n`,
      author: 'CI Pool Resource',
    },
    owner: jobOwner('main/deploy/test #2'),
    holders: [],
    handed_to: null,
    hold: null,
    verdict: 'live',
    reason: 'build-running',
    detail:
      'main/deploy/test #2 is running since 1 hour ago (11:00 UTC); the lock was claimed 1 hour ago (11:00 UTC).',
    ...more,
  };
}

export function freeLock(name: string): LockReport {
  return { name, state: 'unclaimed' };
}

export function holder(more: Partial<HolderReport> = {}): HolderReport {
  return {
    id: 4_711,
    pipeline: 'deploy',
    job: 'test',
    name: '2',
    status: 'failed',
    started_at: iso(NOW - 7_200),
    ended_at: iso(NOW - 3_000),
    role: 'claimant',
    ...more,
  };
}

export function poolOf(
  name: string,
  locks: readonly LockReport[],
  staleAfter: number | null = 7_200,
): PoolReport {
  const claimed = locks.flatMap((lock) => (lock.state === 'claimed' ? [lock] : []));
  return {
    name,
    stale_after_seconds: staleAfter,
    release_to: null,
    claimed: claimed.length,
    unclaimed: locks.length - claimed.length,
    stale: claimed.filter(({ verdict }) => verdict === 'stale').length,
    locks,
  };
}

export function reportOf(pools: readonly PoolReport[], more: Partial<Report> = {}): Report {
  const locks = pools.flatMap((pool) => pool.locks);
  const undecided = locks.filter((lock) => lock.state === 'claimed' && lock.verdict === 'undecided').length;
  const total = (pick: (pool: PoolReport) => number) => pools.reduce((sum, pool) => sum + pick(pool), 0);
  return {
    schema: 1,
    generated_at: iso(NOW),
    repository: {
      uri: 'git@git.example:infra/locks.git',
      branch: 'main',
      ref: 'f0e1d2c3b4a5968778695a4b3c2d1e0f01234567',
    },
    concourse: [{ url: 'https://ci.example', version: '8.0.1' }],
    summary: {
      pools: pools.length,
      claimed: total((pool) => pool.claimed),
      unclaimed: total((pool) => pool.unclaimed),
      stale: total((pool) => pool.stale),
      undecided,
      released: more.released?.length ?? 0,
    },
    pools,
    released: [],
    warnings: [],
    ...more,
  };
}
