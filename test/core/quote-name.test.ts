import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc, test as propertyTest } from '@fast-check/jest';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { quoteName } from '../../src/core/quote-name.ts';
import { anyText } from '../any-text.ts';

test.each<[string, string]>([
  ['plain', 'plain'],
  ['a b', 'a b'],
  ['"q"', '"q"'],
  ['back\\slash', 'back\\slash'],
  ['ключ', 'ключ'],
  ['a\nb', '"a\\nb"'],
  ['a\tb\r', '"a\\tb\\r"'],
  ['"q"\n', '"\\"q\\"\\n"'],
  ['\\n\n', '"\\\\n\\n"'],
  ['\x1b[31m', '"\\033[31m"'],
  ['\x7f', '"\\177"'],
  ['\u0085', '"\\302\\205"'],
  ['a\u2028b', '"a\\342\\200\\250b"'],
  ['\udcff', '"\\377"'],
  ['é\udc80', '"é\\200"'],
])('%j is written %s', (name, quoted) => {
  expect(quoteName(name)).toBe(quoted);
});

propertyTest.prop([anyText()])('a name is one line of well-formed text', (name) => {
  expect(quoteName(name)).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
  expect(quoteName(name).isWellFormed()).toBe(true);
});

propertyTest.prop([anyText()])('quoting a second time changes nothing', (name) => {
  expect(quoteName(quoteName(name))).toBe(quoteName(name));
});

let repository: string;

beforeAll(() => {
  repository = mkdtempSync(join(tmpdir(), 'quote-'));
  execFileSync('git', ['init', '--quiet', repository]);
});

afterAll(() => rmSync(repository, { recursive: true, force: true }));

/** The way in which git itself writes these paths, one a line. */
function listByGit(names: readonly string[]): string[] {
  const blob = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391';
  const input = names.map((name) => `100644 ${blob}\t${name}\0`).join('');
  const git = (args: readonly string[], stdin?: string) =>
    execFileSync('git', ['-C', repository, '-c', 'core.quotePath=false', ...args], {
      encoding: 'utf8',
      ...(stdin === undefined ? {} : { input: stdin }),
    });
  git(['read-tree', '--empty']);
  git(['update-index', '-z', '--index-info'], input);
  return git(['ls-files']).trimEnd().split('\n');
}

const controls = Array.from({ length: 31 }, (_, i) => String.fromCharCode(i + 1));
const name = fc
  .string({ unit: fc.constantFrom(...controls, '\x7f', ...'ab "\\*é-ж'), minLength: 1, maxLength: 8 })
  // Git quotes a name for a quote in it as well; we leave such a name as the pool resource writes it.
  .filter((text) => [...text].some((char) => controls.includes(char) || char === '\x7f'));

propertyTest.prop([fc.uniqueArray(name, { minLength: 1, maxLength: 50 })], { numRuns: 20 })(
  'names with control characters are written as git writes them',
  (names) => {
    expect(names.map(quoteName).sort()).toEqual(listByGit(names).sort());
  },
);
