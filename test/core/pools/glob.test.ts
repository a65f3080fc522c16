import { fc, test as propertyTest } from '@fast-check/jest';
import { expect, test } from '@jest/globals';
import { globProblem, matchesGlob } from '../../../src/core/pools/glob.ts';

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
  ['deploy(prod)*', 'deploy(prod)-1', true],
  ['deploy(prod)*', 'deployprod-1', false],
  ['a|b', 'a', false],
  ['a\\*', 'a\\b', true],
  ['+(a)', 'aa', false],
  ['[!a-c]x', 'dx', true],
  ['[!a-c]x', 'bx', false],
  ['[]]', ']', true],
  ['{a,b{c,d}}', 'bd', true],
  ['{a}', 'a', false],
  ['**/*-lock', 'cf-lock', true],
  ['a/**/b', 'a/b', true],
  ['a/**/b', 'a/x/y/b', true],
  ['a/**/b', 'axb', false],
  ['?', '/', false],
  ['?', '\u{1F600}', true],
  ['cf-**', 'cf-a/b', true],
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

test('a glob with many stars is answered as fast as any other', () => {
  expect(matchesGlob('a'.repeat(255), `${'*a'.repeat(100)}*b`)).toBe(false);
  expect(matchesGlob('a'.repeat(255), `${'**a'.repeat(100)}**`)).toBe(true);
  expect(matchesGlob('x', '{a,b}'.repeat(50))).toBe(false);
});

test.each<[string, string, boolean]>([
  ['[!]', 'a', false],
  ['[!]', '[!]', true],
  ['[^]', 'a', false],
  ['x[!]', 'xa', false],
  ['b\u00fcro-*', 'bu\u0308ro-1', true],
  ['bu\u0308ro-*', 'b\u00fcro-1', true],
])(
  'a class takes only what it names, and accents count as they are seen: %j and %j',
  (glob, name, expected) => {
    expect(matchesGlob(name, glob)).toBe(expected);
  },
);

test.each<[string, string | null]>([
  ['[!a]*', null],
  ['[]]', null],
  ['[!]]', null],
  ['env-[1-3]', null],
  ['{a,b}', null],
  ['[!]*', 'has a class without characters ([!])'],
  ['a[^]', 'has a class without characters ([^])'],
  ['[z-a]', 'has a range that runs backwards ([z-a])'],
  ['[!z-a]', 'has a range that runs backwards ([!z-a])'],
  ['[!{prod,staging}]*', 'has braces inside a class ([!{prod,staging}])'],
])('what %j does not mean: %j', (glob, problem) => {
  expect(globProblem(glob)).toBe(problem);
});
