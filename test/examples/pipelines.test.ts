import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { outParams } from '../../src/request/params-schema.ts';
import { sourceSchema, undecidablePools } from '../../src/request/source-schema.ts';
import { cleanEnvironment, PROGRAM, runCli } from '../cli/run-cli.ts';
import { PASSWORD } from '../fake-atc/model.ts';
import { temporaryFolder } from '../git/temporary-folder.ts';
import { startWorld, type World } from '../steps/start-world.ts';
import { misfits, type Pipeline, parsePipeline, stepsOf } from './pipeline-schema.ts';

const OTHERS = ['alerts.yml', 'alerts-test.yml'];
const FILES = readdirSync('examples').filter((name) => name.endsWith('.yml') && !OTHERS.includes(name));

/** What `fly` or a credential manager would fill in. */
const filled = (text: string) => text.replaceAll(/\(\(([^()\s]+)\)\)/g, 'secret-$1');
const read = (file: string): Pipeline =>
  parsePipeline(parse(filled(readFileSync(join('examples', file), 'utf8')), { merge: true }));

/** Sources of Pool Boy, whether as a resource's or as JSON for a task. */
function sourcesIn(pipeline: Pipeline): unknown[] {
  const ofTasks = pipeline.jobs
    .flatMap(stepsOf)
    .flatMap(({ config }) => config?.params?.POOL_BOY_SOURCE ?? []);
  return [
    ...pipeline.resources.filter(({ type }) => type === 'pool-boy').map(({ source }) => source),
    ...ofTasks,
  ];
}

test('there are examples', () => {
  expect(FILES.sort()).toEqual([
    'daily-report.yml',
    'first-day.yml',
    'migration.yml',
    'notice.yml',
    'quarantine.yml',
    'release.yml',
  ]);
});

describe.each(FILES)('%s', (file) => {
  const pipeline = read(file);
  const poolBoys = pipeline.resources.filter(({ type }) => type === 'pool-boy').map(({ name }) => name);

  test('is a pipeline whose parts fit together', () => {
    expect(misfits(pipeline)).toEqual([]);
  });

  test('has sources that Pool Boy takes, and that can judge', () => {
    for (const source of sourcesIn(pipeline))
      expect(undecidablePools(sourceSchema.parse(source))).toEqual([]);
  });

  test('shares the keys of the repository with a pool resource', () => {
    const [pool] = pipeline.resources.filter(({ type }) => type === 'pool');
    const { pool: name, ...shared } = pool?.source ?? {};
    expect(name).toBe('aws');
    expect(Object.keys(shared)).toEqual(['uri', 'branch', 'private_key']);
    for (const source of sourcesIn(pipeline)) expect(source).toMatchObject(shared);
  });

  test('releases only by time and within a limit', () => {
    for (const job of pipeline.jobs) {
      const steps = stepsOf(job);
      const releases = steps.filter(({ put }) => put !== undefined && poolBoys.includes(put));
      const cleans = steps.filter(({ config }) => config?.run.path.endsWith('pool_boy.sh'));
      if (releases.length + cleans.length === 0) continue;
      const triggers = steps.filter(({ trigger }) => trigger).map(({ get }) => get);
      expect(pipeline.resources.find(({ name }) => triggers.includes(name))?.type).toBe('time');
      for (const { params } of releases) expect(outParams.parse(params).limit).not.toBeNull();
      for (const { config } of cleans) expect(config?.run.args).toContain('--limit');
    }
  });

  test('never lets a release set off a job', () => {
    const all = pipeline.jobs.flatMap(stepsOf);
    const triggers = all.flatMap(({ get, trigger }) => (trigger && get !== undefined ? [get] : []));
    const puts = all.flatMap(({ put }) => put ?? []);
    expect(triggers.filter((name) => puts.includes(name))).toEqual([]);
  });
});

test('quarantine.yml never has a lock in both pools: it would be cleaned again, under its next holder', () => {
  const plan = read('quarantine.yml').jobs.find(({ name }) => name === 'clean')?.plan ?? [];
  const puts = plan.map(({ put, resource, params }) => `${resource ?? put}: ${JSON.stringify(params)}`);
  expect(puts.slice(-2)).toEqual(['aws-dirty: {"remove":"aws-dirty"}', 'aws: {"add":"aws-dirty"}']);
  // A hook around the two would release what has been added already.
  for (const step of plan.slice(-2)) expect(stepsOf({ name: 'clean', plan: [step] })).toEqual([step]);
  // The `remove` makes an artifact of its name, without the lock's name and content.
  expect(plan.map(({ put }) => put).slice(-2)).toEqual(['removed', 'aws']);
});

describe('The tasks of the examples, run as they stand', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    world.claimByBuild('env-1', { name: '2', status: 'failed' });
  });
  afterAll(() => world.atc.close());

  test('the daily report shows what is stale', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'report'));
    mkdirSync(join(folder, 'bin'));
    symlinkSync(PROGRAM, join(folder, 'bin', 'pool-boy'));
    const [task] = read('daily-report.yml')
      .jobs.flatMap(stepsOf)
      .flatMap(({ config }) => config ?? []);
    // Not spawnSync: the Concourse that it asks is in this process.
    const { stdout } = await promisify(execFile)(task?.run.path ?? '', task?.run.args ?? [], {
      cwd: folder,
      env: {
        ...cleanEnvironment(),
        PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
        POOL_BOY_SOURCE: JSON.stringify(world.source()),
      },
    });
    expect(stdout).toContain('**stale**');
    expect(readFileSync(join(folder, 'report', 'report.md'), 'utf8')).toBe(stdout);
  });

  test("the original tool's task releases with its variables", async () => {
    const [task] = read('migration.yml')
      .jobs.flatMap(stepsOf)
      .flatMap(({ config }) => config ?? []);
    const { POOL_REPO_SSH_PRIVATE_KEY: _, ...variables } = task?.params ?? {};
    const program = join(temporaryFolder(), 'pool_boy.sh');
    symlinkSync(PROGRAM, program);
    const ran = await runCli(task?.run.args ?? [], {
      program,
      env: {
        ...Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)])),
        CONCOURSE_BASE_URL: world.atc.url,
        CONCOURSE_PASSWORD: PASSWORD,
        POOL_REPO: world.repository.uri,
      },
    });
    expect(ran).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('released 1 lock (aws/env-1: build-ended)'),
    });
  });
});
