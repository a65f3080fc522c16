import { fc, test as property } from '@fast-check/jest';
import { expect, test } from '@jest/globals';
import { readHistory } from '../../../src/core/history/lock-history.ts';
import type { Operation } from '../../../src/core/history/lock-operation.ts';
import { proposeTimeout, readableAbove } from '../../../src/core/history/timeout-proposal.ts';
import { claim, PERSON, release, releaseByPoolBoy } from './make-operations.ts';

const [MINUTE, HOUR, DAY] = [60, 3_600, 86_400];
const NOW = 1_000 * DAY;

/** One hold after the other, each of this many seconds. */
function holds(lengths: readonly number[], end: (path: string, at: number) => Operation = release) {
  let at = 0;
  return lengths.flatMap((length) => {
    const operations = [claim('p/a', at), end('p/a', at + length)];
    at += length + 1;
    return operations;
  });
}

function propose(operations: readonly Operation[]) {
  return proposeTimeout(readHistory({ now: NOW, operations, standing: [] }).holds, DAY, NOW);
}

test('The proposal is half as long again as the 99th percentile, as a duration that people write', () => {
  const proposal = propose(holds([...Array(99).fill(20 * MINUTE), 26 * HOUR]));
  expect(proposal).toEqual({
    staleAfter: 30 * MINUTE,
    basedOn: 100,
    candidates: [
      { staleAfter: 20 * MINUTE, cutShort: 1, freedSooner: 0, secondsWon: 0 },
      { staleAfter: 30 * MINUTE, cutShort: 1, freedSooner: 0, secondsWon: 0 },
      { staleAfter: 36 * HOUR, cutShort: 0, freedSooner: 0, secondsWon: 0 },
    ],
  });
});

test('What a person or Pool Boy ended does not make the timeout longer, and shows what it would have won', () => {
  const good = holds(Array(20).fill(HOUR));
  const bad = [
    claim('p/b', 0),
    releaseByPoolBoy('p/b', 5 * DAY),
    claim('p/b', 6 * DAY),
    release('p/b', 8 * DAY, PERSON),
  ];
  expect(propose([...good, ...bad])).toEqual({
    staleAfter: 1.5 * HOUR,
    basedOn: 20,
    candidates: [
      { staleAfter: HOUR, cutShort: 0, freedSooner: 2, secondsWon: 7 * DAY - 2 * HOUR },
      { staleAfter: 1.5 * HOUR, cutShort: 0, freedSooner: 2, secondsWon: 7 * DAY - 3 * HOUR },
    ],
  });
});

test('Too few holds propose nothing', () => {
  expect(propose(holds(Array(19).fill(HOUR)))).toEqual({ staleAfter: null, basedOn: 19, candidates: [] });
});

property.prop([fc.array(fc.integer({ min: 0, max: 40 * DAY }), { minLength: 20, maxLength: 60 })])(
  'Whatever the holds, the proposal is a candidate, longer ones cut fewer short, and the last cuts none',
  (lengths) => {
    const { staleAfter, candidates } = propose(holds(lengths));
    const times = candidates.map((one) => one.staleAfter);
    const cuts = candidates.map((one) => one.cutShort);
    expect(times).toContain(staleAfter);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(cuts).toEqual([...cuts].sort((a, b) => b - a));
    expect(cuts.at(-1)).toBe(0);
  },
);

property.prop([fc.integer({ min: 0, max: 400 * DAY })])('A readable duration is never shorter', (seconds) => {
  expect(readableAbove(seconds)).toBeGreaterThanOrEqual(seconds);
});
