import { expect, test } from '@jest/globals';
import { makeReport, type ReportInput } from '../../src/report/model.ts';
import { staleLines, summaryLine } from '../../src/report/summary.ts';
import { pool, released, survey, surveyed } from './surveys.ts';

const MANY = Array.from({ length: 7 }, (_, i) => `a${i}`);

test.each<[string, Partial<ReportInput>, string]>([
  ['nothing at all', {}, 'Pool Boy: no lock is claimed; 0 locks free in 0 pools.'],
  [
    'nothing claimed',
    { pools: [pool('aws', [], ['a1'])] },
    'Pool Boy: no lock is claimed; 1 lock free in 1 pool.',
  ],
  [
    'nothing stale',
    { pools: [pool('aws', [surveyed('a1', { reason: 'build-running' })])] },
    'Pool Boy: 0 of 1 claimed lock stale, in 1 pool.',
  ],
  [
    'something stale, something undecided',
    { pools: [pool('aws', [surveyed('a1'), surveyed('a2', { reason: 'forbidden' })]), pool('gcp', [])] },
    'Pool Boy: 1 of 2 claimed locks stale (aws/a1: timed-out), 1 undecided, in 2 pools.',
  ],
  [
    'something released',
    { pools: [pool('aws', [])], released: [released('a1'), released('a2', { reason: 'by-request' })] },
    'Pool Boy: released 2 locks (aws/a1: timed-out, aws/a2: by-request); no lock is claimed now.',
  ],
  [
    'very much',
    {
      pools: [
        pool(
          'aws',
          MANY.map((name) => surveyed(name)),
        ),
      ],
    },
    'Pool Boy: 7 of 7 claimed locks stale (aws/a0: timed-out, aws/a1: timed-out, aws/a2: timed-out, aws/a3: timed-out, aws/a4: timed-out and 2 more), in 1 pool.',
  ],
  [
    'claims that are no longer the newest',
    { pools: [pool('aws', [surveyed('a1'), surveyed('a2', { isCurrent: false })])] },
    'Pool Boy: 1 of 2 claimed locks stale (1 in aws), in 1 pool.',
  ],
  [
    'only claims that are no longer the newest',
    { pools: [pool('aws', [surveyed('a1', { isCurrent: false })])] },
    'Pool Boy: 0 of 1 claimed lock stale, in 1 pool.',
  ],
  [
    'names with new lines',
    { pools: [pool('a\nws', [surveyed('a\u2028\x1b1')])] },
    'Pool Boy: 1 of 1 claimed lock stale ("a\\nws/a\\342\\200\\250\\0331": timed-out), in 1 pool.',
  ],
])('the summary of %s is one line', (_name, given, line) => {
  expect(summaryLine(makeReport(survey(given)))).toBe(line);
});

test('the file of stale locks holds one a line, and only what is still claimed so', () => {
  const pools = [
    pool('aws', [surveyed('a1'), surveyed('a2', { isCurrent: false }), surveyed('a3', { reason: 'kept' })]),
    pool('gcp', [surveyed('g\n1'), surveyed('g\udcff')]),
  ];
  expect(staleLines(pools)).toBe('aws/a1\n"gcp/g\\n1"\n"gcp/g\\377"\n');
  expect(staleLines([pool('aws', [])])).toBe('');
});
