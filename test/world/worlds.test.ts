// Worlds in which people and Concourse do all they can: nobody must be robbed, and in the end no lock be stuck.
import { expect, test } from '@jest/globals';
import { play } from './play.ts';
import { playSeeds } from './play-seeds.ts';
import { writeScript } from './script.ts';
import { shrink } from './shrink.ts';
import { tell } from './story.ts';

const SEEDS = 200;
/** The worlds are quick; the story of one that goes wrong needs a hundred more. */
const PATIENCE = 600_000;

test(
  `in ${SEEDS} worlds nobody is robbed and no lock is stuck`,
  async () => {
    const { failures, releases } = await playSeeds([...Array(SEEDS).keys()]);
    const [first] = failures;
    if (first !== undefined) throw new Error(tell(await shrink(writeScript(first.seed))));
    // Where nothing is released nobody can be robbed.
    expect(releases['build-ended']).toBeGreaterThan(SEEDS / 20);
    expect(releases['timed-out']).toBeGreaterThan(SEEDS / 20);
  },
  PATIENCE,
);

test('a seed plays the same each time', async () => {
  const [first, second] = [await play(writeScript(3)), await play(writeScript(3))];
  expect(second.story).toEqual(first.story);
});
