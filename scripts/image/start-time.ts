import { strictEqual } from 'node:assert/strict';
import type { Place } from './inside/try-programs.ts';

const RUNS = 15;
/** A check runs every minute for years. No test: on a busy machine the ratio says more about the machine. */
const TARGET = 3;

/** Compares `check`, from its start to its answer, with an empty program of Node. Prints both. */
export function compareStartTimes(place: Place, source: unknown): void {
  const [version] = JSON.parse(place.run(['/opt/resource/check'], { source }).stdout);
  const answer = `${JSON.stringify([version])}\n`;
  const empty: number[] = [];
  const check: number[] = [];
  for (let n = 0; n < RUNS; n++) {
    empty.push(milliseconds(() => place.run(['node', '--eval', '0'])));
    check.push(
      milliseconds(() => strictEqual(place.run(['/opt/resource/check'], { source, version }).stdout, answer)),
    );
  }
  const [ours, nodes] = [median(check), median(empty)];
  console.log(
    `check: ${ours.toFixed(0)} ms, an empty program of Node: ${nodes.toFixed(0)} ms, ratio ${(ours / nodes).toFixed(1)} (target: at most ${TARGET})`,
  );
}

function milliseconds(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
