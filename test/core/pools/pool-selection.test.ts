import { describe, expect, test } from '@jest/globals';
import type { PoolListing } from '../../../src/core/lock.ts';
import { mergePolicy, type PolicyKeys } from '../../../src/core/policy.ts';
import { type PoolEntry, selectPools } from '../../../src/core/pools/pool-selection.ts';
import {
  selectionProblemSentence,
  selectionWarningSentence,
} from '../../../src/core/pools/selection-notice.ts';

function pool(name: string, rest: Partial<PoolListing> = {}): PoolListing {
  return { name, claimed: [], unclaimed: [], claimedIsKept: true, ...rest };
}

function entry(name: string, policy: PolicyKeys = {}): PoolEntry {
  return { name, policy };
}

/** Each selected pool with its timeout, and what was said. */
function select(
  found: readonly PoolListing[],
  entries: readonly PoolEntry[] | null,
  defaults: PolicyKeys = {},
  ...narrowedTo: PoolEntry[][]
) {
  const rules = { pools: entries, narrowedTo, policy: defaults };
  const { pools, problems, warnings } = selectPools(found, rules);
  return {
    pools: pools.map(({ listing, policy }) => [listing.name, policy.staleAfter]),
    problems: problems.map(selectionProblemSentence),
    warnings: warnings.map(selectionWarningSentence),
  };
}

const FOUND = [pool('aws'), pool('cf/dev'), pool('cf/dev/eu'), pool('gcp')];
const SILENT = { problems: [], warnings: [] };

test.each<[string, PoolEntry[] | null, [string, number | null][]]>([
  [
    'every pool, when none is named',
    null,
    [
      ['aws', 9],
      ['cf/dev', 9],
      ['cf/dev/eu', 9],
      ['gcp', 9],
    ],
  ],
  ['a name', [entry('aws')], [['aws', 9]]],
  ['a policy of its own', [entry('aws', { staleAfter: 1 })], [['aws', 1]]],
  ['a glob that stops at a slash', [entry('cf/*', { staleAfter: 1 })], [['cf/dev', 1]]],
  [
    'a glob that does not',
    [entry('cf/**', { staleAfter: 1 })],
    [
      ['cf/dev', 1],
      ['cf/dev/eu', 1],
    ],
  ],
  [
    'an exact name before a glob',
    [entry('*', { staleAfter: 1 }), entry('aws', { staleAfter: 2 })],
    [
      ['aws', 2],
      ['gcp', 1],
    ],
  ],
  [
    'the first glob of two',
    [entry('a*', { staleAfter: 1 }), entry('*', { staleAfter: 2 })],
    [
      ['aws', 1],
      ['gcp', 2],
    ],
  ],
  [
    'the first of two equal names',
    [entry('aws', { staleAfter: 1 }), entry('aws', { staleAfter: 2 })],
    [['aws', 1]],
  ],
])('selects %s', (_name, entries, pools) => {
  expect(select(FOUND, entries, { staleAfter: 9 })).toEqual({ pools, ...SILENT });
});

test('a name with glob characters matches itself', () => {
  expect(select([pool('[a]'), pool('a')], [entry('[a]')])).toEqual({
    pools: [
      ['[a]', null],
      ['a', null],
    ],
    ...SILENT,
  });
});

test('no pool at all is no problem when none is named', () => {
  expect(select([], null)).toEqual({ pools: [], ...SILENT });
});

test.each<[string, PoolListing[], string[], string]>([
  ['one', FOUND, ['azure'], 'The repository has no pool azure; it has aws, cf/dev, cf/dev/eu, gcp.'],
  [
    'several',
    FOUND,
    ['azure', 'x/*'],
    'The repository has no pool azure, x/*; it has aws, cf/dev, cf/dev/eu, gcp.',
  ],
  ['in an empty repository', [], ['azure'], 'The repository has no pool azure; it has none.'],
  ['with a new line', [pool('a\nb')], ['c\nd'], 'The repository has no pool "c\\nd"; it has "a\\nb".'],
  [
    'among very many',
    Array.from({ length: 22 }, (_, i) => pool(`p${String(i).padStart(2, '0')}`)),
    ['x'],
    'The repository has no pool x; it has p00, p01, p02, p03, p04, p05, p06, p07, p08, p09, p10, p11, p12, p13, p14, p15, p16, p17, p18, p19 and 2 more.',
  ],
])('none of the named pools is there: %s', (_name, found, names, problem) => {
  expect(
    select(
      found,
      names.map((name) => entry(name)),
    ),
  ).toEqual({ pools: [], problems: [problem], warnings: [] });
});

