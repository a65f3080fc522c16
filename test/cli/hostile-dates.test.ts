// Git takes any number for a date, and a commit stays in the history: no date may keep a report from being made.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { makeRepository, type TestRepository } from '../git/make-repository.ts';
import { temporaryFolder } from '../git/temporary-folder.ts';
import { runProgram } from '../steps/run-program.ts';
import { runCli } from './run-cli.ts';

const HOSTILE = 9_999_999_999_999;
const minutesAgo = (minutes: number) => Math.floor(Date.now() / 1000) - 60 * minutes;

let repository: TestRepository;
beforeAll(() => {
  repository = makeRepository();
  for (const lock of ['env-1', 'env-2', 'env-3'])
    repository.addUnclaimed('aws', lock, { at: minutesAgo(900) });
  repository.claim('aws', 'env-1', { at: minutesAgo(800) });
  repository.release('aws', 'env-1', { at: HOSTILE });
  repository.claim('aws', 'env-2', { at: HOSTILE });
  repository.claim('aws', 'env-3', { at: minutesAgo(700) });
});

describe('With commits dated @9999999999999', () => {
  test.each([
    [['status']],
    [['status', '--output', 'json']],
    [['status', '--output', 'markdown']],
    [['status', '--output', 'html']],
    [['history', '--since', '3d']],
    [['history', '--output', 'json']],
    [['explain', 'aws/env-1']],
    [['explain', 'aws/env-2']],
    [['explain', 'aws/env-2', '--output', 'json']],
    [['doctor']],
  ])('%j says what it can', async (command) => {
    const { stdout, stderr } = await runCli(['--repo', repository.uri, '--stale-after', '10h', ...command]);
    expect(stderr).not.toMatch(/internal error|RangeError|Invalid/i);
    expect(stdout).toContain('aws');
    expect(stdout).not.toMatch(/NaN|Invalid/);
  });

  test('in writes every form of the report, and the claim of an unknown time is not stale', async () => {
    const directory = join(temporaryFolder(), 'get');
    mkdirSync(directory);
    const source = { uri: repository.uri, stale_after: '10h' };
    const version = { ref: '0'.repeat(40), stale: 'none' };
    const { status, stderr } = await runProgram('in', { source, version }, { args: [directory] });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const report = JSON.parse(readFileSync(join(directory, 'report.json'), 'utf8'));
    const locks: { name: string; verdict: string }[] = report.pools[0].locks;
    expect(locks.filter(({ verdict }) => verdict === 'stale').map(({ name }) => name)).toEqual(['env-3']);
    expect(readFileSync(join(directory, 'report.html'), 'utf8')).toContain('env-2');
  });
});
