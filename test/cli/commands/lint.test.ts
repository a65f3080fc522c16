import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { jobs } from '../../core/lint/lint-yaml.ts';
import { cases, clean } from '../../core/lint/release-cases.ts';
import { temporaryFolder } from '../../git/temporary-folder.ts';
import { fileWith, runCli } from '../run-cli.ts';

const LEAK = jobs(`- name: deploy
  plan:
  - put: aws
    params: {acquire: true}
    timeout: 1h
  - task: test
    params: {PASSWORD: hunter2}
  - put: aws
    params: {release: aws}`);

const MESSAGE =
  'The lock that `put: aws` (plan[0]) claims stays claimed when `task: test` (plan[1]) fails, errors or is aborted: `put: aws` (plan[2]) releases it, but not in an `ensure` that covers this.';

const FIX = `- name: deploy # keep its other keys
  plan:
  - put: aws
    params: {acquire: true}
    timeout: 1h
  - task: test # keep its other keys
    ensure:
      put: aws
      params: {release: aws}`;

describe('pool-boy lint FILE', () => {
  test('says where, what and how to fix it', async () => {
    const { status, stdout } = await runCli(['lint', fileWith(LEAK, 'ci.yml')]);
    expect(stdout).toBe(`ci: job deploy, plan[0] not-in-ensure
  The lock that \`put: aws\` (plan[0]) claims stays claimed when \`task: test\` (plan[1]) fails, errors or is
  aborted: \`put: aws\` (plan[2]) releases it, but not in an \`ensure\` that covers this.
${FIX.split('\n')
  .map((line) => `    ${line}\n`)
  .join('')}
1 finding in 1 job of 1 pipeline.
`);
    expect(status).toBe(0);
  });

  test('as JSON, from standard input, with status 3', async () => {
    const { status, stdout } = await runCli(['lint', '--output', 'json', '--exit-code', '-'], {
      stdin: LEAK,
    });
    expect(JSON.parse(stdout)).toEqual({
      schema: 1,
      findings: [
        {
          rule: 'not-in-ensure',
          team: null,
          pipeline: 'stdin',
          job: 'deploy',
          step: 'plan[0]',
          resource: 'aws',
          message: MESSAGE,
          fix: FIX,
        },
      ],
      summary: { pipelines: 1, jobs: 1, findings: 1 },
    });
    expect(status).toBe(3);
  });

  test('the examples of this project have no findings', async () => {
    const files = ['daily-report', 'first-day', 'migration', 'notice', 'release'];
    const { status, stdout } = await runCli([
      'lint',
      '--exit-code',
      ...files.map((name) => `examples/${name}.yml`),
    ]);
    expect(stdout).toBe('No findings in 11 jobs of 5 pipelines.\n');
    expect(status).toBe(0);
  });

  test('every shape of a plan', async () => {
    const folder = temporaryFolder();
    // Each in a pool of its own: pipelines that are looked at together may return each other's locks.
    const write = (text: string, i: number, kind: string) => {
      const path = join(folder, `${kind}-${i}.yml`);
      writeFileSync(path, jobs(text).replaceAll(/pool: (aws|gcp)/g, `pool: ${kind}-${i}-$1`));
      return path;
    };
    const good = clean.map(([, text], i) => write(text, i, 'good'));
    const bad = Object.values(cases).map(({ jobs: text }, i) => write(text, i, 'bad'));
    const { stdout } = await runCli(['lint', '--output', 'json', ...good, ...bad]);
    const { findings } = JSON.parse(stdout);
    expect(findings).toEqual(
      Object.values(cases).map(({ rule, step = 'plan[0]', message, fix }, i) =>
        expect.objectContaining({
          rule,
          pipeline: `bad-${i}`,
          step,
          message: message.replace('of pool aws', `of pool bad-${i}-aws`),
          fix,
        }),
      ),
    );
  });

  test('what goes wrong in one job comes first, then what goes wrong between jobs', async () => {
    const take = (pool: string) => `{put: ${pool}, params: {acquire: true}}`;
    const give = (pool: string) => `{put: ${pool}, params: {release: ${pool}}}`;
    const text = jobs(`- name: one
  plan: [${take('aws')}, ${take('gcp')}]
  ensure: {in_parallel: [${give('aws')}, ${give('gcp')}]}
- name: two
  plan: [${take('gcp')}, ${take('aws')}]
  ensure: {in_parallel: [${give('aws')}, ${give('gcp')}]}
- name: take
  plan: [{put: aws, params: {acquire: true}, timeout: 1h}]
- name: use
  plan: [{get: aws, passed: [take], trigger: true}, {task: test}, ${give('aws')}]`);
    const { stdout, status } = await runCli(['lint', '--exit-code', fileWith(text, 'ci.yml')]);
    expect(stdout.match(/^ci: .*/gm)).toEqual([
      'ci: job one, plan[0] no-timeout',
      'ci: job one, plan[1] no-timeout',
      'ci: job two, plan[0] no-timeout',
      'ci: job two, plan[1] no-timeout',
      'ci: job use, plan[0] handed-on-untended',
      'ci: job two, plan[1] lock-order',
    ]);
    expect(status).toBe(3);
  });

  test('says what it cannot tell, and names no finding for it', async () => {
    const pipeline = fileWith(
      jobs('- name: a\n  plan: [{put: aws, params: {acquire: true}}, {shell: x}]'),
      'a.yml',
    );
    const task = fileWith('platform: linux', 'b.yml');
    const { status, stdout, stderr } = await runCli(['lint', '--exit-code', pipeline, task]);
    expect(stdout).toBe('No findings in 0 jobs of 1 pipeline.\n');
    expect(stderr).toContain(
      `${pipeline} has a step in job a that is no step of Concourse's (plan[1]), so what it does to a lock is not known.`,
    );
    expect(stderr).toContain(`${task} is no pipeline (it has no list of jobs), so it was left out.`);
    expect(status).toBe(0);
  });

  test.each<[string, readonly string[], string, number, string]>([
    ['a file that is not there', ['nowhere.yml'], '', 1, 'lint: nowhere.yml cannot be read (ENOENT).'],
    ['no YAML', ['-'], 'a: [', 1, '- is not valid YAML at line 1, column 5'],
    ['no pipeline', ['-'], 'platform: linux', 1, '-: expected a pipeline, got YAML without a list of jobs.'],
    [
      'neither a file nor a Concourse',
      [],
      '',
      2,
      'Name the files of pipelines, or the lock repository and its Concourse',
    ],
  ])('%s is an error', async (_, args, stdin, status, sentence) => {
    const ran = await runCli(['lint', ...args], { stdin });
    expect(ran.stderr).toContain(sentence);
    expect(ran).toMatchObject({ status, stdout: '' });
  });

  test('a name from outside does not steer the terminal', async () => {
    const text = jobs('- name: "a\\e[2J\\nb"\n  plan: [{put: aws, params: {acquire: true}, timeout: 1h}]');
    const { stdout } = await runCli(['lint', '-'], { stdin: text });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    expect(stdout).not.toMatch(/\x1b/);
    expect(stdout.split('\n')[0]).toContain('plan[0] no-release');
  });
});
