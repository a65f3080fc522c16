import { createHash } from 'node:crypto';
import { fc, test as propertyTest } from '@fast-check/jest';
import { expect, test } from '@jest/globals';
import { NO_COMMIT } from '../../src/core/lock.ts';
import { type StaleClaim, staleOf, type Version, versionsToEmit } from '../../src/core/resource-version.ts';

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function digestOf(claims: readonly StaleClaim[]): string {
  return staleOf(claims, sha256);
}

const part = fc.string({
  unit: fc.constantFrom('a', 'b', '/', ',', '"', '\n', '\udc80', '\udcff'),
  maxLength: 4,
});
const claim: fc.Arbitrary<StaleClaim> = fc.record({
  pool: part,
  lock: part,
  claim: fc.constantFrom('1'.repeat(40), '2'.repeat(40)),
});
const claims = fc.array(claim, { maxLength: 6 });

/** The set, whatever its order: what the digest stands for. */
function setOf(list: readonly StaleClaim[]): Set<string> {
  return new Set(list.map(({ pool, lock, claim: commit }) => JSON.stringify([pool, lock, commit])));
}

test('no stale claim is none', () => {
  expect(digestOf([])).toBe('none');
});

test('the number of stale claims stands in front', () => {
  expect(digestOf([{ pool: 'aws', lock: 'a1', claim: '1'.repeat(40) }])).toMatch(/^1:[0-9a-f]{16}$/);
});

propertyTest.prop([claims, claims], { numRuns: 2_000 })(
  'two sets have one digest if, and only if, they are equal',
  (one, other) => {
    const areEqual = [...setOf(one)].sort().join('\n') === [...setOf(other)].sort().join('\n');
    expect(digestOf(one) === digestOf(other)).toBe(areEqual);
  },
);

propertyTest.prop([
  fc
    .array(claim)
    .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
])('neither the order nor a claim that is named twice matters', ([list, shuffled]) => {
  expect(digestOf([...shuffled, ...list])).toBe(digestOf(list));
});

propertyTest.prop([claims.filter((list) => list.length > 0), fc.constantFrom('pool', 'lock', 'claim')])(
  'any change of a claim changes it',
  (list, key) => {
    const [first, ...rest] = list;
    const changed = { ...(first as StaleClaim), [key]: `${(first as StaleClaim)[key]}x` };
    expect(
      digestOf([
        changed,
        ...rest.filter((one) => !setOf([first as StaleClaim]).has(JSON.stringify(Object.values(one)))),
      ]),
    ).not.toBe(digestOf(list));
  },
);

const NOW = { ref: 'f'.repeat(40), stale: '1:aaaa' };
const NONE = { ref: 'f'.repeat(40), stale: 'none' };

test.each<[string, Version | null, boolean, Required<Version>, Version[]]>([
  ['the first check, nothing stale', null, false, NONE, []],
  ['the first check, something stale', null, false, NOW, [NOW]],
  ['nothing stale any more', { ref: 'e', stale: '1:aaaa' }, true, NONE, []],
  [
    'the same set, and a commit that is there',
    { ref: 'e', stale: '1:aaaa' },
    true,
    NOW,
    [{ ref: 'e', stale: '1:aaaa' }],
  ],
  ['the same set, and a commit that is gone', { ref: 'e', stale: '1:aaaa' }, false, NOW, [NOW]],
  [
    'the same set, and no commit',
    { ref: NO_COMMIT, stale: '1:aaaa' },
    false,
    NOW,
    [{ ref: NO_COMMIT, stale: '1:aaaa' }],
  ],
  ['another set', { ref: 'e', stale: '2:bbbb' }, true, NOW, [{ ref: 'e', stale: '2:bbbb' }, NOW]],
  ['another set, and a commit that is gone', { ref: 'e', stale: '2:bbbb' }, false, NOW, [NOW]],
  [
    'another set, and no commit',
    { ref: NO_COMMIT, stale: 'none' },
    false,
    NOW,
    [{ ref: NO_COMMIT, stale: 'none' }, NOW],
  ],
  [
    'the same head, and another set',
    { ref: NOW.ref, stale: 'none' },
    true,
    NOW,
    [{ ref: NOW.ref, stale: 'none' }, NOW],
  ],
  ['a version that a person gave', { ref: 'e' }, true, NOW, [NOW]],
  ['a version that a person gave, nothing stale', { ref: 'e' }, true, NONE, []],
])('check answers, given %s', (_name, given, isThere, now, versions) => {
  expect(versionsToEmit(given, isThere, now)).toEqual(versions);
});
