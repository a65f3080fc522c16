import { play } from './play.ts';
import { writeScript } from './script.ts';
import { addTallies, NOTHING, type Tally } from './tally.ts';

/** Side by side in one process: a world mostly waits, for git and for answers. */
const AT_ONCE = 4;

/** `from` and up, so many; of these only such whose script has `where` in it. */
export async function playSeeds(from: number, count: number, where = ''): Promise<Tally> {
  let next = from;
  let tally = NOTHING;
  const playOn = async (): Promise<void> => {
    while (next < from + count) {
      const seed = next;
      next += 1;
      if (!JSON.stringify(writeScript(seed)).includes(where)) continue;
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
