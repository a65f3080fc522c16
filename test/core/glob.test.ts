import { fc, test as propertyTest } from '@fast-check/jest';
import { expect, test } from '@jest/globals';
import { matchesGlob } from '../../src/core/glob.ts';

test.each<[string, string, boolean]>([
  ['*', 'aws', true],
  ['*', 'cf/aws', false],
  ['cf/*', 'cf/aws', true],
  ['cf/*', 'cf/aws/eu', false],
  ['cf/**', 'cf/aws/eu', true],
  ['**', 'cf/aws', true],
  ['**', 'a\nb', true],
  ['a*', 'a\nb', true],
  ['**/eu', 'cf/aws/eu', true],
  ['prod-*', 'prod-1', true],
  ['prod-*', 'my-prod-1', false],
  ['prod-?', 'prod-1', true],
  ['{a,b}-*', 'b-1', true],
  ['[ab]', 'a', true],
  ['[ab]', '[ab]', true],
  ['*', '.hidden', true],
  ['!a', 'b', false],
  ['!a', '!a', true],
  ['[x', '[x', true],
  ['[x', 'x', false],
  ['', 'a', false],
  ['', '', true],
  ['A', 'a', false],
])('the glob %j and the name %j: %j', (glob, name, matches) => {
  expect(matchesGlob(name, glob)).toBe(matches);
});

const text = fc.string({ unit: fc.constantFrom(...'ab*?[]{}()!+@|\\/.,-^$\n'), maxLength: 10 });

propertyTest.prop([text, text], { numRuns: 2_000 })(
  'no glob is an error, and every name matches itself',
  (name, glob) => {
    expect(typeof matchesGlob(name, glob)).toBe('boolean');
    expect(matchesGlob(name, name)).toBe(true);
  },
);
