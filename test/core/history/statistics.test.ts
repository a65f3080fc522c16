import { fc, test as property } from '@fast-check/jest';
import { describe, expect, test } from '@jest/globals';
import { readHistory } from '../../../src/core/history/lock-history.ts';
import type { Operation, StandingLock } from '../../../src/core/history/lock-operation.ts';
import { percentile, spreadOf } from '../../../src/core/history/percentile.ts';
import { statisticsOf } from '../../../src/core/history/statistics.ts';
import { add, build, claim, PERSON, release, releaseByPoolBoy, remove } from './make-operations.ts';

const HOUR = 3_600;
const UNTIL = 100 * HOUR;

function statistics(operations: readonly Operation[], standing: readonly StandingLock[] = []) {
  return statisticsOf({
    history: readHistory({ now: UNTIL, operations, standing }),
    period: { from: 0, until: UNTIL },
    overdueAfter: () => 10 * HOUR,
  });
}

function pool(operations: readonly Operation[], standing: readonly StandingLock[] = []) {
  const [first] = statistics(operations, standing).pools;
  if (first === undefined) throw new Error('no pool');
  return first;
}

const free = (lock: string): StandingLock => ({ pool: 'p', lock, claim: null });

describe('A pool counts', () => {
  test('claims made in the period, and the time held of holds that ended in it', () => {
    const { claims, held, stillHeld } = pool([
      claim('p/a', -5 * HOUR),
      release('p/a', 5 * HOUR),
      claim('p/a', 6 * HOUR),
      release('p/a', 7 * HOUR),
      claim('p/a', 99 * HOUR),
    ]);
    expect({ claims, held, stillHeld }).toEqual({
      claims: 2,
      held: { count: 2, p50: HOUR, p90: 10 * HOUR, p99: 10 * HOUR, max: 10 * HOUR },
      stillHeld: 1,
    });
  });

  test('who released', () => {
    const { releasedBy } = pool([
      claim('p/a', 1),
      release('p/a', 2),
      claim('p/a', 3),
      release('p/a', 4, build('main/deploy/give-back #1')),
      claim('p/a', 5),
      release('p/a', 6, PERSON),
      claim('p/a', 7),
      releaseByPoolBoy('p/a', 8),
    ]);
    expect(releasedBy).toEqual({
      'same-build': 1,
      'same-job': 0,
      'same-pipeline': 1,
      'other-pipeline': 0,
      person: 1,
      'pool-boy': 1,
      unknown: 0,
    });
  });

  test.each<[string, readonly Operation[], number]>([
    ['never while a lock is free', [claim('p/a', 0), release('p/a', 50 * HOUR), add('p/b', 0)], 0],
    ['while its only lock is claimed', [claim('p/a', 0), release('p/a', 25 * HOUR)], 0.25],
    [
      'only while all of its locks are claimed',
      [claim('p/a', 0), claim('p/b', 10 * HOUR), release('p/a', 30 * HOUR), release('p/b', 90 * HOUR)],
      0.2,
    ],
    ['no longer than it had locks', [add('p/a', 50 * HOUR), claim('p/a', 75 * HOUR)], 0.5],
    ['until the last claimed lock is removed', [add('p/a', 0), claim('p/a', 0), remove('p/a', 50 * HOUR)], 1],
  ])('itself empty %s', (_, operations, want) => {
    expect(pool(operations).emptyShare).toBeCloseTo(want, 6);
  });

  test('locks that nobody touched as free', () => {
    expect(pool([claim('p/a', 0)], [free('b')])).toMatchObject({ emptyShare: 0, claimedShare: 0.5 });
  });

  test('nothing at all where it was gone before', () => {
    expect(statistics([add('p/a', -9), remove('p/a', -5)]).pools).toEqual([]);
  });
});

describe('A leak is', () => {
  const leaks: readonly [string, readonly Operation[], number][] = [
    ['a lock that Pool Boy released', [claim('p/a', 1), releaseByPoolBoy('p/a', 2)], 1],
    ['a lock of a build that a person released', [claim('p/a', 1), release('p/a', 2, PERSON)], 1],
    [
      'a lock that a person forgot and Pool Boy released',
      [claim('p/a', 1, PERSON), releaseByPoolBoy('p/a', 2)],
      1,
    ],
    ['a lock that is held for too long', [claim('p/a', 89 * HOUR)], 1],
    ['not one that is held, but not for long', [claim('p/a', 91 * HOUR)], 0],
    ['not one that a person claimed and released', [claim('p/a', 1, PERSON), release('p/a', 2, PERSON)], 0],
    [
      'not one that another pipeline released',
      [claim('p/a', 1), release('p/a', 2, build('main/other/test #1'))],
      0,
    ],
    ['not one that was removed', [claim('p/a', 1), remove('p/a', 2, PERSON)], 0],
    [
      'not one that ended before the period',
      [claim('p/a', -9), releaseByPoolBoy('p/a', -2), add('p/b', 1)],
      0,
    ],
  ];
  test.each(leaks)('%s', (_, operations, want) => {
    expect(pool(operations).leaked).toBe(want);
  });

  test('charged to the job that claimed, with the hours beyond what a hold usually takes', () => {
    const { pools, jobs } = statistics([
      claim('p/a', 0),
      release('p/a', 2 * HOUR),
      claim('p/a', 3 * HOUR, build('main/deploy/leaky #5')),
      releaseByPoolBoy('p/a', 33 * HOUR),
    ]);
    expect(pools[0]).toMatchObject({
      leaked: 1,
      hoursLost: 28,
      leakedBy: [{ job: 'main/deploy/leaky', leaked: 1 }],
    });
    expect(jobs.map(({ job, leaked, hoursLost, pools }) => ({ job, leaked, hoursLost, pools }))).toEqual([
      { job: 'main/deploy/leaky', leaked: 1, hoursLost: 28, pools: ['p'] },
      { job: 'main/deploy/test', leaked: 0, hoursLost: 0, pools: ['p'] },
    ]);
  });
});

test('A percentile is the smallest value that this share of the values does not exceed', () => {
  const values = Array.from({ length: 100 }, (_, i) => i + 1);
  expect(spreadOf(values)).toEqual({ count: 100, p50: 50, p90: 90, p99: 99, max: 100 });
  expect(spreadOf([7])).toEqual({ count: 1, p50: 7, p90: 7, p99: 7, max: 7 });
  expect(spreadOf([])).toEqual({ count: 0, p50: null, p90: null, p99: null, max: null });
});

property.prop([fc.array(fc.nat(), { minLength: 1 }), fc.double({ min: 0, max: 1, noNaN: true })])(
  'Whatever the values, at least the share of them does not exceed the percentile',
  (values, share) => {
    const sorted = [...values].sort((a, b) => a - b);
    const found = percentile(sorted, share) ?? Number.NaN;
    expect(values).toContain(found);
    expect(values.filter((value) => value <= found).length / values.length).toBeGreaterThanOrEqual(
      share - 1e-9,
    );
  },
);
