import { expect, test } from '@jest/globals';
import { noPoolsSentence } from '../../../src/core/pools/no-pools.ts';

test.each<[string[], string[], string]>([
  [[], [], 'Branch main has no pool; it has no folders, so check uri and branch.'],
  [
    [],
    ['docs', 'a\nb'],
    'Branch main has no pool; none of its folders (docs, "a\\nb") has claimed/ and unclaimed/ in it, so check uri and branch.',
  ],
  [
    ['aws', 'gcp'],
    ['src'],
    'Branch main has no pool aws, gcp, and no other; none of its folders (src) has claimed/ and unclaimed/ in it, so check uri and branch.',
  ],
  [
    ['aws'],
    ['claimed', 'docs', 'unclaimed'],
    'Branch main has no pool aws, and no other; it has claimed/ and unclaimed/ at its root, where they belong to no pool, so move them into a folder, whose name is then that of the pool.',
  ],
])('pools %j of a branch with the folders %j', (asked, folders, sentence) => {
  expect(noPoolsSentence('main', asked, folders)).toBe(sentence);
});
