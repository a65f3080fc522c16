import { expect, test } from '@jest/globals';
import type { Build } from '../../src/core/build.ts';
import type { Owner } from '../../src/core/claim-owner.ts';
import { describeBuild, describeJob, describeOwner, labelJob, labelOwner } from '../../src/core/naming.ts';

const job: Owner & { kind: 'job' } = {
  kind: 'job',
  team: 'main',
  pipeline: 'deploy',
  instanceVars: null,
  varsQuery: null,
  job: 'test',
  build: '2.1',
  url: null,
};
const vars = { branch: 'x', nested: { a: 1 } };

test.each<[string, Owner, string, string, string]>([
  ['a job', job, 'main/deploy/test #2.1', 'main/deploy/test #2.1', 'main/deploy/test'],
  ['a job of an old message', { ...job, team: null }, 'deploy/test #2.1', 'deploy/test #2.1', 'deploy/test'],
  [
    'a job of an instance',
    { ...job, instanceVars: vars },
    'main/deploy/{"branch":"x","nested":{"a":1}}/test #2.1',
    'main/deploy/{"branch":"x","nested":{"a":1}}/test #2.1',
    'main/deploy/{"branch":"x","nested":{"a":1}}/test',
  ],
  [
    'a one-off build',
    { kind: 'one-off', build: '7', url: null },
    'one-off build 7',
    'one-off build 7',
    'one-off builds',
  ],
  ['a person', { kind: 'person' }, 'Ann', 'Ann (by hand)', 'by hand'],
  ['nobody known', { kind: 'unknown', url: null }, 'an unknown holder', 'an unknown holder', 'unknown'],
])('%s is %s in a sentence, %s in a table, and counts under %s', (_what, owner, sentence, label, figures) => {
  expect(describeOwner(owner, 'Ann')).toBe(sentence);
  expect(labelOwner(owner, 'Ann')).toBe(label);
  expect(labelJob(owner)).toBe(figures);
});

test('a build is named like the owner that a message names', () => {
  const build: Build = {
    id: 12,
    name: '2.1',
    status: 'started',
    team: 'main',
    pipeline: 'deploy',
    instanceVars: vars,
    job: 'test',
    startedAt: null,
    endedAt: null,
    rerunOf: null,
  };
  expect(describeBuild(build)).toBe(describeOwner({ ...job, instanceVars: vars }, 'Ann'));
  expect(describeBuild({ ...build, pipeline: null, job: null })).toBe('one-off build 12 of team main');
  expect(describeJob({ team: 'main', pipeline: 'deploy', instanceVars: vars, job: 'test' })).toBe(
    labelJob({ ...job, instanceVars: vars }),
  );
});
