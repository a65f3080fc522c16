import { fc, test as property } from '@fast-check/jest';
import { describe, expect, test } from '@jest/globals';
import { heldFor, readHistory, type Tenure } from '../../../src/core/history/lock-history.ts';
import type { Operation } from '../../../src/core/history/lock-operation.ts';
import { add, build, claim, NOBODY, PERSON, release, releaseByPoolBoy, remove } from './make-operations.ts';

describe('A hold', () => {
  const cases: readonly [string, readonly Operation[], readonly string[]][] = [
    [
      'begins with a claim and ends with a release',
      [claim('p/a', 10), release('p/a', 70)],
      ['a 10..70 released same-build'],
    ],
    ['goes on while nothing ends it', [claim('p/a', 10)], ['a 10.. still-held']],
    ['ends when the lock is removed', [claim('p/a', 10), remove('p/a', 70)], ['a 10..70 removed same-build']],
    [
      'has no known beginning where its claim was not read',
      [release('p/a', 70)],
      ['a ?..70 released unknown'],
    ],
    ['of an unread lock that was removed is not made up', [remove('p/a', 70)], []],
    [
      'ends where another claim begins',
      [claim('p/a', 10), claim('p/a', 70), release('p/a', 80)],
      ['a 10..70 claimed-again', 'a 70..80 released same-build'],
    ],
    [
      'goes on when the same name is added beside it',
      [claim('p/a', 10), add('p/a', 20), release('p/a', 70)],
      ['a 10..70 released same-build'],
    ],
    [
      'never ends before it began, whatever the dates say',
      [claim('p/a', 10), release('p/a', 5)],
      ['a 10..10 released same-build'],
    ],
    [
      'whose dates no calendar holds has no known times, and the next one has',
      [claim('p/a', null), release('p/a', null), claim('p/a', 10), release('p/a', 70)],
      ['a null..null released same-build', 'a 10..70 released same-build'],
    ],
    [
      'dated in the future does not push the next ones there',
      [claim('p/a', 9_000), release('p/a', 70), claim('p/a', 80), release('p/a', 90)],
      ['a 9000..70 released same-build', 'a 80..90 released same-build'],
    ],
    [
      'of one lock is not mixed up with that of another',
      [claim('p/a', 10), claim('p/b', 20), release('p/b', 30), release('p/a', 40)],
      ['a 10..40 released same-build', 'b 20..30 released same-build'],
    ],
    [
      'that was released twice ends once',
      [claim('p/a', 1), release('p/a', 2), add('p/a', 3)],
      ['a 1..2 released same-build'],
    ],
  ];
  test.each(cases)('%s', (_, operations, want) => {
    expect(readHistory({ now: 2_000, operations, standing: [] }).holds.map(describeHold)).toEqual(want);
  });
});

test('The claim that a lock has at the head counts though no operation tells of it', () => {
  const made = claim('p/a', 90);
  const standing = [{ pool: 'p', lock: 'a', claim: made }];
  const holds = (operations: readonly Operation[]) =>
    readHistory({ now: 2_000, operations, standing }).holds.map(describeHold);
  expect(holds([claim('p/a', 10), release('p/a', 70)])).toEqual([
    'a 10..70 released same-build',
    'a 90.. still-held',
  ]);
  expect(holds([claim('p/a', 10), release('p/a', 70), made])).toHaveLength(2);
});

describe('Who released a lock that main/deploy/test #1 had claimed:', () => {
  test.each([
    ['the same build', release('p/a', 9, build('main/deploy/test #1')), 'same-build'],
    ['another build of the job', release('p/a', 9, build('main/deploy/test #2')), 'same-job'],
    ['a rerun of the build', release('p/a', 9, build('main/deploy/test #1.1')), 'same-job'],
    ['another job of the pipeline', release('p/a', 9, build('main/deploy/give-back #7')), 'same-pipeline'],
    ['another pipeline', release('p/a', 9, build('main/other/test #1')), 'other-pipeline'],
    [
      'a pipeline of that name in another team',
      release('p/a', 9, build('qa/deploy/test #1')),
      'other-pipeline',
    ],
    [
      'a message without a team',
      release('p/a', 9, { ...build('x/deploy/test #1'), team: null } as never),
      'same-build',
    ],
    [
      'another instance of the pipeline: one that does not say which may be the same',
      release('p/a', 9, { ...build('main/deploy/test #1'), instanceVars: { branch: 'x' } } as never),
      'same-build',
    ],
    ['a one-off build', release('p/a', 9, { kind: 'one-off', build: '77', url: null }), 'other-pipeline'],
    ['a person', release('p/a', 9, PERSON), 'person'],
    ['Pool Boy', releaseByPoolBoy('p/a', 9), 'pool-boy'],
    ['a message that names nobody', release('p/a', 9, NOBODY), 'unknown'],
  ])('%s', (_, end, want) => {
    const [hold] = readHistory({ now: 2_000, operations: [claim('p/a', 1), end], standing: [] }).holds;
    expect(hold?.end).toMatchObject({ kind: 'released', by: want });
  });

  test('two instances that both say which they are stay apart', () => {
    const main = { ...build('main/deploy/test #1'), instanceVars: { branch: 'main' } } as never;
    const other = { ...build('main/deploy/test #1'), instanceVars: { branch: 'x' } } as never;
    const [hold] = readHistory({
      now: 2_000,
      operations: [claim('p/a', 1, main), release('p/a', 9, other)],
      standing: [],
    }).holds;
    expect(hold?.end).toMatchObject({ by: 'other-pipeline' });
  });
});

