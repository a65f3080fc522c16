import { expect, test } from '@jest/globals';
import type { PoolListing } from '../../../src/core/lock.ts';
import type { LockReference } from '../../../src/core/release/find-lock.ts';
import { planProblemSentence, planWarningSentence } from '../../../src/core/release/plan-problem.ts';
import {
  type Judged,
  type PlanInput,
  planReleases,
  type Wanted,
} from '../../../src/core/release/release-plan.ts';
import { REASONS, type Reason } from '../../../src/core/verdict/reasons.ts';
import { claimBy, JOB } from '../verdict/cases.ts';

const COMMIT = 'c'.repeat(40);
const OTHER = 'd'.repeat(40);

function judged(path: string, reason: Reason = 'build-ended', commit = COMMIT): Judged {
  const [pool = '', name = ''] = path.split('/');
  return {
    lock: { pool, name, claim: claimBy(JOB, { commit }), alsoUnclaimed: reason === 'conflict' },
    verdict: { verdict: REASONS[reason], reason, detail: `Because of ${reason}.` },
    heldFor: 60,
  };
}

/** Listings that fit the judged locks, with `.gitkeep` in each `claimed`. */
function listingsOf(locks: readonly Judged[], rest: Partial<PoolListing> = {}): PoolListing[] {
  return [...new Set(locks.map(({ lock }) => lock.pool))].map((name) => ({
    name,
    claimed: locks.filter(({ lock }) => lock.pool === name).map(({ lock }) => lock.name),
    unclaimed: ['free'],
    claimedIsKept: true,
    ...rest,
  }));
}

const STALE = { kind: 'stale', approved: null } as const;

function written(...references: readonly LockReference[]): Wanted {
  return { kind: 'written', references };
}

/** The plan in short: `aws/a1 build-ended`, `keep aws`. */
function plan(locks: readonly Judged[], rest: Partial<PlanInput> = {}) {
  const input = {
    pools: listingsOf(locks),
    found: listingsOf(locks),
    targets: [],
    judged: locks,
    wanted: STALE,
    inPools: null,
    limit: null,
    ...rest,
  };
  const { steps, problems, warnings } = planReleases(input);
  const short = steps.flatMap((step) => {
    if (step.kind === 'keep-folder') return [`keep ${step.pool}`];
    return step.kind === 'release'
      ? [`${step.release.pool}/${step.release.lock} ${step.release.reason}`]
      : [];
  });
  return {
    steps: short,
    problems: problems.map(planProblemSentence),
    warnings: warnings.map(planWarningSentence),
  };
}

const SILENT = { problems: [], warnings: [] };

test('only what is stale is released', () => {
  const locks = Object.keys(REASONS).map((reason) => judged(`aws/${reason}`, reason as Reason));
  expect(plan(locks)).toEqual({
    steps: ['aws/build-ended build-ended', 'aws/timed-out timed-out'],
    ...SILENT,
  });
});

test('a release says all that its commit needs', () => {
  const locks = [judged('aws/a1')];
  const { steps } = planReleases({
    pools: listingsOf(locks),
    found: listingsOf(locks),
    targets: [],
    judged: locks,
    wanted: STALE,
    inPools: null,
    limit: null,
  });
  const release = {
    pool: 'aws',
    lock: 'a1',
    claim: COMMIT,
    reason: 'build-ended',
    detail: 'Because of build-ended.',
    heldFor: 60,
    to: null,
  };
  expect(steps).toEqual([{ kind: 'release', release }]);
});

test('a pool to narrow to is the same pool however its accents are composed', () => {
  const pool = 'zürich'.normalize('NFD');
  const { steps, problems } = plan([judged('aws/a1'), judged(`${pool}/z1`)], {
    inPools: ['zürich'.normalize('NFC')],
  });
  expect(problems).toEqual([]);
  expect(steps).toEqual([`${pool}/z1 build-ended`]);
});

test('pools narrows it down', () => {
  expect(plan([judged('aws/a1'), judged('gcp/g1')], { inPools: ['gcp'] }).steps).toEqual([
    'gcp/g1 build-ended',
  ]);
});

const MANY = ['a1', 'a2', 'a3', 'a4', 'a5', 'a\n6'].map((name) => judged(`aws/${name}`));

test.each<[number, number]>([
  [6, 6],
  [7, 6],
])('a limit of %d lets %d releases pass', (limit, count) => {
  expect(plan(MANY, { limit }).steps).toHaveLength(count);
});

