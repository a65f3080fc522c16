// Lint of the pipelines that Concourse has, in `lint`, `doctor` and `history`.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ciModel, PASSWORD } from '../../fake-atc/model.ts';
import { type Atc, startAtc } from '../../fake-atc/start-atc.ts';
import { makeRepository, type TestRepository } from '../../git/make-repository.ts';
import { minutesAgo } from '../pool-at-work.ts';
import { runCli } from '../run-cli.ts';

const SECRET = 'SECRET-in-the-source';
let repository: TestRepository;
let atc: Atc;

const MESSAGE =
  'The lock that `put: aws` (plan[0]) claims stays claimed when `task: test` (plan[2]) fails, errors or is aborted: `put: aws` (plan[3]) releases it, but not in an `ensure` that covers this.';
const SECOND =
  'The lock that `put: second` (plan[1]) claims stays claimed when `task: test` (plan[2]) fails, errors or is aborted: `put: aws` (plan[4]) releases it, but not in an `ensure` that covers this.';
const WAIT =
  'One build claims 2 locks of pool aws, which has 1: `put: second` (plan[1]) waits for a lock that the build itself holds.';

const UNCLEAR =
  'Pipeline main/variable leaves the uri of its pool aws to a variable, so whether it uses this repository is not known.';

/** A pool of one lock, a job that leaks it, and the pipeline in which it does so. */
beforeAll(async () => {
  repository = makeRepository();
  repository.addUnclaimed('aws', 'env-1', { at: minutesAgo(9000) });
  repository.claim('aws', 'env-1', {
    at: minutesAgo(8000),
    message: 'main/deploy/leaky build 1 claiming: env-1',
  });
  const ada = 'Ada <ada@example.com>';
  repository.release('aws', 'env-1', { at: minutesAgo(60), message: 'free it', author: ada, committer: ada });
  const source = { uri: repository.path, branch: 'main', pool: 'aws', private_key: SECRET };
  const ci = ciModel();
  ci.pipeline('main', 'deploy', {
    resources: [{ name: 'aws', type: 'pool', source }],
    file: {
      resources: [{ name: 'aws', type: 'pool', source }],
      jobs: [
        {
          name: 'leaky',
          plan: [
            { put: 'aws', params: { acquire: true }, timeout: '1h' },
            { put: 'second', resource: 'aws', params: { acquire: true }, timeout: '1h' },
            { task: 'test', params: { PASSWORD: SECRET } },
            { put: 'aws', params: { release: 'aws' } },
            { put: 'aws', params: { release: 'second' } },
          ],
        },
        { name: 'other', plan: [{ task: 'test' }] },
      ],
    },
  });
  const elsewhere = { uri: '((locks.uri))', branch: 'main', pool: 'aws' };
  ci.pipeline('main', 'variable', { resources: [{ name: 'aws', type: 'pool', source: elsewhere }] });
  atc = await startAtc(ci);
});

afterAll(() => atc.close());

const run = (...command: string[]) =>
  runCli(
    [
      ...['--repo', repository.path, '--branch', 'main', '--pools', 'aws:60'],
      ...['--concourse-url', atc.url, '--concourse-username', 'pool-boy'],
      ...command,
    ],
    { env: { CONCOURSE_PASSWORD: PASSWORD } },
  );

describe('lint without a file', () => {
  test('reads the pipelines that use the repository, and how many locks their pools have', async () => {
    const { status, stdout, stderr } = await run('lint', '--output', 'json', '--exit-code');
    const { findings, summary } = JSON.parse(stdout);
    expect(
      findings.map(({ rule, team, pipeline, job, message }: Record<string, string>) => [
        rule,
        `${team}/${pipeline}/${job}`,
        message,
      ]),
    ).toEqual([
      [
        'not-in-ensure',
        'main/deploy/leaky',
        MESSAGE.replace('`task: test` (plan[2])', '`put: second` (plan[1])'),
      ],
      ['not-in-ensure', 'main/deploy/leaky', SECOND],
      ['self-wait', 'main/deploy/leaky', WAIT],
    ]);
    expect(summary).toEqual({ pipelines: 1, jobs: 2, findings: 3 });
    expect(status).toBe(3);
    expect(`${stdout}${stderr}`).not.toContain(SECRET);
    expect(stderr).toContain(`warning: ${UNCLEAR}`);
  });

  test('a file beside the repository: the pool has one lock, too', async () => {
    const pipeline = {
      resources: [
        { name: 'aws', type: 'pool', source: { uri: repository.path, branch: 'main', pool: 'aws' } },
      ],
      jobs: [
        {
          name: 'a',
          plan: ['aws', 'second'].map((put) => ({
            put,
            resource: 'aws',
            params: { acquire: true },
            timeout: '1h',
          })),
          ensure: {
            in_parallel: ['aws', 'second'].map((release) => ({ put: 'aws', params: { release } })),
          },
        },
      ],
    };
    const ran = await runCli(['--repo', repository.path, 'lint', '-'], { stdin: JSON.stringify(pipeline) });
    expect(ran.stdout.split('\n')[0]).toBe('stdin: job a, plan[1] self-wait');
  });
});

test('doctor has one line for each finding', async () => {
  const { status, stdout } = await run('doctor');
  const lines = stdout.replace(/\n {2}(?! )/g, ' ').split('\n');
  expect(lines).toContain(`! main/deploy: job leaky: ${SECOND}`);
  expect(lines).toContain(`! main/deploy: job leaky: ${WAIT}`);
  expect(lines).toContain(`! ${UNCLEAR}`);
  expect(lines).toContain('    → pool-boy lint # shows the YAML that fixes it (self-wait)');
  expect(status).toBe(0);
});

test('history names the finding beside the job that leaks', async () => {
  const { stdout } = await run('history');
  expect(stdout.replace(/\s+/g, ' ')).toContain(
    `Why jobs leak (pool-boy lint shows how to fix it) JOB RULE FINDING main/deploy/leaky not-in-ensure`,
  );
  const json = JSON.parse((await run('history', '--output', 'json')).stdout);
  expect(json.jobs[0]).toMatchObject({
    name: 'main/deploy/leaky',
    leaked: 1,
    findings: [
      { rule: 'not-in-ensure', job: 'leaky', step: 'plan[0]' },
      { rule: 'not-in-ensure', job: 'leaky', step: 'plan[1]', message: SECOND },
    ],
  });
});

test('history without a Concourse knows of no findings', async () => {
  const { stdout } = await runCli(['--repo', repository.path, 'history', '--output', 'json']);
  expect(JSON.parse(stdout).jobs[0].findings).toBeNull();
});

test('a Concourse that does not answer keeps nobody from the history, and lint fails for it', async () => {
  const gone = ['--repo', repository.path, '--concourse-url', 'http://127.0.0.1:1'];
  const asked = await runCli([...gone, 'history', '--output', 'json']);
  expect(asked.status).toBe(0);
  expect(JSON.parse(asked.stdout).jobs[0].findings).toBeNull();
  const linted = await runCli([...gone, 'lint']);
  expect(linted).toMatchObject({ status: 1, stdout: '' });
  expect(linted.stderr).toContain('http://127.0.0.1:1');
});
