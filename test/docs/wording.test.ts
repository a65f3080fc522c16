// Words that we do not use any more, and what we say instead: the words of Concourse's and git's manuals.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\banew\b/i, 'again'],
  [/\bmend(s|ed|ing)?\b/i, 'fix'],
  [/\bfor ever\b/i, 'forever'],
  [/\bsay --/i, 'use --'],
  [/\bhave [^.;]*, want\b|: want (a|an|at|the|one|none|only)\b/i, 'expected Y, got X'],
  [/\bgo(es)? before (it|this|that|these|those|one|a|an|the)\b/i, 'takes precedence over'],
  [/\b(is|are) warned of\b/i, 'triggers a warning'],
  [/\bmay not look\b|\bnobody may look\b/i, 'not permitted'],
  [/\b(a|an empty) text\b/i, 'a string'],
  [/\bnobody can tell\b/i, 'it is not known'],
  [/\btrustworthy\b/i, 'usable'],
  [/\bhalf built\b/i, 'incomplete'],
  [/\bwith the word of\b/i, 'by the answers of'],
  [/\bshall\b/i, 'must, is to'],
  [/[\u2018\u2019]/, 'a straight apostrophe'],
];

/** What people read. Not the changelog, which quotes the sentences of older versions, nor this list. */
const FILES = execFileSync(
  'git',
  [
    'ls-files',
    '-z',
    'src',
    'assets',
    'scripts',
    'docs',
    'examples',
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
  ],
  { encoding: 'utf8' },
)
  .split('\0')
  .filter((file) => /\.(ts|mjs|js|css|md|yml|json)$/.test(file));

test.each(WORDS.map(([word, better]) => [better, word] as const))('We say "%s"', (_better, word) => {
  const found = FILES.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, at) => (word.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : [])),
  );
  expect(found).toEqual([]);
});

test('the list covers the files that people read', () => {
  expect(FILES.length).toBeGreaterThan(200);
  expect(FILES).toEqual(expect.arrayContaining(['README.md', 'src/bin/check.ts', 'assets/report.js']));
});
