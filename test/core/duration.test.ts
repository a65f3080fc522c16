import { fc, test as propertyTest } from '@fast-check/jest';
import { expect, test } from '@jest/globals';
import { describeDuration, parseDuration, shortDuration } from '../../src/core/duration.ts';

test.each<[number | string, number | null]>([
  [0, 0],
  [90, 5_400],
  [0.5, 30],
  [-1, null],
  [Number.NaN, null],
  [Number.POSITIVE_INFINITY, null],
  [1e300, null],
  [999_999_999, 59_999_999_940],
  ['90', 5_400],
  [' 90 ', 5_400],
  ['90m', 5_400],
  ['2h', 7_200],
  ['1h30m', 5_400],
  ['3d', 259_200],
  ['1d2h3m4s', 93_784],
  ['45s', 45],
  ['0m', 0],
  ['', null],
  [' ', null],
  ['m', null],
  ['5m garbage', null],
  ['30m1h', null],
  ['1h1h', null],
  ['1h 30m', null],
  ['1.5h', null],
  ['-5m', null],
  ['5M', null],
  ['5w', null],
  ['1e3', null],
  ['0x10', null],
  ['9'.repeat(12), null],
  ['٣d', null],
])('%j is %j seconds', (value, seconds) => {
  expect(parseDuration(value)).toBe(seconds);
});

test.each<[number, string]>([
  [0, '0 seconds'],
  [-5, '0 seconds'],
  [0.9, '0 seconds'],
  [1, '1 second'],
  [59, '59 seconds'],
  [60, '1 minute'],
  [61, '1 minute 1 second'],
  [119, '1 minute 59 seconds'],
  [599, '9 minutes'],
  [601, '10 minutes'],
  [3_600, '1 hour'],
  [3_659, '1 hour'],
  [3_905, '1 hour 5 minutes'],
  [86_400, '1 day'],
  [90_060, '1 day 1 hour'],
  [259_200, '3 days'],
])('%d seconds are %s', (seconds, text) => {
  expect(describeDuration(seconds)).toBe(text);
});

const count = fc.integer({ min: 0, max: 9_999 });
const UNITS = { day: 86_400, hour: 3_600, minute: 60, second: 1 } as const;

propertyTest.prop([count, count, count, count])('the parts of a duration add up', (d, h, m, s) => {
  expect(parseDuration(`${d}d${h}h${m}m${s}s`)).toBe(d * 86_400 + h * 3_600 + m * 60 + s);
});

propertyTest.prop([fc.nat()])('a description says too little by less than its smallest unit', (seconds) => {
  const parts = [...describeDuration(seconds).matchAll(/(\d+) (day|hour|minute|second)s?/g)];
  const said = parts.reduce((sum, [, many, unit]) => sum + Number(many) * UNITS[unit as 'day'], 0);
  expect(said).toBeLessThanOrEqual(seconds);
  expect(seconds - said).toBeLessThan(Math.max(60, seconds / 24 + 1));
});

propertyTest.prop([fc.string()])('a text is a duration or not, and never an error', (text) => {
  const seconds = parseDuration(text);
  expect(seconds === null || seconds >= 0).toBe(true);
});

test.each([
  [-1, '0s'],
  [59.9, '59s'],
  [61, '1m 1s'],
  [119, '1m 59s'],
  [599, '9m'],
  [600, '10m'],
  [3_660, '1h 1m'],
  [90_000, '1d 1h'],
  [259_205, '3d'],
  [10_000_000, '115d 17h'],
])('%d seconds are %s in a table', (seconds, text) => {
  expect(shortDuration(seconds)).toBe(text);
});

propertyTest.prop([fc.nat()])('the short form says what the long one says', (seconds) => {
  const shortened = describeDuration(seconds).replace(/ (d|h|m|s)[a-z]*/g, '$1');
  expect(shortDuration(seconds)).toBe(shortened);
});
