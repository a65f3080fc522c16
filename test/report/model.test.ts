import { expect, test } from '@jest/globals';
import { makeReport } from '../../src/report/model.ts';
import { ANN, asked, build, claimBy, JOB, LOST, minutesAgo, proven, taker } from '../core/verdict/cases.ts';
import { COMMIT, pool, released, survey, surveyed } from './surveys.ts';

test('a whole report', () => {
  const evidence = asked(proven(build({ status: 'succeeded' })), { takers: [taker({ startedAt: null })] });
  const report = makeReport(
    survey({
      concourse: [{ url: 'https://ci.example.com', version: null }],
      pools: [pool('aws', [surveyed('a1', { reason: 'handed-on', evidence, heldFor: 1_800.9 })], ['a2'])],
      released: [released('a9')],
      warnings: ['Mind the gap.'],
    }),
  );
  expect(report).toEqual({
    schema: 1,
    generated_at: '2026-03-04T14:07:00Z',
    repository: { uri: 'https://example.com/locks.git', branch: 'main', ref: 'f'.repeat(40) },
    concourse: [{ url: 'https://ci.example.com', version: null }],
    summary: { pools: 1, claimed: 1, unclaimed: 1, stale: 0, undecided: 0, released: 1 },
    pools: [
      {
        name: 'aws',
        stale_after_seconds: 3_600,
        release_to: null,
        claimed: 1,
        unclaimed: 1,
        stale: 0,
        locks: [
          {
            name: 'a1',
            state: 'claimed',
            claimed_at: '2026-03-04T13:37:00Z',
            held_seconds: 1_800,
            claim: { commit: COMMIT, message: 'claiming: a1', author: 'Ann' },
            owner: {
              kind: 'job',
              team: 'main',
              pipeline: 'deploy',
              instance_vars: null,
              job: 'test',
              build: '2',
              url: null,
            },
            holders: [
              {
                id: 41,
                pipeline: 'deploy',
                job: 'test',
                name: '2',
                status: 'succeeded',
                started_at: '2026-03-04T13:36:00Z',
                ended_at: '2026-03-04T13:57:00Z',
                role: 'claimant',
              },
              {
                id: 50,
                pipeline: 'deploy',
                job: 'use',
                name: '9',
                status: 'started',
                started_at: null,
                ended_at: null,
                role: 'taker',
              },
            ],
            handed_to: { id: 50, name: 'main/deploy/use #9' },
            hold: null,
            verdict: 'live',
            reason: 'handed-on',
            detail: 'Because of handed-on.',
          },
          { name: 'a2', state: 'unclaimed' },
        ],
      },
    ],
    released: [
      {
        pool: 'aws',
        lock: 'a9',
        commit: 'e'.repeat(40),
        claim: COMMIT,
        reason: 'timed-out',
        held_seconds: 7_500,
        to: null,
      },
    ],
    warnings: ['Mind the gap.'],
  });
});

test.each([
  ['a person', ANN, { kind: 'person', build: null, url: null }],
  ['nobody', LOST, { kind: 'unknown', build: null, url: null }],
  ['nobody, with a URL', { kind: 'unknown' as const, url: 'x' }, { kind: 'unknown', build: null, url: 'x' }],
  [
    'a one-off build',
    { kind: 'one-off' as const, build: '7', url: 'x' },
    { kind: 'one-off', build: '7', url: 'x' },
  ],
])('an owner that is %s has every key', (_name, owner, want) => {
  const { pools } = makeReport(survey({ pools: [pool('aws', [surveyed('a1', { owner })])] }));
  expect(pools[0]?.locks[0]).toMatchObject({
    owner: { team: null, pipeline: null, instance_vars: null, job: null, ...want },
    holders: [],
  });
});

test('only what is still claimed so at the head counts as stale', () => {
  const locks = [
    surveyed('a1'),
    surveyed('a2', { isCurrent: false }),
    surveyed('a3', { reason: 'no-timeout' }),
  ];
  const { summary, pools } = makeReport(
    survey({ pools: [pool('aws', locks), pool('gcp', [surveyed('g1')])] }),
  );
  expect(summary).toEqual({ pools: 2, claimed: 4, unclaimed: 0, stale: 2, undecided: 1, released: 0 });
  expect(pools.map(({ claimed, stale }) => [claimed, stale])).toEqual([
    [3, 1],
    [1, 1],
  ]);
});

test('a lock in both folders is listed once, as claimed', () => {
  const { pools, summary } = makeReport(
    survey({ pools: [pool('aws', [surveyed('a1', { reason: 'conflict' })], ['a1', 'a2'])] }),
  );
  expect(pools[0]?.locks.map(({ name, state }) => [name, state])).toEqual([
    ['a1', 'claimed'],
    ['a2', 'unclaimed'],
  ]);
  expect(summary).toMatchObject({ claimed: 1, unclaimed: 1, undecided: 1 });
});

test('what is not UTF-8 is U+FFFD', () => {
  const claim = { message: 'claiming: \udcff', author: '\udcfe' };
  const owner = {
    ...JOB,
    kind: 'job' as const,
    pipeline: '\udcfd',
    team: null,
    instanceVars: { '\udcfc': ['\udcfb'] },
    varsQuery: null,
    job: 'j',
    build: '1',
    url: null,
  };
  const report = makeReport(
    survey({
      pools: [pool('p\udc80', [surveyed('\udc81', { claim, owner })], ['\udc82'])],
      warnings: ['\udc83'],
    }),
  );
  const text = JSON.stringify(report);
  expect(text).not.toMatch(/\\ud[89a-f]/);
  expect(text.match(/\uFFFD/g)?.length).toBe(9);
});

test('a claim that is dated ahead is held for no time', () => {
  const ahead = surveyed('a1', { claim: { committedAt: minutesAgo(-10) }, heldFor: -600 });
  const { pools } = makeReport(survey({ pools: [pool('aws', [ahead])], now: 1_772_633_220.7 }));
  expect(pools[0]?.locks[0]).toMatchObject({ held_seconds: 0, claimed_at: '2026-03-04T14:17:00Z' });
});

test('a date beyond every calendar is the last one that there is', () => {
  const { pools } = makeReport(
    survey({ pools: [pool('aws', [surveyed('a1', { claim: { ...claimBy(JOB), committedAt: 1e15 } })])] }),
  );
  expect(pools[0]?.locks[0]).toMatchObject({ claimed_at: '9999-12-31T23:59:59Z' });
});
