import { play } from './play.ts';
import { writeScript } from './script.ts';
import { addTallies, NOTHING, type Tally } from './tally.ts';

/** `from` and up, so many. */
export async function playSeeds(from: number, count: number): Promise<Tally> {
  let tally = NOTHING;
  for (let seed = from; seed < from + count; seed += 1) {
    const { findings, runs, releases, left } = await play(writeScript(seed));
    const [finding] = findings;
    tally = addTallies(tally, {
      worlds: 1,
      runs,
      failures: finding === undefined ? [] : [{ seed, finding }],
      releases: Object.fromEntries(releases),
      left: Object.fromEntries(left),
    });
  }
  return tally;
}