describe('A lock', () => {
  const presences = (operations: readonly Operation[]) =>
    readHistory({ now: 2_000, operations, standing: [] }).presences.map(({ from, until }) => [from, until]);

  test('is there from its addition to its removal', () => {
    expect(presences([add('p/a', 5), claim('p/a', 6), remove('p/a', 9)])).toEqual([[5, 9]]);
  });

  test('was there before its first claim, unless the same commit added it', () => {
    expect(presences([claim('p/a', 6)])).toEqual([[null, null]]);
    expect(presences([add('p/a', 6), claim('p/a', 6)])).toEqual([[6, null]]);
  });

  test('that was removed and added again was gone in between', () => {
    expect(presences([add('p/a', 1), remove('p/a', 2), add('p/a', 5)])).toEqual([
      [1, 2],
      [5, null],
    ]);
  });

  test('that no operation touched is as it lies there', () => {
    const claimed = { at: 3, commit: 'c'.repeat(40), owner: PERSON, author: 'Ann' };
    const history = readHistory({
      now: 2_000,
      operations: [],
      standing: [
        { pool: 'p', lock: 'a', claim: claimed },
        { pool: 'p', lock: 'b', claim: null },
      ],
    });
    expect(history).toEqual({
      holds: [{ pool: 'p', lock: 'a', claim: claimed, end: { kind: 'still-held' } }],
      presences: [
        { pool: 'p', lock: 'a', from: null, until: null },
        { pool: 'p', lock: 'b', from: null, until: null },
      ],
    });
  });
});

const anyOperation = fc
  .record({
    make: fc.constantFrom(claim, release, add, remove),
    lock: fc.constantFrom('a', 'b'),
    at: fc.option(fc.integer({ min: 0, max: 1_000 })),
  })
  .map(({ make, lock, at }) => make(`p/${lock}`, at));

describe('Whatever the history,', () => {
  property.prop([fc.array(anyOperation)])(
    'no two holds of a lock overlap, and none has a negative length',
    (operations) => {
      const { holds } = readHistory({ now: 2_000, operations, standing: [] });
      for (const lock of ['a', 'b']) {
        let free = Number.NEGATIVE_INFINITY;
        for (const hold of holds.filter((one) => one.lock === lock)) {
          const start = hold.claim?.at ?? free;
          const end = hold.end.kind === 'still-held' ? Number.POSITIVE_INFINITY : (hold.end.at ?? start);
          expect(start).toBeGreaterThanOrEqual(free);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(heldFor(hold, 2_000) ?? 0).toBeGreaterThanOrEqual(0);
          free = end;
        }
      }
    },
  );

  property.prop([fc.array(anyOperation)])('every claim makes exactly one hold', (operations) => {
    const made = operations.filter(({ kind }) => kind === 'claim').map(({ commit }) => commit);
    const held = readHistory({ now: 2_000, operations, standing: [] }).holds.flatMap(
      ({ claim }) => claim?.commit ?? [],
    );
    expect(held.sort()).toEqual(made.sort());
  });
});

function describeHold({ lock, claim, end }: Tenure): string {
  const from = claim === null ? '?' : claim.at;
  switch (end.kind) {
    case 'still-held':
      return `${lock} ${from}.. still-held`;
    case 'claimed-again':
      return `${lock} ${from}..${end.at} claimed-again`;
    case 'released':
    case 'removed':
      return `${lock} ${from}..${end.at} ${end.kind} ${end.by}`;
  }
}
