import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { NO_COMMIT } from '../../src/core/lock.ts';
import { createLifetime } from '../../src/runtime/lifetime.ts';
import { createLog } from '../../src/runtime/log.ts';
import { createMask } from '../../src/runtime/secret-mask.ts';
import { out } from '../../src/steps/out.ts';
import { ciModel, PASSWORD } from '../fake-atc/model.ts';
import { type Atc, startAtc } from '../fake-atc/start-atc.ts';
import type { Ci } from '../fake-atc/types.ts';
import { makeRepository, type TestRepository } from '../git/make-repository.ts';
import { temporaryFolder } from '../git/temporary-folder.ts';
import { createWorker, type Hold, type Worker } from './builds.ts';
import { clonePool } from './pool-client.ts';
import { createRandom } from './random.ts';
import { faultsIn, type Moved, readHistory } from './read-history.ts';

/** Events in the lives of builds (claims, releases, hand-ons, deaths), and releases by Pool Boy. */
const OPERATIONS = 2_000;
const POOLS = ['aws', 'gcp'];
const LOCKS = 24;
const BEGIN = 1_750_000_000;
const HOUR = 3_600;
/** Seconds of the model's clock between two events. */
const TICK = 30;
/** Events between two runs of Pool Boy; those that come while it runs are more. */
const BURST = 60;

let atc: Atc | null = null;

afterEach(async () => {
  jest.restoreAllMocks();
  await atc?.close();
});

describe('a storm of claims, releases and deaths', () => {
  it('loses no lock, doubles none, takes none from the living, and leaves none with the dead', async () => {
    // The pause after a lost race is drawn by lot: here nobody waits.
    jest.spyOn(Math, 'random').mockReturnValue(0);
    const repository = makePools();
    const head = () => readFileSync(join(repository.path, 'refs/heads/main'), 'latin1').trim();
    const ci = ciModel({ now: BEGIN });
    const server = await startAtc(ci);
    atc = server;
    ci.externalUrl = server.url;
    const folder = temporaryFolder();
    const clients = await Promise.all(
      ['fork', 'upstream'].map(async (name, at) => {
        const client = await clonePool(repository.uri, join(folder, name));
        return { client, worker: createWorker(name, { ci, client, random: createRandom(at + 1), head }) };
      }),
    );

    const gate = createGate();
    const steps = createCounter();
    let isOver = false;
    let releases = 0;
    let lostByPoolBoy = 0;
    const work = async (worker: Worker) => {
      while (!isOver) {
        await gate.passed();
        ci.now = BEGIN + steps.add() * TICK;
        await worker.step();
      }
    };
    const clean = () =>
      poolBoy(ci, server.url, repository.uri, folder, () => {
        lostByPoolBoy += 1;
        // The pool resource would wait for ten seconds now and then; here it lets a loser go first.
        gate.close();
      }).finally(gate.open);
    const cleanAgainAndAgain = async () => {
      try {
        while (steps.count() + releases < OPERATIONS) {
          await steps.next(BURST);
          const { metadata } = await clean();
          releases += Number(metadata.find(({ name }) => name === 'released')?.value);
        }
      } finally {
        isOver = true;
      }
    };
    await Promise.all([cleanAgainAndAgain(), ...clients.map(({ worker }) => work(worker))]);
    ci.now = ci.time() + 3 * HOUR;
    while ((await clean()).version.ref !== NO_COMMIT);

    const history = readHistory(repository);
    expect(faultsIn(history)).toEqual([]);
    const holds = clients.flatMap(({ worker }) => worker.holds);
    expect(takenFromTheLiving(history, holds)).toEqual([]);
    const living = holds.filter(({ deadSince }) => deadSince === null).map(({ lock }) => lock);
    expect(claimedNow(repository)).toEqual(living.sort());

    // It was a storm: both sides lost races, and Pool Boy released a good part of the locks.
    const released = history.filter(({ message }) => message.includes('Released-By: pool-boy'));
    expect(living.length).toBeGreaterThan(0);
    expect(released.length).toBeGreaterThan(OPERATIONS / 10);
    expect(lostByPoolBoy).toBeGreaterThan(10);
    for (const { client } of clients) expect(client.lost()).toBeGreaterThan(10);
  }, 300_000);
});

function makePools(): TestRepository {
  const repository = makeRepository();
  repository.commits(
    POOLS.map((pool) => ({
      at: BEGIN - HOUR,
      message: `Set up ${pool}`,
      changes: ['claimed/.gitkeep', 'unclaimed/.gitkeep', ...lockNames()].map((path) => ({
        write: `${pool}/${path}`,
      })),
    })),
  );
  repository.git('config', 'gc.auto', '0');
  return repository;
}

function lockNames(): string[] {
  return Array.from({ length: LOCKS }, (_, at) => `unclaimed/env-${at}`);
}

/** One run of `out`, by the model's clock. */
async function poolBoy(ci: Ci, url: string, uri: string, folder: string, onLost: () => void) {
  const lifetime = createLifetime();
  const mask = createMask();
  const log = createLog(
    (line) => {
      if (line.includes('moved while the locks were judged')) onLost();
    },
    mask,
    () => false,
  );
  const source = {
    uri,
    branch: 'main',
    stale_after: '1h',
    concourse: { url, username: 'pool-boy', password: PASSWORD },
  };
  try {
    return await out(
      { source, params: {}, version: null },
      {
        lifetime,
        log,
        mask,
        environment: { PATH: process.env.PATH, TMPDIR: folder, GIT_CONFIG_GLOBAL: '/dev/null' },
        clock: () => ci.time(),
        version: '1.2.3',
      },
    );
  } finally {
    lifetime.end();
  }
}

function takenFromTheLiving(history: readonly Moved[], holds: readonly Hold[]): string[] {
  const places = new Map(history.map(({ commit }, at) => [commit, at]));
  const deaths = new Map(holds.map(({ claim, deadSince }) => [claim, deadSince]));
  return history.flatMap(({ commit, message }, at) => {
    const claim = /^Claim: (.*)$/m.exec(message)?.[1];
    if (claim === undefined) return [];
    const death = deaths.get(claim);
    const diedAt = death == null ? Number.POSITIVE_INFINITY : (places.get(death) ?? Number.POSITIVE_INFINITY);
    return at > diedAt ? [] : [`${commit} took ${claim}`];
  });
}

function claimedNow(repository: TestRepository): string[] {
  return repository
    .git('ls-tree', '-r', '--name-only', 'main')
    .split('\n')
    .filter((path) => /\/claimed\/[^.]/.test(path))
    .map((path) => path.replace('/claimed/', '/'))
    .sort();
}

function createGate() {
  let waiting: (() => void)[] = [];
  let isOpen = true;
  return {
    passed: () => (isOpen ? Promise.resolve() : new Promise<void>((resolve) => waiting.push(resolve))),
    close: () => {
      isOpen = false;
    },
    open: () => {
      isOpen = true;
      for (const go of waiting) go();
      waiting = [];
    },
  };
}

function createCounter() {
  let count = 0;
  let waiting: { at: number; go: () => void }[] = [];
  return {
    count: () => count,
    add: () => {
      count += 1;
      for (const { go } of waiting.filter(({ at }) => at <= count)) go();
      waiting = waiting.filter(({ at }) => at > count);
      return count;
    },
    /** When it is so much higher than now. */
    next: (more: number) => new Promise<void>((resolve) => waiting.push({ at: count + more, go: resolve })),
  };
}
