// Locks that are released to another pool, and what the pool resource sees of it: its `check` emits every commit that
// touches its pool, its `in` takes the first path of the commit inside the pool as the lock, and its `out` moves files.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../git/temporary-folder.ts';
import { runProgram } from './run-program.ts';
import { minutesAgo, startWorld, type World } from './start-world.ts';

let world: World;

beforeEach(async () => {
  world = await startWorld();
  world.repository.addUnclaimed('aws-dirty', 'spare', { at: minutesAgo(4000) });
});

afterEach(() => world.atc.close());

const SOURCE = { pools: [{ name: 'aws', release_to: 'aws-dirty' }] };

function put(params: unknown = {}, source: Record<string, unknown> = SOURCE) {
  return runProgram('out', { source: world.source(source), params }, { args: ['/tmp'] });
}

/** What the pool resource's `check` emits for a pool after a commit. */
function checkOf(pool: string, since: string): string[] {
  const commits = world.repository.git('log', '--reverse', '--format=%H', `${since}..main`, '--', pool);
  return commits.split('\n').filter((commit) => commit !== '');
}

/** The lock that the pool resource's `in` makes of a commit: its name, and its file where it is there. */
function lockIn(pool: string, commit: string): { name: string; isThere: boolean } {
  const [path = ''] = world.repository
    .git('log', '-1', '--name-only', '--no-renames', '--format=', commit, '--', pool)
    .split('\n');
  const name = path.split('/').at(-1) ?? '';
  const files = world.repository.git('ls-tree', '-r', '--name-only', commit, `${pool}/`).split('\n');
  return { name, isThere: files.some((file) => file.split('/').at(-1) === name) };
}

