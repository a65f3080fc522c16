// The counter of wrong releases, against a history in which it is known who came back.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cameBackInGit } from '../../src/core/history/came-back.ts';
import { readHistory } from '../../src/core/history/lock-history.ts';
import type { Operation } from '../../src/core/history/lock-operation.ts';
import { ownReleases } from '../../src/core/history/own-releases.ts';
import { openRepository } from '../../src/git/repository.ts';
import { sourceSchema } from '../../src/request/source-schema.ts';
import { createLifetime } from '../../src/runtime/lifetime.ts';
import { createLog } from '../../src/runtime/log.ts';
import { createMask } from '../../src/runtime/secret-mask.ts';
import { cloneRealHistory, hasRealHistory } from '../steps/real-history.ts';
import { type History, type Hold, readHolds } from './read-holds.ts';

const DAY = 86_400;

(hasRealHistory ? describe : describe.skip)(
  'releases put into eleven years of a real lock repository',
  () => {
    let real: { folder: string; repository: string };
    let history: History;
    const byLock = new Map<string, Operation[]>();

    beforeAll(async () => {
      real = cloneRealHistory();
      history = await readHolds(real.repository, 'main');
      const lifetime = createLifetime();
      const mask = createMask();
      const log = createLog(
        () => undefined,
        mask,
        () => false,
      );
      const source = sourceSchema.parse({ uri: real.repository, branch: 'main', stale_after: '1h' });
      const repository = await openRepository(source.repository, {
        lifetime,
        mask,
        log,
        environment: process.env,
      });
      const head = await repository.fetch();
      await repository.operationsSince(head, 0, (operation) => {
        const path = `${operation.pool}/${operation.lock}`;
        const known = byLock.get(path);
        if (known === undefined) byLock.set(path, [operation]);
        else known.push(operation);
      });
      for (const operations of byLock.values()) operations.reverse();
      lifetime.end();
    }, 120_000);

    afterAll(() => rmSync(real.folder, { recursive: true, force: true }));

    /** Whether the counter finds that the holder came back, had Pool Boy released the lock in the middle of a hold. */
    function comesBack({ pool, lock, claim, from, to }: Hold): boolean | null {
      const operations = byLock.get(`${pool}/${lock}`) ?? [];
      const start = operations.findIndex(({ commit, kind }) => commit === claim && kind === 'claim');
      const end = to ?? from + DAY;
      const made = operations[start];
      if (made === undefined) return null;
      const at = Math.floor((from + end) / 2);
      const ours: Operation = {
        ...made,
        kind: 'release',
        at,
        commit: 'f'.repeat(40),
        owner: { kind: 'unknown', url: null },
        byPoolBoy: true,
      };
      const story = [made, ours, ...operations.slice(start + 1, start + 60)];
      const releases = ownReleases(readHistory({ operations: story, standing: [], now: end + 1 }), {
        from: 0,
        until: end + 1,
      });
      const own = releases.filter(({ commit }) => commit === ours.commit);
      return own.length === 1 ? cameBackInGit(own, story).length > 0 : null;
    }

    test('the counter agrees with who released the lock later', () => {
      const short = history.holds.filter(({ from, to }) => to !== null && to - from < 20 * DAY);
      const disagree = { missed: [] as Hold[], invented: [] as Hold[] };
      let [wrong, right] = [0, 0];
      for (const hold of short) {
        const found = comesBack(hold);
        if (found === null) continue;
        const isKnown = hold.releaser !== null && hold.releaser.owner.kind !== 'person';
        if (isKnown) wrong += 1;
        else right += 1;
        if (isKnown && !found) disagree.missed.push(hold);
        if (!isKnown && found) disagree.invented.push(hold);
      }
      expect(wrong).toBeGreaterThan(16_000);
      expect(right).toBeGreaterThan(300);
      expect(disagree.missed).toEqual([]);
      // Three times a person released the lock of a build that was alive, as it turned out later: twice that build released
      // it under the feet of the next one, once the person put the claim in again and a job behind it released it.
      expect(disagree.invented.map(({ lock, from }) => `${lock} ${from}`)).toEqual([
        'windows-worker-lock 1727976721',
        'windows-worker-lock 1770812597',
        'windows2019fs-release-env-lock 1786631496',
      ]);
    }, 120_000);
  },
);
