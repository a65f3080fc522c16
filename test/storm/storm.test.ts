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
import { readBranch } from './git-objects.ts';
import { createPoolClient } from './pool-client.ts';
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
/** Events between two runs of Pool Boy; those that come while it runs are more: some at each word that it says. */
const BURST = 30;

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
    const head = () => readBranch(repository.path, 'main');
    const ci = ciModel({ now: BEGIN });
    const server = await startAtc(ci);
    atc = server;
    ci.externalUrl = server.url;
    const folder = temporaryFolder();
    const clients = ['fork', 'upstream'].map((name, at) => {
      const client = createPoolClient(repository.path);
      return { client, worker: createWorker(name, { ci, client, random: createRandom(at + 1), head }) };
    });

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
    const clean = async () => {
      // The pool resource would wait for ten seconds now and then; here it lets a loser go first.
      let mayRace = true;
      gate.close();
      const stop = server.onRequest('', () => {
        if (mayRace) gate.letPass();
      });
      try {
        return await poolBoy(ci, server.url, repository.uri, folder, (line) => {
          if (line.includes('moved while the locks were judged')) {
            lostByPoolBoy += 1;
            mayRace = false;
          }
          if (!mayRace) return gate.close();
          // From here on until git has pushed, nobody waits for anybody.
          if (line.startsWith('debug: git fast-import')) return gate.open();
          gate.close();
          gate.letPass();
        });
      } finally {
        stop();
        gate.open();
      }
    };
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
  // The builds here read no packs.
  repository.git('config', 'receive.unpackLimit', '100000');
  return repository;
}

function lockNames(): string[] {
  return Array.from({ length: LOCKS }, (_, at) => `unclaimed/env-${at}`);
}

/** One run of `out`, by the model's clock. `onLine` is given its log line by line, with what git did. */
async function poolBoy(ci: Ci, url: string, uri: string, folder: string, onLine: (line: string) => void) {
  const lifetime = createLifetime();
  const mask = createMask();
  const log = createLog(onLine, mask, () => true);
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
  const waiting: (() => void)[] = [];
  let isOpen = true;
  const letPass = () => {
    for (const go of waiting.splice(0)) go();
  };
  return {
    passed: () => (isOpen ? Promise.resolve() : new Promise<void>((resolve) => waiting.push(resolve))),
    /** Lets those pass who wait now. */
    letPass,
    close: () => {
      isOpen = false;
    },
    open: () => {
      isOpen = true;
      letPass();
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
