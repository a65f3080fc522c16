import { expect, test } from '@jest/globals';
import { warningsOf } from '../../../src/core/survey/survey-warnings.ts';
import type { Surveyed } from '../../../src/core/survey/surveyed.ts';
import { pool, surveyed } from '../../report/surveys.ts';
import { asked, build, claimBy, found, JOB, minutesAgo, NOW, taker } from '../verdict/cases.ts';

const [HOUR, DAY] = [3_600, 86_400];

function held(name: string, heldFor: number | null, reason: Surveyed['verdict']['reason'] = 'kept') {
  return surveyed(name, { heldFor, reason });
}

test('one lock that is held for long is named with its holder', () => {
  const evidence = asked(found(build()), { takers: [taker()] });
  const locks = [surveyed('a1', { heldFor: 2 * DAY, reason: 'handed-on', evidence }), held('a2', DAY)];
  expect(warningsOf([pool('aws', locks)], NOW)).toEqual([
    'aws/a1 has been held for 2 days by main/deploy/use #9, claimed by main/deploy/test #2 (handed-on).',
  ]);
});

test('many locks are one warning, which names the five that are held longest', () => {
  const locks = Array.from({ length: 41 }, (_, i) => held(`env-${i + 1}`, (10 + 15 * i) * DAY + HOUR));
  expect(warningsOf([pool('aws', locks.slice(0, 20)), pool('gcp', locks.slice(20))], NOW)).toEqual([
    '41 locks have been held for more than 1 day, the longest for 610 days 1 hour: gcp/env-41, gcp/env-40, gcp/env-39, gcp/env-38, gcp/env-37 and 36 more.',
  ]);
});

test.each<[string, Surveyed]>([
  ['is stale: the report says so already', held('a1', 9 * DAY, 'timed-out')],
  ['is excluded', held('a1', 9 * DAY, 'excluded')],
  ['was claimed at an unknown time', held('a1', null)],
  ['is held no longer than warn_after', held('a1', DAY)],
])('no warning for a lock that %s', (_what, lock) => {
  expect(warningsOf([pool('aws', [lock])], NOW)).toEqual([]);
});

test('what kept Concourse from being asked is said once for all locks that it concerns', () => {
  const forbidden = (name: string, detail: string) => surveyed(name, { reason: 'forbidden', detail });
  const locks = ['a1', 'a2'].map((name) => forbidden(name, 'Team main cannot be viewed.'));
  expect(warningsOf([pool('aws', locks)], NOW)).toEqual(['Team main cannot be viewed.']);
  const many = Array.from({ length: 14 }, (_, i) => forbidden(`a${i}`, `Reason ${Math.floor(i / 2)}.`));
  expect(warningsOf([pool('aws', many)], NOW)).toEqual([
    'Reason 0.',
    'Reason 1.',
    'Reason 2.',
    'Reason 3.',
    'Reason 4.',
    'Concourse could not be asked about 4 more locks: their verdicts say why.',
  ]);
});

test('a hold that lasts for less than its author wrote is named, with the end that counts', () => {
  const hold = {
    commit: 'd'.repeat(40),
    by: 'Ada',
    reason: null,
    end: { kind: 'at', at: NOW + 400 * DAY },
    committedAt: minutesAgo(20),
  } as const;
  const lock = (end: NonNullable<ReturnType<typeof claimBy>['hold']>['end']) =>
    surveyed('a1', { reason: 'kept', claim: { ...claimBy(JOB), hold: { ...hold, end } } });
  expect(warningsOf([pool('aws', [lock({ kind: 'at', at: NOW + 400 * DAY })])], NOW)).toEqual([
    'aws/a1 is held by Ada for more than 90 days; the hold counts until 2026-06-02T13:47:00Z.',
  ]);
  expect(warningsOf([pool('aws', [lock({ kind: 'unreadable', text: 'soon' })])], NOW)).toEqual([
    'aws/a1 is held by Ada to a date that cannot be read (soon); the hold counts until 2026-06-02T13:47:00Z.',
  ]);
  expect(warningsOf([pool('aws', [lock({ kind: 'at', at: NOW + DAY })])], NOW)).toEqual([]);
});