test.each<[number, Judged[], string]>([
  [
    5,
    MANY,
    '6 locks would be released (aws/a1, aws/a2, aws/a3, aws/a4, aws/a5, …), which exceeds the limit of 5, so nothing was released; review them, then raise limit.',
  ],
  [
    1,
    MANY.slice(4),
    '2 locks would be released (aws/a5, "aws/a\\n6"), which exceeds the limit of 1, so nothing was released; review them, then raise limit.',
  ],
  [
    0,
    MANY.slice(0, 1),
    '1 lock would be released (aws/a1), which exceeds the limit of 0, so nothing was released; review it, then raise limit.',
  ],
])('above a limit of %d none is released', (limit, locks, problem) => {
  expect(plan(locks, { limit })).toEqual({ steps: [], problems: [problem], warnings: [] });
});

test('a request releases the claims that it names, whatever the verdict, and nothing else', () => {
  const locks = [judged('aws/a1', 'build-running'), judged('aws/a2'), judged('aws/a\n3', 'excluded')];
  const wanted = written(
    { path: 'aws/a1', claim: COMMIT },
    { path: '"aws/a\\n3"', claim: COMMIT },
    { path: 'aws/a1', claim: COMMIT },
  );
  expect(plan(locks, { wanted })).toEqual({
    steps: ['aws/a1 by-request', 'aws/a\n3 by-request'],
    ...SILENT,
  });
});

test.each<[string, string, string, Partial<PlanInput>]>([
  ['a lock in both folders', 'aws/both', 'aws/both cannot be released: Because of conflict.', {}],
  [
    'a lock that is claimed anew',
    'aws/new',
    `aws/new is claimed by ${OTHER} now, not by ${COMMIT}; look at the new claim before you release it.`,
    {},
  ],
  ['a lock that is nowhere', 'aws/gone', 'No selected pool has a lock aws/gone.', {}],
  ['a lock with a new line that is nowhere', 'aws/a\nb', 'No selected pool has a lock "aws/a\\nb".', {}],
  [
    'a lock of another pool than the named ones',
    'aws/live',
    'release names aws/live, which is in none of the pools that params.pools names.',
    { inPools: ['gcp'] },
  ],
])('a request is refused for %s, and nothing is released', (_name, path, problem, rest) => {
  const locks = [
    judged('gcp/g1'),
    judged('aws/live'),
    judged('aws/both', 'conflict'),
    judged('aws/new', 'timed-out', OTHER),
  ];
  const wanted = written({ path: 'gcp/g1', claim: COMMIT }, { path, claim: COMMIT });
  expect(plan(locks, { wanted, ...rest })).toEqual({ steps: [], problems: [problem], warnings: [] });
});

test('every problem of a request is named', () => {
  const wanted = written({ path: 'aws/x', claim: COMMIT }, { path: 'aws/y', claim: COMMIT });
  expect(plan([judged('aws/a1')], { wanted }).problems).toHaveLength(2);
});

test('a lock that is free already is worth a warning', () => {
  const wanted = written({ path: 'aws/free', claim: COMMIT }, { path: 'aws/a1', claim: COMMIT });
  expect(plan([judged('aws/a1')], { wanted })).toEqual({
    steps: ['aws/a1 by-request'],
    problems: [],
    warnings: ['aws/free is free already; nothing was released for it.'],
  });
});

test('the limit holds for a request as well', () => {
  expect(
    plan([judged('aws/a1')], { wanted: written({ path: 'aws/a1', claim: COMMIT }), limit: 0 }).steps,
  ).toEqual([]);
});

test.each<[string, Judged[], Partial<PoolListing>, string[]]>([
  ['that keeps itself', [judged('aws/a1')], {}, ['aws/a1 build-ended']],
  [
    'that becomes empty',
    [judged('aws/a1'), judged('aws/a2')],
    { claimedIsKept: false },
    ['keep aws', 'aws/a1 build-ended', 'aws/a2 build-ended'],
  ],
  [
    'that holds a live lock',
    [judged('aws/a1'), judged('aws/a2', 'excluded')],
    { claimedIsKept: false },
    ['aws/a1 build-ended'],
  ],
  [
    'that holds a lock in both folders',
    [judged('aws/a1'), judged('aws/a2', 'conflict')],
    { claimedIsKept: false },
    ['aws/a1 build-ended'],
  ],
  [
    'of each of two pools',
    [judged('aws/a1'), judged('gcp/g1')],
    { claimedIsKept: false },
    ['keep aws', 'keep gcp', 'aws/a1 build-ended', 'gcp/g1 build-ended'],
  ],
  ['that was empty before', [judged('aws/a1', 'excluded')], { claimed: [], claimedIsKept: false }, []],
])('a folder claimed %s', (_name, locks, listing, steps) => {
  expect(plan(locks, { pools: listingsOf(locks, listing) }).steps).toEqual(steps);
});
