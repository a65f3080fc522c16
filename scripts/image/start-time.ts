import { strictEqual } from 'node:assert/strict';
import type { Place } from './inside/try-programs.ts';

const RUNS = 15;
/** In empty programs of Node. No test: on a busy machine the ratio says more about the machine. */
const TARGET = 2.7;

/**
 * Compares each program with an empty program of Node, and prints the least of several runs in turn. A check runs every
 * minute for years, so it is also measured up to its answer, on a repository that it knows already.
 */
export function compareStartTimes(place: Place, source: unknown): void {
  const [version] = JSON.parse(place.run(['/opt/resource/check'], { source }).stdout);
  const answer = `${JSON.stringify([version])}\n`;
  const step = (name: string) => () => {
    strictEqual(place.run([`/opt/resource/${name}`, '/tmp'], { source: {} }).status, 1);
  };
  const tasks: Readonly<Record<string, () => void>> = {
    'an empty program': () => strictEqual(place.run(['node', '--eval', '0']).status, 0),
    'check, refusing a request': step('check'),
    'in, refusing a request': step('in'),
    'out, refusing a request': step('out'),
    'pool-boy --help': () => strictEqual(place.run(['pool-boy', '--help']).status, 0),
    'check, nothing new': () =>
      strictEqual(place.run(['/opt/resource/check'], { source, version }).stdout, answer),
  };
  const least = new Map<string, number>();
  for (let turn = 0; turn < RUNS; turn += 1) {
    for (const [name, task] of Object.entries(tasks))
      least.set(name, Math.min(least.get(name) ?? Number.POSITIVE_INFINITY, milliseconds(task)));
  }
  const empty = least.get('an empty program') ?? Number.NaN;
  console.log(`Start times in empty programs of Node (target for a start: at most ${TARGET}):`);
  for (const [name, time] of least)
    console.log(`  ${name.padEnd(26)} ${time.toFixed(0).padStart(4)} ms  ${(time / empty).toFixed(1)}`);
}

function milliseconds(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
