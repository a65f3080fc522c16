import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cloneRealHistory, hasRealHistory } from '../steps/real-history.ts';
import { type History, readHolds } from './read-holds.ts';
import { momentsOf, openReplay, type ReplaySession } from './replay.ts';

// `node --experimental-import-text scripts/replay.ts REPOSITORY` does the same at more moments, and prints what each piece of evidence is worth.
(hasRealHistory ? describe : describe.skip)('eleven years of a real lock repository', () => {
  let real: { folder: string; repository: string };
  let history: History;
  let session: ReplaySession;

  beforeAll(async () => {
    real = cloneRealHistory();
    history = await readHolds(real.repository, 'main');
    session = await openReplay(real.repository, history);
  });

  afterAll(() => {
    session.close();
    rmSync(real.folder, { recursive: true, force: true });
  });

  test('no lock is taken from anybody who later released it, and those that nobody came back for are freed', async () => {
    const { judged, robbed, freed } = await session.replay(momentsOf(history, 100), null);
    expect(robbed).toEqual([]);
    expect(judged).toBeGreaterThan(200);
    expect(freed.length).toBeGreaterThan(20);
  }, 180_000);

  test.each(['takers', 'waiting jobs'] as const)(
    'without a look at %s many would be robbed',
    async (piece) => {
      const { robbed } = await session.replay(momentsOf(history, 30), piece);
      expect(robbed.length).toBeGreaterThan(10);
    },
    180_000,
  );
});
