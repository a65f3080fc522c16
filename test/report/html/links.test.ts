import { describe, expect, test } from '@jest/globals';
import { buildUrl, ownerUrl } from '../../../src/report/html/links.ts';
import { jobOwner, personOwner } from '../make-reports.ts';

const one = [{ url: 'https://ci.example/', version: null }];
const two = [...one, { url: 'https://other.example', version: null }];

describe('A claim leads to', () => {
  test.each([
    ['its own Build URL', jobOwner('main/d/j #1', 'https://ci.example/x'), two, 'https://ci.example/x'],
    [
      'the build of that name',
      jobOwner('main/d e/j #1'),
      one,
      'https://ci.example/teams/main/pipelines/d%20e/jobs/j/builds/1',
    ],
    ['nothing, where it may be one of two', jobOwner('main/d/j #1'), two, null],
    ['nothing, where no Concourse was asked', jobOwner('main/d/j #1'), [], null],
    ['nothing, where its team is not known', { ...jobOwner('main/d/j #1'), team: null }, one, null],
    [
      'nothing, where only a URL says which instance',
      { ...jobOwner('main/d/j #1'), instance_vars: { a: 1 } },
      one,
      null,
    ],
    [
      'the build of that number',
      { ...personOwner, kind: 'one-off' as const, build: '77' },
      one,
      'https://ci.example/builds/77',
    ],
    ['nothing, for a person', personOwner, one, null],
  ])('%s', (_, owner, concourse, want) => {
    expect(ownerUrl(owner, concourse)).toBe(want);
  });
});

test('A build is found by its id, where only one Concourse can have it', () => {
  expect(buildUrl(4_711, one)).toBe('https://ci.example/builds/4711');
  expect(buildUrl(4_711, two)).toBeNull();
});
