import { expect, it } from '@jest/globals';
import { parseIsoTime } from '../../src/core/time.ts';

it.each([
  ['2026-11-25', Date.UTC(2026, 10, 25)],
  ['2024-02-29', Date.UTC(2024, 1, 29)],
  ['2026-11-25T14:00Z', Date.UTC(2026, 10, 25, 14)],
  ['2026-11-25 14:00', Date.UTC(2026, 10, 25, 14)],
  ['2026-11-25T14:00:30+0100', Date.UTC(2026, 10, 25, 13, 0, 30)],
])('%s is a time', (text, milliseconds) => {
  expect(parseIsoTime(text, 'start of the day')).toBe(milliseconds / 1000);
});

it.each([
  '2026-02-31',
  '2023-02-29',
  '2026-13-01',
  '2026-11-25T25:00Z',
  '25 November',
  '',
  '20261125',
  '2026-02-30T10:00Z',
])('%s is none', (text) => {
  expect(parseIsoTime(text, 'start of the day')).toBeNull();
});

it('takes a date alone for the end of that day where that is meant', () => {
  expect(parseIsoTime('2026-11-25', 'end of the day')).toBe(Date.UTC(2026, 10, 26) / 1000);
});