test('some of the named pools are not there', () => {
  expect(select(FOUND, [entry('aws'), entry('azure'), entry('azure')])).toEqual({
    pools: [['aws', null]],
    problems: [],
    warnings: ['The repository has no pool azure.'],
  });
});

const CLAIMED_ONLY = pool('maybe', { unclaimed: null });
const NOT_A_POOL =
  'maybe has a claimed/ folder but no unclaimed/, so it may not be a pool; name it in pools if it is one.';

test.each<[string, PoolEntry[] | null, string[], string[]]>([
  ['is warned of', null, ['aws'], [NOT_A_POOL]],
  ['is warned of where a glob matches it', [entry('*')], ['aws'], [NOT_A_POOL]],
  ['is a pool under its name', [entry('maybe')], ['maybe'], []],
  ['is no business of ours otherwise', [entry('aws')], ['aws'], []],
])('a folder that holds claimed alone %s', (_name, entries, names, warnings) => {
  const selection = select([pool('aws'), CLAIMED_ONLY], entries);
  expect(selection).toEqual({ pools: names.map((name) => [name, null]), problems: [], warnings });
});

test('a pool without claimed is selected, with a warning', () => {
  expect(select([pool('aws', { claimed: null })], null)).toEqual({
    pools: [['aws', null]],
    problems: [],
    warnings: [
      'Pool aws has no claimed/ folder, so the pool resource cannot claim there; add aws/claimed/.gitkeep.',
    ],
  });
});

test('exclusions add up, and every other key of a pool replaces that of the top level', () => {
  const merged = mergePolicy(
    { exclude: ['a'], grace: 1, onFailure: 'keep', staleAfter: 9 },
    { exclude: ['b'], grace: 2 },
  );
  expect(merged).toMatchObject({
    exclude: ['a', 'b'],
    grace: 2,
    onFailure: 'keep',
    staleAfter: 9,
    onError: 'release',
  });
});

describe('narrowing', () => {
  const overlapping = [
    entry('*s', { staleAfter: 1, exclude: ['env-1'], byHand: 'keep' }),
    entry('*', { staleAfter: 2 }),
  ];
  const FOUND_HERE = [pool('aws', { unclaimed: ['env-1'] }), pool('gcp', { unclaimed: ['env-9'] })];
  const narrowed = (...entries: PoolEntry[]) =>
    selectPools(FOUND_HERE, { pools: overlapping, narrowedTo: [entries], policy: {} });

  test('leaves out pools, and takes nothing from the policy of those that stay', () => {
    const { pools, warnings } = narrowed(entry('a*'));
    expect(pools.map(({ listing }) => listing.name)).toEqual(['aws']);
    expect(pools[0]?.policy).toMatchObject({ staleAfter: 1, exclude: ['env-1'], byHand: 'keep' });
    expect(warnings).toEqual([]);
  });

  test('keys of its own replace single ones, and exclusions add up', () => {
    const [aws] = narrowed(entry('aws', { staleAfter: 9, exclude: ['x'] })).pools;
    expect(aws?.policy).toMatchObject({ staleAfter: 9, exclude: ['env-1', 'x'], byHand: 'keep' });
  });

  test('every list narrows further', () => {
    expect(select(FOUND, null, {}, [entry('aws'), entry('gcp')], [entry('g*')]).pools).toEqual([
      ['gcp', null],
    ]);
  });

  test('a pool that is not selected does not become so', () => {
    expect(select(FOUND, [entry('aws')], {}, [entry('aws'), entry('gcp')])).toEqual({
      pools: [['aws', null]],
      problems: [],
      warnings: ['No pool that source selects matches gcp.'],
    });
    expect(select(FOUND, [entry('aws')], {}, [entry('gcp')])).toMatchObject({
      pools: [],
      problems: ['No pool that source selects matches gcp; it selects aws.'],
    });
  });

  test('an exclude pattern that matches a lock of another pool is not idle', () => {
    const rules = { pools: null, policy: { exclude: ['env-9', 'env-x'] } };
    const { warnings } = selectPools(FOUND_HERE, { ...rules, narrowedTo: [[entry('aws')]] });
    expect(warnings).toEqual([{ kind: 'idle-exclude', glob: 'env-x' }]);
  });

  test('a folder that holds claimed alone is a pool where it is named', () => {
    const found = [pool('aws', { unclaimed: null }), pool('gcp')];
    expect(select(found, null, {}, [entry('aws')]).pools).toEqual([['aws', null]]);
    expect(select(found, null, {}, [entry('*')]).pools).toEqual([['gcp', null]]);
  });
});
