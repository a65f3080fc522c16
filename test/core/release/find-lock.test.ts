import { describe, expect, test } from '@jest/globals';
import type { PoolListing } from '../../../src/core/lock.ts';
import { findLock, parseLockReference, shownLock } from '../../../src/core/release/find-lock.ts';

const pool = (name: string, claimed: string[], unclaimed: string[] = []): PoolListing => ({
  name,
  claimed,
  unclaimed,
  claimedIsKept: true,
});
const COMPOSED = 'bu\u0308ro'.normalize('NFC');
const DECOMPOSED = COMPOSED.normalize('NFD');
const POOLS = [
  pool('aws', ['env-1', 'x\ny', 'ab@1234567'], ['env-2', DECOMPOSED]),
  pool('cf/aws', ['env-3']),
];

/** What a text means, in short. */
function meaning(text: string, pools = POOLS): string {
  const reference = parseLockReference(text);
  if (reference === null) return 'no lock name';
  const found = findLock(reference, pools);
  const nearest = (one: { nearest: Parameters<typeof shownLock>[0] | null }) =>
    one.nearest === null ? '' : `, nearest ${shownLock(one.nearest)}`;
  if (found.kind === 'no-pool') return `no pool${nearest(found)}`;
  const name = `${found.lock.pool} + ${JSON.stringify(found.lock.lock)}`;
  if (found.kind === 'not-in-pool') return `not there: ${name}${nearest(found)}`;
  return `${found.isClaimed ? 'claimed' : 'free'}: ${name}${found.claim === null ? '' : ` by ${found.claim}`}`;
}

describe('a lock reference means', () => {
  test.each([
    ['aws/env-1', 'claimed: aws + "env-1"'],
    ['aws/env-1@0123456789', 'claimed: aws + "env-1" by 0123456789'],
    ['aws/env-2', 'free: aws + "env-2"'],
    ['cf/aws/env-3', 'claimed: cf/aws + "env-3"'],
    ['aws/x\ny', 'claimed: aws + "x\\ny"'],
    [String.raw`"aws/x\ny"`, 'claimed: aws + "x\\ny"'],
    // The whole text takes precedence over its parts.
    ['aws/ab@1234567', 'claimed: aws + "ab@1234567"'],
    ['aws/ab@1234567@7654321', 'claimed: aws + "ab@1234567" by 7654321'],
    ['aws/env-9', 'not there: aws + "env-9", nearest aws/env-1'],
    ['aws/something-else', 'not there: aws + "something-else"'],
    ['asw/env-2', 'no pool, nearest aws/env-2'],
    ['nowhere/at-all-0815', 'no pool'],
    ['env-1', 'no lock name'],
  ])('%j', (text, expected) => {
    expect(meaning(text)).toBe(expected);
  });

  test.each([COMPOSED, DECOMPOSED])('the same name in another normal form: %j', (name) => {
    expect(meaning(`aws/${name}`)).toBe(`free: aws + ${JSON.stringify(DECOMPOSED)}`);
  });

  test('of two names that look alike the exact one, and neither where neither is exact', () => {
    // Two marks, whose order no normal form has but NFC settles.
    const [one, two, third] = ['a\u0323\u0302', 'a\u0302\u0323', '\u1ead'];
    const both = [pool('aws', [one, two])];
    expect(meaning(`aws/${two}`, both)).toBe(`claimed: aws + ${JSON.stringify(two)}`);
    expect(meaning(`aws/${third}`, both)).toMatch(/^not there/);
  });
});
