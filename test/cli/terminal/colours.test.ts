import { beforeAll, describe, expect, test } from '@jest/globals';
import { makeRepository } from '../../git/make-repository.ts';
import { minutesAgo, type PoolAtWork, poolAtWork } from '../pool-at-work.ts';
import { plain, runAtTerminal } from '../run-at-terminal.ts';
import { runCli } from '../run-cli.ts';

let pool: PoolAtWork;
beforeAll(async () => {
  pool = await poolAtWork();
});
const status = () => [...pool.withConcourse, 'status'];
const CONTROLS = ['\u001b', '\u0007', '\u202e'];
const RED = '\u001b[31m';
const SPINNER = '\r\u001b[2K';

describe('what is going on', () => {
  test('shows itself on a terminal, and is gone at the end', async () => {
    const undo = pool.atc.answer('GET /api/v1/info', { kind: 'slow', milliseconds: 500 });
    const { screen } = await runAtTerminal(status(), { env: pool.env });
    undo();
    expect(screen).toContain(SPINNER);
    expect(screen).toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] Asking Concourse/);
    expect(plain(screen)).not.toContain('Asking Concourse');
  });

  test('is silent in a log', async () => {
    const { stdout, stderr } = await runCli(status(), { env: pool.env });
    expect(stdout + stderr).not.toContain('\u001b');
  });

  test.each<[string, NodeJS.ProcessEnv]>([
    ['a dumb terminal', { TERM: 'dumb' }],
    ['CI', { CI: 'true' }],
  ])('is silent in %s', async (_name, env) => {
    const { screen } = await runAtTerminal(status(), { env: { ...pool.env, ...env } });
    expect(screen).not.toContain(SPINNER);
  });
});

describe('colours', () => {
  test.each<[string, NodeJS.ProcessEnv, boolean]>([
    ['at a terminal', {}, true],
    ['not with NO_COLOR', { NO_COLOR: '1' }, false],
    ['not at a dumb terminal', { TERM: 'dumb' }, false],
  ])('%s', async (_name, env, expected) => {
    const { screen } = await runAtTerminal(status(), { env: { ...pool.env, ...env } });
    expect(screen.includes(RED)).toBe(expected);
  });

  test('in the log of a task of Concourse', async () => {
    const { screen } = await runAtTerminal(status(), { env: pool.env, columns: 500, rows: 500 });
    expect(screen).toContain(RED);
  });

  test.each<[string, NodeJS.ProcessEnv, boolean]>([
    ['by FORCE_COLOR without a terminal', { FORCE_COLOR: '1' }, true],
    ['not by FORCE_COLOR=0', { FORCE_COLOR: '0' }, false],
    ['not without a terminal', {}, false],
  ])('%s', async (_name, env, expected) => {
    const { stdout } = await runCli(status(), { env: { ...pool.env, ...env } });
    expect(stdout.includes(RED)).toBe(expected);
  });
});

describe('the table fits', () => {
  test.each([40, 80, 120, 200])('%i columns', async (columns) => {
    const { screen } = await runAtTerminal(status(), { env: { ...pool.env, NO_COLOR: '1' }, columns });
    const lines = plain(screen).split('\n');
    const table = lines.slice(
      lines.findIndex((line) => line.includes('aws/env-1')),
      lines.indexOf(''),
    );
    expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(columns);
    for (const word of ['aws/env-1', 'aws/env-2', 'aws/env-3', 'Ada Lovelace'])
      expect(table.join('\n')).toContain(word);
  });
});

test('names from outside drive no terminal and forge no line', async () => {
  const repository = makeRepository();
  const evil = 'a\u001b[2Jb\nc\u202ed';
  repository.commitByHand('set up', [{ write: `aws/claimed/${evil}` }, { write: 'aws/unclaimed/x' }], {
    at: minutesAgo(500),
    author: 'Eve\u001b]0;owned\u0007 <e@e>',
    committer: 'Eve <e@e>',
  });
  for (const command of [
    ['status'],
    ['explain', `aws/${evil}`],
    ['clean', '--dry-run'],
    ['history'],
    ['doctor'],
    ['release', '--pool', 'aws', '--dry-run'],
  ]) {
    const { stdout, stderr } = await runCli(['--repo', repository.path, '--stale-after', '60', ...command]);
    for (const control of CONTROLS) expect(stdout + stderr).not.toContain(control);
    expect(stdout + stderr).not.toMatch(/^c/m);
  }
  const { stdout } = await runCli(['--repo', repository.path, '--stale-after', '60', 'status']);
  expect(stdout).toContain(String.raw`"aws/a\033[2Jb\nc`);
});

test('a lock by any name can be released as it is shown', async () => {
  const repository = makeRepository();
  for (const name of ['a b', '-rf', '*', 'ä@1234567', 'x\ny']) {
    repository.addUnclaimed('aws', name, { at: minutesAgo(600) });
    repository.claim('aws', name, { at: minutesAgo(500) });
  }
  const shown = ['aws/a b', 'aws/-rf', 'aws/*', 'aws/ä@1234567', String.raw`"aws/x\ny"`];
  const { status: ended, stderr } = await runCli(['--repo', repository.path, 'release', '--yes', ...shown]);
  expect({ ended, stderr: stderr.replace(/^released.*\n/gm, '') }).toEqual({ ended: 0, stderr: '' });
  expect(repository.git('log', '--format=%s', '-5', 'main').split('\n').sort()).toEqual(
    ['*', '-rf', 'a b', 'ä@1234567', String.raw`"x\ny"`].map((name) => `unclaiming: ${name}`).sort(),
  );
});
