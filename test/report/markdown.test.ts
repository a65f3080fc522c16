import { fc, test as propertyTest } from '@fast-check/jest';
import { expect, test } from '@jest/globals';
import { marked, type Token } from 'marked';
import type { Hold } from '../../src/core/hold.ts';
import { markdownReport } from '../../src/report/markdown.ts';
import { makeReport, type ReportInput } from '../../src/report/model.ts';
import { ANN, JOB, NOW } from '../core/verdict/cases.ts';
import { pool, released, survey, surveyed } from './surveys.ts';

const BUILD = {
  ...JOB,
  kind: 'job' as const,
  team: 'main',
  pipeline: 'deploy',
  instanceVars: null,
  varsQuery: null,
  job: 'test',
  build: '2',
};

function markdownOf(given: Partial<ReportInput>): string {
  return markdownReport(makeReport(survey(given)));
}

test('a whole report', () => {
  const url = 'https://ci.example.com/teams/main/pipelines/deploy/jobs/run it/builds/2?vars.a=1&vars.b=2';
  const owner = { ...BUILD, url };
  const text = markdownOf({
    concourse: [{ url: 'https://ci.example.com', version: '8.2.5' }],
    pools: [
      pool('aws', [surveyed('a1', { reason: 'kept', owner: ANN }), surveyed('a2', { owner })], ['a3']),
      pool('gcp', [], ['g1', 'g2']),
    ],
    released: [released('a9')],
    warnings: ['Mind the *gap*.'],
  });
  expect(text).toBe(`# Pool Boy

Pool Boy: released 1 lock (aws/a9: timed-out), 1 of 2 claimed locks stale (aws/a2: timed-out), in 2 pools.

\`https://example.com/locks.git\`, branch \`main\` at \`ffffffffff\`, judged at 2026-03-04T14:07:00Z by the answers of \`https://ci.example.com\` (8.2.5).

## Warnings

- Mind the \\*gap\\*.

## Released

| lock | held | reason | commit |
| --- | --- | --- | --- |
| \`aws/a9\` | 2 hours 5 minutes | timed-out | \`eeeeeeeeee\` |

## \`aws\`

2 locks claimed, 1 free, timeout 1 hour.

| lock | held | held by | verdict | why |
| --- | --- | --- | --- | --- |
| \`a2\` | 30 minutes | [main/deploy/test \\#2](<https://ci.example.com/teams/main/pipelines/deploy/jobs/run%20it/builds/2?vars.a=1&amp;vars.b=2>) | **stale**: timed-out | Because of timed-out. |
| \`a1\` | 30 minutes | Ann (by hand) | live: kept | Because of kept. |

## Pools without a claimed lock

\`gcp\` (2 free)
`);
});

test('says which locks are held by a person, and which pool a lock goes to', () => {
  const hold: Hold = {
    commit: 'a'.repeat(40),
    by: 'Ann',
    reason: 'a *bug*',
    end: { kind: 'at', at: NOW + 86_400 },
    committedAt: NOW - 60,
  };
  const aws = pool('aws', [surveyed('a1', { reason: 'kept', owner: ANN, claim: { hold } })]);
  const text = markdownOf({
    pools: [{ ...aws, policy: { ...aws.policy, releaseTo: 'cleaning' } }],
    released: [released('a9', { to: 'cleaning' })],
  });
  expect(text).toContain('1 lock claimed, 0 free, timeout 1 hour, released to `cleaning`.');
  expect(text).toContain('| live: kept (hold until 2026-03-05T14:07:00Z) |');
  expect(text).toContain('| `aws/a9` to `cleaning` | 2 hours 5 minutes |');
});

test('a report on nothing', () => {
  expect(markdownOf({})).toBe(`# Pool Boy

Pool Boy: no lock is claimed; 0 locks free in 0 pools.

\`https://example.com/locks.git\`, branch \`main\` at \`ffffffffff\`, judged at 2026-03-04T14:07:00Z without a Concourse.
`);
});

