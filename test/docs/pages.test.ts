import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { anchorsOf, linksIn } from './markdown.ts';

const PAGES = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];
const { version }: { version: string } = JSON.parse(readFileSync('package.json', 'utf8'));

describe.each(PAGES)('%s', (page) => {
  const text = readFileSync(page, 'utf8');

  test('links to what is there', () => {
    const broken = linksIn(text)
      .filter((link) => !/^https?:/.test(link))
      .filter((link) => {
        const [file = '', anchor] = link.split('#');
        const target = file === '' ? page : join(dirname(page), file);
        if (!existsSync(target)) return true;
        return anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).includes(anchor);
      });
    expect(broken).toEqual([]);
  });
});

test('The picture is small enough for a page', () => {
  expect(readFileSync('docs/report.png').subarray(1, 4).toString()).toBe('PNG');
  expect(statSync('docs/report.png').size).toBeLessThan(300_000);
});

describe('The version', () => {
  test('has an entry in the changelog', () => {
    expect(readFileSync('CHANGELOG.md', 'utf8')).toContain(`\n## [${version}] - `);
  });

  test.each(['README.md', ...readdirSync('examples').map((name) => join('examples', name))])(
    'in %s is this one',
    (file) => {
      const named = [
        ...readFileSync(file, 'utf8').matchAll(/pool-boy(?::|,? +tag: |\n +tag: | )(\d+\.\d+\.\d+)/g),
      ];
      expect(named.map(([, found]) => found).filter((found) => found !== version)).toEqual([]);
    },
  );
});
