import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { readPipelineConfig } from '../../src/pipeline/read-pipeline.ts';

const read = (text: string) => readPipelineConfig(parse(text, { merge: true }));
const LOCKS = '{uri: git@git.example.com:ci/locks.git, branch: main, pool: aws}';
const poolsOf = (text: string) => [...(read(text)?.pools ?? [])];
const AWS = { repository: 'git.example.com/ci/locks', branch: 'main', pool: 'aws' };

const withPut = (params: string) => `jobs: [{name: a, plan: [{put: aws, params: ${params}}]}]\n`;

describe('which resources are pools', () => {
  const TYPES = 'resource_types: [{name: locks, type: registry-image, source: {repository: REPOSITORY}}]\n';
  const alias = (repository: string) =>
    `${TYPES.replace('REPOSITORY', repository)}resources: [{name: aws, type: locks, source: ${LOCKS}}]\njobs: []`;

  test.each<[string, string]>([
    ['the type pool', `resources: [{name: aws, type: pool, source: ${LOCKS}}]\njobs: []`],
    ['a type of the pool resource', alias('concourse/pool-resource')],
    [
      "a type of a fork of it, in a registry of one's own",
      alias('registry.example.com:5000/pix4d/pool-resource:1.2'),
    ],
    [
      'a type that is not known, used with acquire',
      `resources: [{name: aws, type: locks, source: ${LOCKS}}]\n${withPut('{acquire: true}')}`,
    ],
    [
      'a type that is not known, used with claim, whose source names a pool',
      `resources: [{name: aws, type: locks, source: ${LOCKS}}]\n${withPut('{claim: env-1}')}`,
    ],
    [
      'defaults of its type',
      `resource_types: [{name: pool, type: registry-image, source: {repository: concourse/pool-resource}, defaults: {uri: git@git.example.com:ci/locks.git, branch: main}}]
resources: [{name: aws, type: pool, source: {pool: aws}}]\njobs: []`,
    ],
    ['an anchor', `x: &locks ${LOCKS}\nresources: [{name: aws, type: pool, source: {<<: *locks}}]\njobs: []`],
  ])('%s', (_, text) => {
    expect(poolsOf(text)).toEqual([['aws', AWS]]);
  });

  test.each<[string, string]>([
    [
      'another type of Concourse',
      `resources: [{name: aws, type: git, source: ${LOCKS}}]\n${withPut('{claim: x}')}`,
    ],
    [
      'a Pool Boy',
      `${alias('registry.example.com/pool-boy').replace('jobs: []', '')}\n${withPut('{release: x}')}`,
    ],
    [
      'an unknown type with other params',
      `resources: [{name: aws, type: locks, source: {}}]\n${withPut('{claim: x}')}`,
    ],
  ])('not %s', (_, text) => {
    expect(poolsOf(text)).toEqual([]);
  });

  test('one that a part of a pipeline uses without declaring it', () => {
    expect(poolsOf(withPut('{acquire: true}'))).toEqual([
      ['aws', { repository: null, branch: null, pool: null }],
    ]);
  });

  test('what variables fill in is not known', () => {
    const text =
      'resources: [{name: aws, type: pool, source: {uri: ((uri)), branch: main, pool: ((pool))}}]\njobs: []';
    expect(poolsOf(text)).toEqual([['aws', { repository: null, branch: 'main', pool: null }]]);
  });
});

test('nothing but names and shapes is kept', () => {
  const config = read(`
resources:
- name: aws
  type: pool
  source: {uri: "https://user:SECRET@git.example.com/ci/locks.git", branch: main, pool: aws, private_key: SECRET, password: SECRET}
- {name: code, type: git, source: {uri: "https://SECRET@git.example.com/code.git"}}
jobs:
- name: deploy
  plan:
  - {get: code, params: {token: SECRET}}
  - {put: aws, params: {acquire: true, other: SECRET}, get_params: {x: SECRET}}
  - {task: test, params: {PASSWORD: SECRET}, config: {run: {path: SECRET}}, vars: {x: SECRET}}
  - {set_pipeline: other, vars: {x: SECRET}}
  on_failure: {put: chat, params: {text: SECRET}}
`);
  expect(JSON.stringify([config, [...(config?.pools ?? [])]])).not.toContain('SECRET');
});

test.each<[string, unknown]>([
  ['a list', []],
  ['text', 'jobs'],
  ['nothing', null],
  ['a task', { platform: 'linux', run: {} }],
  ['jobs that are filled in', { jobs: '((jobs))' }],
])('%s is no pipeline', (_, value) => {
  expect(readPipelineConfig(value)).toBeNull();
});

test('a job with a step that is none of Concourse is left out, and named', () => {
  const config = read(
    'jobs: [{name: a, plan: [{task: x}]}, {name: b, plan: [{do: [{shell: x}]}]}, ((more))]',
  );
  expect(config?.jobs.map(({ name }) => name)).toEqual(['a']);
  expect(config?.unclear).toEqual([
    'has jobs that are filled in from variables',
    "has a step in job b that is no step of Concourse's (plan[0].do[0])",
  ]);
});

test('a job whose steps are nested beyond measure is left out', () => {
  let step: object = { put: 'aws', params: { acquire: true } };
  for (let i = 0; i < 5_000; i += 1) step = { do: [step] };
  const config = readPipelineConfig({ jobs: [{ name: 'deep', plan: [step] }] });
  expect(config?.jobs).toEqual([]);
  expect(config?.unclear).toEqual([expect.stringContaining('has a step in job deep that is no step of')]);
});