describe('release_to', () => {
  test('moves a stale lock into the other pool, in one commit that says so', async () => {
    world.claimByBuild('env-1', { name: '2', status: 'failed', claimed: 30, ended: 5 });
    const before = world.repository.head();
    const ran = await put();
    expect(ran).toMatchObject({ status: 0, answer: { version: { stale: 'none' } } });
    expect(world.repository.git('rev-list', '--count', `${before}..main`)).toBe('1');
    expect(world.filesIn('aws/claimed')).toEqual(['.gitkeep']);
    expect(world.filesIn('aws/unclaimed')).toEqual(['.gitkeep', 'env-2', 'env-3']);
    expect(world.filesIn('aws-dirty/unclaimed')).toEqual(['.gitkeep', 'env-1', 'spare']);
    expect(world.repository.git('log', '-1', '--format=%s', 'main')).toBe('unclaiming: env-1');
    expect(world.repository.git('log', '-1', '--format=%(trailers:key=Released-To)', 'main')).toBe(
      'Released-To: aws-dirty',
    );
    expect(ran.stderr).toContain('released aws/env-1 to pool aws-dirty (build-ended)');
  });

  test('is seen by the pool resource as a commit of both pools, with the lock in the second', async () => {
    world.claimByBuild('env-1', { name: '2', status: 'failed', claimed: 30, ended: 5 });
    const before = world.repository.head();
    await put();
    const head = world.repository.head();
    expect(checkOf('aws', before)).toEqual([head]);
    expect(checkOf('aws-dirty', before)).toEqual([head]);
    expect(lockIn('aws-dirty', head)).toEqual({ name: 'env-1', isThere: true });
    // The pool resource says "lock does not exist" and goes on.
    expect(lockIn('aws', head)).toEqual({ name: 'env-1', isThere: false });
    world.repository.claim('aws-dirty', 'env-1');
    expect(world.filesIn('aws-dirty/claimed')).toEqual(['.gitkeep', 'env-1']);
  });

  test('takes a name whose accents are composed in another way', async () => {
    world.repository.addUnclaimed('h\u00e4lle', 'spare', { at: minutesAgo(4000) });
    world.claimByBuild('env-1', { name: '2', status: 'failed', claimed: 30, ended: 5 });
    const ran = await put({}, { pools: [{ name: 'aws', release_to: 'ha\u0308lle' }] });
    expect(ran).toMatchObject({ status: 0, answer: { version: { stale: 'none' } } });
    const files = world.repository.git('ls-tree', '-z', '--name-only', 'main', 'h\u00e4lle/unclaimed/');
    expect(files).toContain('h\u00e4lle/unclaimed/env-1\0');
  });

  test('plans it in a dry run and moves nothing', async () => {
    world.claimByBuild('env-1', { name: '2', status: 'failed', claimed: 30, ended: 5 });
    const before = world.repository.head();
    const ran = await put({ dry_run: true });
    expect(ran.stderr).toContain('would release aws/env-1 to pool aws-dirty');
    expect(world.repository.head()).toBe(before);
  });

  test('changes no verdict: a running build keeps its lock', async () => {
    world.claimByBuild('env-1', { name: '2' });
    const before = world.repository.head();
    expect(await put()).toMatchObject({ status: 0 });
    expect(world.repository.head()).toBe(before);
  });

  test('leaves a lock alone whose name the other pool has, with a warning, and the others go on', async () => {
    world.repository.addUnclaimed('aws-dirty', 'env-1', { at: minutesAgo(3000) });
    world.claimByBuild('env-1', { name: '2', status: 'failed', claimed: 30, ended: 5 });
    world.claimByBuild('env-2', { name: '3', status: 'failed', claimed: 30, ended: 5 });
    const ran = await put();
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain(
      'aws/env-1 was not released: pool aws-dirty has a lock of that name already; remove or rename one of the two.',
    );
    expect(world.filesIn('aws/claimed')).toEqual(['.gitkeep', 'env-1']);
    expect(world.filesIn('aws-dirty/unclaimed')).toEqual(['.gitkeep', 'env-1', 'env-2', 'spare']);
    expect(ran.answer.version.stale).toMatch(/^1:/);
  });

  test('may name a pool that is younger than the commit that in reports', async () => {
    const ref = world.repository.head();
    world.repository.addUnclaimed('younger', 'spare', { at: minutesAgo(1) });
    const source = world.source({ pools: [{ name: 'aws', release_to: 'younger' }] });
    const version = { ref, stale: 'none' };
    expect(await runProgram('in', { source, version }, { args: [temporaryFolder()] })).toMatchObject({
      status: 0,
      answer: { version },
    });
    const wrong = world.source({ pools: [{ name: 'aws', release_to: 'gone' }] });
    const ran = await runProgram('in', { source: wrong, version }, { args: [temporaryFolder()] });
    expect(ran.stderr).toContain('the repository has no such pool; it has aws, aws-dirty, younger.');
  });

  test.each([
    ['check', 'the pool itself', 'aws', 'cannot be released to that pool itself'],
    ['out', 'a pool that is not there', 'gone', 'the repository has no such pool; it has aws, aws-dirty'],
  ] as const)('is a problem of the request in %s: %s', async (program, _what, to, sentence) => {
    world.claimByBuild('env-1', { name: '2', status: 'failed', claimed: 30, ended: 5 });
    const source = world.source({ pools: [{ name: 'aws', release_to: to }] });
    const ran = await runProgram(program, { source }, { args: ['/tmp'] });
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain(sentence);
    // Nobody was asked about anything.
    expect(world.atc.requests).toEqual([]);
  });
});

describe('pool-boy', () => {
  const options = () => ['--repo', world.repository.uri, '--branch', 'main', '--pools', 'aws,aws-dirty'];

  test('release --to moves a lock that somebody names, and history follows it', async () => {
    const claim = world.repository.claim('aws', 'env-1', { at: minutesAgo(90), message: 'mine' });
    const ran = await runCli([
      ...options(),
      'release',
      `aws/env-1@${claim}`,
      '--to',
      'aws-dirty',
      '--reason',
      'x',
    ]);
    expect(ran).toMatchObject({ status: 0 });
    expect(world.filesIn('aws-dirty/unclaimed')).toContain('env-1');
    const told = await runCli([...options(), 'explain', 'aws-dirty/env-1', '--output', 'json']);
    expect(JSON.parse(told.stdout).operations.map((one: { kind: string }) => one.kind)).toEqual([
      'add',
      'release',
      'claim',
      'add',
    ]);
    const story = await runCli([...options(), 'explain', 'aws-dirty/env-1']);
    expect(story.stdout).toContain('released to pool aws-dirty');
    expect(story.stdout).toContain('added (from pool aws)');
  });

  test('release --to refuses a pool that is not there', async () => {
    const claim = world.repository.claim('aws', 'env-1', { at: minutesAgo(90), message: 'mine' });
    const ran = await runCli([...options(), 'release', `aws/env-1@${claim}`, '--to', 'gone']);
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain(
      'Locks of pool aws cannot be released to gone: the repository has no such pool',
    );
    expect(world.filesIn('aws/claimed')).toContain('env-1');
  });
});