/** A report in which every text from outside is this one. */
function reportFullOf(text: string): string {
  const owner = {
    ...JOB,
    kind: 'job' as const,
    team: text,
    pipeline: text,
    instanceVars: { [text]: text },
    varsQuery: null,
    job: text,
    build: '1',
    url: `see ${text}`,
  };
  const lock = surveyed(text, { owner, detail: text });
  const byHand = surveyed('a2', { owner: ANN, claim: { author: text } });
  return markdownOf({
    pools: [pool(text, [lock, byHand], [text]), pool(`${text}2`, [], [])],
    released: [released(text, { pool: text, reason: text })],
    warnings: [text],
    concourse: [{ url: text, version: text }],
    repository: { uri: text, branch: text, ref: text },
  });
}

/** The kinds of all tokens that a Markdown parser finds, in their order: the shape of a document. */
function shapeOf(markdown: string): string[] {
  const kinds: string[] = [];
  marked.walkTokens(marked.lexer(markdown), (token: Token) => {
    if (token.type === 'html') return void (/^<\/?code>$/.test(token.raw.trim()) || kinds.push(token.raw));
    if (token.type === 'table')
      kinds.push(`table of ${token.rows.length} rows, ${token.rows.map((row: unknown[]) => row.length)}`);
    if (
      [
        'heading',
        'list_item',
        'link',
        'image',
        'strong',
        'em',
        'del',
        'code',
        'blockquote',
        'hr',
        'def',
        'br',
      ].includes(token.type)
    )
      kinds.push(token.type);
  });
  return kinds;
}

const PLAIN_SHAPE = shapeOf(reportFullOf('plain'));

test.each([
  'a|b',
  'a\\|b',
  '\\',
  '`',
  '``` x',
  '`a` | `b`',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<!-- x',
  '&lt;b&gt;',
  'a\nb\n\n# head',
  'a\r\n| x | y |',
  '[x](https://evil.example.com)',
  '![x](y)',
  '](<https://evil.example.com>)',
  '[x]: https://evil.example.com',
  'https://evil.example.com',
  'HTTP://evil.example.com',
  'www.evil.example.com',
  'me@example.com',
  '@everyone',
  '**bold** __bold__ *em* _em_ ~~del~~',
  '# head',
  '- item',
  '+ item',
  '1. item',
  '2) item',
  '===',
  '---',
  '    code',
  '> quote',
  '- [ ] task',
  ' ',
  '\u2028# x',
])('the text %j stays text', (text) => {
  const markdown = reportFullOf(text);
  expect(shapeOf(markdown)).toEqual(PLAIN_SHAPE);
  expect(markdown).not.toMatch(/\u2028|\r/);
});

const hostile = fc.string({
  unit: fc.constantFrom(...'ab |`\\<>&[]()!*_~#-+=.:/@1"\'\n\t'),
  minLength: 1,
  maxLength: 10,
});

propertyTest.prop([hostile], { numRuns: 400 })(
  'no text from outside changes the shape of the document',
  (text) => {
    expect(shapeOf(reportFullOf(text))).toEqual(PLAIN_SHAPE);
  },
);

test('mentions and the direction of text are broken', () => {
  const markdown = reportFullOf('@all \u202eabc');
  expect(markdown).not.toMatch(/\u202e/);
  expect(markdown.replace(/`[^`]*`/g, '')).not.toMatch(/@a/);
});

test.each([
  'javascript:alert(1)',
  'data:text/html,x',
  'https://a"b',
  'https://a|b',
  'https://a>b',
  'ftp://a',
  '//a',
])('the address %s makes no link', (url) => {
  const markdown = markdownOf({ pools: [pool('aws', [surveyed('a1', { owner: { ...BUILD, url } })])] });
  expect(shapeOf(markdown)).not.toContain('link');
});
