// no-release, not-in-ensure and hook-gaps: the lock of one job.
import { describe, expect, test } from '@jest/globals';
import { jobs, lintFixed, lintYaml } from './lint-yaml.ts';
import { cases, clean } from './release-cases.ts';

describe('clean', () => {
  test.each(clean)('%s', (_, text) => {
    expect(lintYaml(jobs(text))).toEqual([]);
  });
});

describe.each(Object.entries(cases))('%s', (_, { jobs: text, rule, step = 'plan[0]', message, fix }) => {
  test('is found', () => {
    expect(lintYaml(jobs(text))).toEqual([
      expect.objectContaining({ rule, step, message, fix, resource: 'aws', team: 'main', pipeline: 'ci' }),
    ]);
  });

  test('is clean once it is fixed', () => {
    expect(lintFixed(jobs(text))).toEqual([]);
  });
});
