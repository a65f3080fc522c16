import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { addTallies, NOTHING, type Tally } from '../../test/world/tally.ts';

const run = promisify(execFile);

const PIECE = 25;

/**
 * Plays the seeds `from` and up, so many, in `workers` processes at a time. After each piece `isEnough` says whether
 * the rest can be left out. `where`: what a world must have in its script to be played.
 */
export async function playAll(
  bundle: string,
  { from, count, workers, where = '' }: { from: number; count: number; workers: number; where?: string },
  isEnough: (tally: Tally) => boolean = () => false,
): Promise<Tally> {
  let next = from;
  let tally = NOTHING;
  const work = async (): Promise<void> => {
    while (next < from + count && !isEnough(tally)) {
      const start = next;
      const size = Math.min(PIECE, from + count - start);
      next += size;
      const { stdout } = await run(process.execPath, [bundle, 'play', String(start), String(size), where], {
        maxBuffer: 1 << 26,
      });
      tally = addTallies(tally, JSON.parse(stdout) as Tally);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return { ...tally, failures: tally.failures.toSorted((a, b) => a.seed - b.seed) };
}

/** The shortest story that goes wrong as this seed does. */
export async function tellStory(bundle: string, seed: number): Promise<string> {
  const { stdout } = await run(process.execPath, [bundle, 'tell', String(seed)], { maxBuffer: 1 << 26 });
  return stdout;
}
