import { describe, expect, it } from '@jest/globals';
import { branchProblem } from '../../../src/core/source/branch-name.ts';

describe('a branch', () => {
  it.each(['main', 'feature/x', 'metadata', 'a.b', 'Zürich', 'a@b', '@a', 'a{'])('may be %s', (branch) => {
    expect(branchProblem(branch)).toBeNull();
  });

  it.each([
    '',
    '-x',
    '@',
    'refs/heads/main',
    'a b',
    'a..b',
    'a@{1}',
    'a.',
    '/a',
    'a/',
    'a//b',
    '.a',
    'a/.b',
    'a.lock',
    'a.lock/b',
    'a~b',
    'a^b',
    'a:b',
    'a?b',
    'a*b',
    'a[b',
    'a\\b',
    'a\nb',
    '\u007f',
  ])('cannot be %j', (branch) => {
    expect(branchProblem(branch)).not.toBeNull();
  });
});
