import { fc, test as property } from '@fast-check/jest';
import { describe, expect, test } from '@jest/globals';
import type { Operation } from '../../../src/core/history/lock-operation.ts';
import { poolTimeline, ticksOf } from '../../../src/report/html/timeline.ts';
import { timelineFigure } from '../../../src/report/html/timeline-svg.ts';
import { claim, PERSON, release, releaseByPoolBoy } from '../../core/history/make-operations.ts';
import { claimedLock, freeLock, NOW, poolOf } from '../make-reports.ts';
import { timelineOf } from './sample-pages.ts';

const [HOUR, DAY] = [3_600, 86_400];
const hours = (many: number) => NOW - many * HOUR;

function layout(operations: readonly Operation[], locks = [freeLock('a')]) {
  const pool = poolOf('p', locks);
  return poolTimeline(pool.locks, timelineOf(operations, 1));
}

function bars(operations: readonly Operation[], locks = [freeLock('a')]) {
  return layout(operations, locks).rows.flatMap((row) =>
    row.bars.map(({ kind, left, width }) => [row.lock, kind, Math.round(left), Math.round(width)]),
  );
}

describe('A bar', () => {
  test('spans the hold, in percent of the days shown', () => {
    expect(bars([claim('p/a', hours(18)), release('p/a', hours(12))])).toEqual([['a', 'past', 25, 25]]);
  });

  test('is cut off where the days begin', () => {
    expect(bars([claim('p/a', hours(99)), release('p/a', hours(12))])).toEqual([['a', 'past', 0, 50]]);
    expect(bars([release('p/a', hours(12))])).toEqual([['a', 'past', 0, 50]]);
  });

  test('reaches to the end while the lock is held, and shows the verdict', () => {
    const stale = claimedLock('a', { verdict: 'stale' });
    expect(bars([claim('p/a', hours(6))], [stale])).toEqual([['a', 'stale', 75, 25]]);
  });

  test.each([
    ['a person', release('p/a', hours(6), PERSON)],
    ['Pool Boy', releaseByPoolBoy('p/a', hours(6))],
  ])('shows that %s had to release the lock', (_, end) => {
    expect(bars([claim('p/a', hours(12)), end])).toEqual([['a', 'leaked', 50, 25]]);
  });

  test('that ended before is not drawn', () => {
    expect(bars([claim('p/a', hours(99)), release('p/a', hours(98))])).toEqual([]);
  });

  test('of a lock that is gone comes last', () => {
    const operations = [claim('p/gone', hours(12)), claim('p/a', hours(12))];
    expect(layout(operations).rows.map(({ lock, report }) => [lock, report === null])).toEqual([
      ['a', false],
      ['gone', true],
    ]);
  });

  test('stands for many when they are too short to be told apart', () => {
    const operations = Array.from({ length: 200 }, (_, i) => [
      claim('p/a', hours(6) + i * 60),
      release('p/a', hours(6) + i * 60 + 30),
    ]).flat();
    const [row] = layout(operations).rows;
    expect(row?.bars.map((bar) => bar.holds.length)).toEqual([200]);
    expect(row?.bars[0]?.width).toBeCloseTo(100 * ((200 * 60) / DAY), 0);
  });
});

property.prop([fc.array(fc.tuple(fc.integer({ min: -50, max: 2_000 }), fc.nat(400)), { maxLength: 60 })])(
  'Whatever the holds, every bar lies within its row, and every hold seen is in one bar',
  (pairs) => {
    let at = NOW - 2 * DAY;
    const operations = pairs.flatMap(([gap, length]) => {
      const start = at + Math.max(0, gap) * 60;
      at = Math.min(NOW, start + length * 60);
      return start < NOW ? [claim('p/a', start), release('p/a', at)] : [];
    });
    const { rows, holds } = layout(operations);
    const all = rows.flatMap((row) => row.bars);
    for (const { left, width } of all) {
      expect(left).toBeGreaterThanOrEqual(0);
      expect(width).toBeGreaterThan(0);
      expect(left + width).toBeLessThanOrEqual(100.000001);
    }
    expect(all.flatMap((bar) => bar.holds).length).toBe(holds.length);
  },
);

test.each([
  [1, 4, 21_600],
  [7, 7, DAY],
  [14, 7, 2 * DAY],
  [60, 7, 8 * DAY],
])('The axis of %d days has %d lines', (days, many, step) => {
  const ticks = ticksOf({ from: NOW - days * DAY, until: NOW });
  expect([ticks.length, (ticks[1]?.at ?? 0) - (ticks[0]?.at ?? 0)]).toEqual([many, step]);
});

test('Who released is named also where the holder is not known', () => {
  const figure = timelineFigure(layout([release('p/a', hours(12))]), () => null);
  expect(JSON.stringify(figure)).toContain('released by main/deploy/test #1');
});

const hostileTime = fc.oneof(
  fc.constant(null),
  fc.integer({ min: NOW - 3 * DAY, max: NOW + 3 * DAY }),
  fc.constantFrom(0, 253_402_300_799),
);

property.prop([fc.array(fc.tuple(fc.boolean(), hostileTime), { maxLength: 12 })])(
  'Whatever the dates of the commits, there is a picture',
  (steps) => {
    const operations = steps.map(([isClaim, at]) => (isClaim ? claim('p/a', at) : release('p/a', at)));
    const timeline = layout(operations);
    for (const { left, width } of timeline.rows.flatMap((row) => row.bars)) {
      expect(left).toBeGreaterThanOrEqual(0);
      expect(left + width).toBeLessThanOrEqual(100.000001);
    }
    expect(timelineFigure(timeline, () => null).text).not.toMatch(/NaN|Invalid/);
  },
);

test('A hold whose times are not known is in the table, without a bar', () => {
  const figure = timelineFigure(
    layout([claim('p/a', hours(1)), release('p/a', null), claim('p/b', hours(2))]),
    () => null,
  );
  expect(figure.text.match(/<g class/g)).toHaveLength(1);
  expect(figure.text).toContain('<td data-label="To">unknown</td>');
});
