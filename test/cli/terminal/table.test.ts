import { describe, expect, test } from '@jest/globals';
import { renderTable, wrap } from '../../../src/cli/terminal/table.ts';

const COLUMNS = [{ title: 'LOCK' }, { title: 'BY' }, { title: 'WHY', wraps: true }];
const cells = (...texts: string[]) => texts.map((text) => ({ text }));
const ROWS = [
  cells('aws/env-1', 'ci', 'the build that claimed it has failed'),
  cells('aws/漢字', 'Ada', 'by hand'),
];

describe('a table', () => {
  test.each([
    [
      'without a limit',
      null,
      `
LOCK       BY   WHY
aws/env-1  ci   the build that claimed it has failed
aws/漢字   Ada  by hand`,
    ],
    [
      'that breaks the last column into lines',
      46,
      `
LOCK       BY   WHY
aws/env-1  ci   the build that claimed it has
                failed
aws/漢字   Ada  by hand`,
    ],
    [
      'whose last column would get too narrow: under each row',
      40,
      `
LOCK       BY
aws/env-1  ci
    the build that claimed it has failed
aws/漢字   Ada
    by hand`,
    ],
    [
      'that is wider than the terminal: a few lines for each row',
      12,
      `
aws/env-1
    BY   ci
    WHY  the build that
         claimed it has
         failed
aws/漢字
    BY   Ada
    WHY  by hand`,
    ],
  ])('%s', (_name, width, expected) => {
    expect(`\n${renderTable(COLUMNS, ROWS, width)}`).toBe(expected);
  });

  test('is coloured without getting wider', () => {
    const paint = (text: string) => `<${text}>`;
    expect(renderTable([{ title: 'A' }, { title: 'B' }], [[{ text: 'x', paint }, { text: 'y' }]], 80)).toBe(
      'A  B\n<x>  y',
    );
  });
});

test('lines break at blanks only, and a long word stays whole', () => {
  expect(wrap('aa bb https://a/very/long/address cc', 6)).toEqual([
    'aa bb',
    'https://a/very/long/address',
    'cc',
  ]);
});
