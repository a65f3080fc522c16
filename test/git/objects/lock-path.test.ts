import { describe, expect, it } from '@jest/globals';
import { lockAt, lockPath } from '../../../src/git/objects/lock-path.ts';

describe('the path of a lock', () => {
  it.each([
    ['aws/claimed/env', 'aws', 'claimed', 'env'],
    ['aws/unclaimed/env', 'aws', 'unclaimed', 'env'],
    ['cf/experimental/claimed/a b', 'cf/experimental', 'claimed', 'a b'],
    ['k8s/unclaimed/claimed', 'k8s', 'unclaimed', 'claimed'],
    ['claimed/claimed/x', 'claimed', 'claimed', 'x'],
    ['aws/claimed/two\nlines', 'aws', 'claimed', 'two\nlines'],
  ] as const)('is read from %j and written again', (path, pool, state, name) => {
    expect(lockAt(path)).toEqual({ pool, state, name });
    expect(lockPath({ pool, name }, state)).toBe(path);
  });

  it.each([
    ['the root', 'README'],
    ['a state folder without a pool', 'claimed/env'],
    ['a state folder alone', 'aws/claimed'],
    ['a dot file', 'aws/claimed/.gitkeep'],
    ['a file in a directory lock', 'aws/claimed/env/metadata'],
    ['a lock inside a lock', 'k8s/unclaimed/claimed/env'],
    ['another folder', 'aws/ready/env'],
  ])('is not %s', (_what, path) => {
    expect(lockAt(path)).toBeNull();
  });
});
