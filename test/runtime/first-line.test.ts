import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { sentencesFor } from '../../src/runtime/error-sentences.ts';
import { plain, runAtTerminal } from '../cli/run-at-terminal.ts';
import { cleanEnvironment, fileWith } from '../cli/run-cli.ts';
import { DIST } from '../steps/run-program.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

function logOf(program: string, args: readonly string[], stdin: string) {
  const { stderr } = spawnSync(join(DIST, program), args, {
    input: stdin,
    env: cleanEnvironment(),
    encoding: 'utf8',
  });
  return stderr.split('\n');
}

describe('the first line of a log names the version and the step', () => {
  test.each(['check', 'in', 'out'])('%s', (step) => {
    const [first, second] = logOf(step, ['/tmp'], '{}');
    expect(first).toBe(`pool-boy ${version} ${step}`);
    expect(second).toMatch(/^error: /);
  });

  test.each(['status', 'clean', 'doctor'])('pool-boy %s', (command) => {
    expect(logOf('pool-boy', [command], '')[0]).toBe(`pool-boy ${version} ${command}`);
  });

  test('at a terminal only with --verbose', async () => {
    const source = fileWith('uri: /nowhere\nstale_after: 60\n');
    const run = async (...more: string[]) =>
      plain((await runAtTerminal(['--source', source, ...more, 'status'])).screen);
    expect(await run()).not.toContain(`pool-boy ${version}`);
    expect(await run('--verbose')).toContain(`pool-boy ${version} status\n`);
  });
});

test('a bug says where to report it, and what to add', () => {
  const context = { stoppedBy: null, program: `pool-boy ${version} check`, debugSwitch: 'log_level: debug' };
  expect(sentencesFor(new TypeError('x is undefined'), context)).toEqual([
    `Internal error in pool-boy ${version} check (TypeError: x is undefined): this is a bug; report it on the issue tracker of the repository that you got Pool Boy from, with this line and the log of a run with log_level: debug.`,
  ]);
});
