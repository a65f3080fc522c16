import { play } from './play.ts';
import { writeScript } from './script.ts';
import { addTallies, NOTHING, type Tally } from './tally.ts';

/** Side by side in one process: a world mostly waits, for git and for answers. */
const AT_ONCE = 4;

export async function playSeeds(seeds: readonly number[]): Promise<Tally> {
  const left = [...seeds];
  let tally = NOTHING;
  const playOn = async (): Promise<void> => {
    for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
      const played = await playSeed(seed);
      tally = addTallies(tally, played);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, playOn));
  return { ...tally, failures: tally.failures.toSorted((a, b) => a.seed - b.seed) };
}

async function playSeed(seed: number): Promise<Tally> {
  const { findings, runs, releases, left } = await play(writeScript(seed));
  const [finding] = findings;
  return {
    worlds: 1,
    runs,
    failures: finding === undefined ? [] : [{ seed, finding }],
    releases: Object.fromEntries(releases),
    left: Object.fromEntries(left),
  };
}
