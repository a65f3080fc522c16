import { expect, it } from '@jest/globals';
import { clock, describePast, isoTime, parseIsoTime, timeOfCommit } from '../../src/core/time.ts';

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

const NOON = Date.UTC(2026, 10, 24, 12) / 1000;

it.each<[number | null, string]>([
  [NOON - 300, '5 minutes ago (11:55 UTC)'],
  [NOON - 86_400, '1 day ago (2026-11-23 12:00 UTC)'],
  [NOON, 'just now (12:00 UTC)'],
  // A build that began while the run was asking.
  [NOON + 2, 'just now (12:00 UTC)'],
  [NOON + 60, '1 minute in the future (12:01 UTC)'],
  [null, 'at an unknown time'],
])('%s is %s', (at, text) => {
  expect(describePast(at, NOON)).toBe(text);
});

it.each<[string, number | null]>([
  ['1795521600', 1_795_521_600],
  ['0', 0],
  ['253402300799', 253_402_300_799],
  ['253402300800', null],
  ['9999999999999', null],
  ['99999999999999999999999', null],
  ['-1', null],
  ['', null],
  ['soon', null],
])('a commit dated @%s was made at %s', (date, at) => {
  expect(timeOfCommit(date)).toBe(at);
});

it('writes what no calendar holds as the nearest time that one does', () => {
  expect(isoTime(9_999_999_999_999)).toBe('9999-12-31T23:59:59Z');
  expect(isoTime(-1)).toBe('1970-01-01T00:00:00Z');
  expect(clock(null, NOON)).toBe('unknown');
});
