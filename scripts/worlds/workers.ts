import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { addTallies, NOTHING, type Tally } from '../../test/world/tally.ts';

const run = promisify(execFile);

/** So many worlds are played by one process. */
const PIECE = 25;

/** Plays these worlds, in as many processes as there are processors. After each piece `isEnough` says whether to stop. */
export async function playAll(
  bundle: string,
  seeds: readonly number[],
  isEnough: (tally: Tally) => boolean = () => false,
): Promise<Tally> {
  let next = 0;
  let tally = NOTHING;
  const work = async (): Promise<void> => {
    while (next < seeds.length && !isEnough(tally)) {
      const piece = seeds.slice(next, next + PIECE);
      next += piece.length;
      const { stdout } = await run(process.execPath, [bundle, 'play', ...piece.map(String)], {
        maxBuffer: 1 << 26,
      });
      tally = addTallies(tally, JSON.parse(stdout) as Tally);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return { ...tally, failures: tally.failures.toSorted((a, b) => a.seed - b.seed) };
}

/** The shortest story that goes wrong as this seed does. */
export async function tellStory(bundle: string, seed: number): Promise<string> {
  const { stdout } = await run(process.execPath, [bundle, 'tell', String(seed)], { maxBuffer: 1 << 26 });
  return stdout;
}
