// Which pipelines use the lock repository, and what is kept of their configurations.
import { expect, test } from '@jest/globals';
import { SOURCE_SECRET } from '../fake-atc/model/create-pipeline.ts';
import type { Ci, PipelineOptions } from '../fake-atc/types.ts';
import { askedOf, newCi, onStage } from './scene.ts';

const LOCKS = {
  uri: 'git@git.example.com:ci/locks.git',
  branch: 'main',
  pool: 'aws',
  private_key: SOURCE_SECRET,
};
const OURS = { uri: 'https://git.example.com/ci/locks', branch: 'main' };

const withPool = (source: object, options: PipelineOptions = {}, type = 'pool'): PipelineOptions => ({
  resources: [{ name: 'aws', type, source: { ...source } }],
  file: {
    resources: [{ name: 'aws', type, source }],
    jobs: [
      {
        name: 'deploy',
        plan: [
          { put: 'aws', params: { acquire: true } },
          { task: 'test', params: { PASSWORD: SOURCE_SECRET }, config: { run: { path: SOURCE_SECRET } } },
        ],
      },
    ],
  },
  ...options,
});

async function ask(given: (ci: Ci) => void) {
  const ci = newCi();
  given(ci);
  return await onStage(ci, {}, async ({ atc, concourses }) => {
    await concourses.begin();
    atc.forget();
    const { pipelines, unclear } = await concourses.pipelinesUsing(OURS);
    return { pipelines, unclear, asked: askedOf(atc) };
  });
}

test('those with a pool in this repository and branch, by any form of its URL', async () => {
  const { pipelines, unclear, asked } = await ask((ci) => {
    ci.pipeline('main', 'ours', withPool(LOCKS));
    ci.pipeline(
      'main',
      'alias',
      withPool({ ...LOCKS, uri: 'ssh://git@git.example.com:22/ci/locks.git' }, {}, 'pool-1.8'),
    );
    ci.pipeline('main', 'instance', withPool(LOCKS, { instanceVars: { branch: 'x' } }));
    ci.pipeline('main', 'other-branch', withPool({ ...LOCKS, branch: 'test' }));
    ci.pipeline('main', 'other-repository', withPool({ ...LOCKS, uri: 'git@git.example.com:ci/other.git' }));
    ci.pipeline('main', 'archived', withPool(LOCKS, { archived: true }));
    ci.pipeline('main', 'no-pool', { resources: [{ name: 'code', type: 'git' }] });
  });
  expect(pipelines.map(({ team, name }) => `${team}/${name}`)).toEqual([
    'main/alias',
    'main/instance/{"branch":"x"}',
    'main/ours',
  ]);
  expect(unclear).toEqual([]);
  expect(asked.toSorted()).toEqual([
    'resources',
    'teams/main/pipelines/alias/config',
    'teams/main/pipelines/archived/config',
    'teams/main/pipelines/instance/config?vars=%7B%22branch%22%3A%22x%22%7D',
    'teams/main/pipelines/other-branch/config',
    'teams/main/pipelines/other-repository/config',
    'teams/main/pipelines/ours/config',
  ]);
});

test('nothing is kept but names, shapes, and which pool it is', async () => {
  const { pipelines } = await ask((ci) => void ci.pipeline('main', 'ours', withPool(LOCKS)));
  const kept = pipelines.map(({ pools, ...others }) => ({ ...others, pools: [...pools] }));
  expect(JSON.stringify(kept)).not.toContain(SOURCE_SECRET);
  expect(kept[0]?.pools).toEqual([
    ['aws', { repository: 'git.example.com/ci/locks', branch: 'main', pool: 'aws' }],
  ]);
});

test('what cannot be told is said', async () => {
  const { pipelines, unclear } = await ask((ci) => {
    ci.pipeline('main', 'variable', withPool({ ...LOCKS, uri: '((locks.uri))' }));
    ci.pipeline('main', 'broken', { ...withPool(LOCKS), file: { jobs: '((jobs))' } });
    ci.pipeline('other', 'public', withPool(LOCKS, { public: true }));
  });
  expect(pipelines).toEqual([]);
  expect(unclear).toEqual([
    'The configuration of pipeline main/broken has no jobs that can be read.',
    'Pipeline main/variable leaves the uri of its pool aws to a variable, so whether it uses this repository is not known.',
    'The configuration of pipeline other/public is not permitted to the account: give it the role viewer in team other.',
  ]);
});
