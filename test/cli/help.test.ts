import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { runCli } from './run-cli.ts';

const COMMANDS = ['status', 'clean', 'release', 'explain', 'history', 'doctor'];

describe('pool-boy --help', () => {
  test('names every command and the options and variables of the original tool', async () => {
    const { status, stdout, stderr } = await runCli(['--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const command of COMMANDS) expect(stdout).toContain(`  ${command} `);
    for (const word of ['--verbose', '--repo', '--pools', 'POOL_REPO', 'POOLS', 'CONCOURSE_BASE_URL'])
      expect(stdout).toContain(word);
    expect(stdout).toContain('Examples:');
  });

  test.each([['-h'], ['status', '-h'], ['help']])('%s %s is the same', async (...args) => {
    const { status, stdout } = await runCli(args.filter((one) => typeof one === 'string'));
    expect({ status, usage: stdout.slice(0, 15) }).toEqual({ status: 0, usage: 'Usage: pool-boy' });
  });

  test.each(COMMANDS)('%s --help shows examples', async (command) => {
    const { status, stdout } = await runCli([command, '--help']);
    expect(status).toBe(0);
    expect(stdout).toContain(`Usage: pool-boy ${command}`);
    expect(stdout).toContain('Examples:\n  $ pool-boy');
  });

  test('--version is that of the package', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(await runCli(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('a wrong command line ends with status 2', () => {
  test.each<[string, string[], string]>([
    [
      'a command that is nearly right',
      ['--repo', '/r', 'statsu'],
      "unknown command 'statsu'\n(Did you mean status?)",
    ],
    [
      'an option that is nearly right',
      ['--brnch', 'x', 'status'],
      "unknown option '--brnch'\n(Did you mean --branch?)",
    ],
    ['an option of the command', ['--repo', '/r', 'clean', '--dryrun'], '(Did you mean --dry-run?)'],
    [
      'a form that is not there',
      ['--repo', '/r', 'status', '--output', 'xml'],
      'Allowed choices are table, json, markdown, html.',
    ],
    ['no lock to explain', ['--repo', '/r', 'explain'], "missing required argument 'lock'"],
    [
      'no repository',
      ['status'],
      'No lock repository was named; use --repo URL, set POOL_REPO, or give a --source FILE that has a uri.',
    ],
    [
      'a duration that is none',
      ['--repo', '/r', '--stale-after', 'soon', 'status'],
      '--stale-after: expected minutes as a number, or a duration such as 90m, 1h30m or 3d, got "soon".',
    ],
    [
      'pools that are none',
      ['--repo', '/r', '--pools', 'aws:x', 'status'],
      '--pools: expected pools as in aws:60,vsphere:30, got "aws:x".',
    ],
    [
      'a limit that is none',
      ['--repo', '/r', 'clean', '--limit', 'few'],
      '--limit: expected a whole number, got "few".',
    ],
    [
      'a rule that is none',
      ['--repo', '/r', '--on-failure', 'free', 'status'],
      '--on-failure: expected release, timeout or keep, got "free".',
    ],
    ['a URL that runs a program', ['--repo', 'ext::sh -c id', 'status'], '--repo: names a transport helper'],
    ['nothing to release', ['--repo', '/r', 'release'], 'No lock was named: give POOL/LOCK'],
    [
      'a lock without its pool',
      ['--repo', '/r', 'release', 'env-1'],
      'env-1 is not a lock name; expected POOL/LOCK or POOL/LOCK@CLAIM.',
    ],
    [
      'names and a filter',
      ['--repo', '/r', 'release', 'aws/env-1', '--team', 'main'],
      'Give lock names or filters, not both.',
    ],
    [
      'a time that is none',
      ['--repo', '/r', 'release', '--claimed-before', 'noon'],
      '--claimed-before: expected a time such as 2026-11-25T14:00Z, or a span before now such as 3h or 2d, got "noon".',
    ],
    [
      'a day that no calendar has',
      ['--repo', '/r', 'release', '--claimed-before', '2026-02-31'],
      '--claimed-before: expected a time such as 2026-11-25T14:00Z, or a span before now such as 3h or 2d, got "2026-02-31".',
    ],
  ])('%s', async (_name, args, sentence) => {
    const { status, stdout, stderr } = await runCli(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(sentence);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  test('all problems are said at once', async () => {
    const { status, stderr } = await runCli(['--repo', '-x', '--grace', 'y', '--branch', '-z', 'status']);
    expect(status).toBe(2);
    expect(stderr.split('\n').filter((line) => line.startsWith('error: ')).length).toBe(3);
  });
});

test('control characters of an argument do not reach the terminal', async () => {
  const { stderr } = await runCli(['--repo', '/r', '\u001b[31mred']);
  expect(stderr).not.toContain('\u001b');
  expect(stderr).toContain('red');
});
