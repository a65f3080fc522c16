import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runProgram } from '../../steps/run-program.ts';
import { minutesAgo, startWorld, type World } from '../../steps/start-world.ts';
import { runCli } from '../run-cli.ts';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});

afterEach(() => world.atc.close());

const ADA = ['--git-config', 'user.name=Ada Lovelace', '--git-config', 'user.email=ada@example.com'];

function run(...args: readonly string[]) {
  return runCli(['--repo', world.repository.uri, '--branch', 'main', '--pools', 'aws', ...ADA, ...args]);
}

function put() {
  return runProgram('out', { source: world.source() }, { args: ['/tmp'] });
}

function lastMessage(): string {
  return world.repository.git('log', '-1', '--format=%an%n%B', 'main');
}

describe('hold', () => {
  test('is a commit without changes that names lock, claim, person and time', async () => {
    const claim = world.claimByBuild('env-1', { name: '2', status: 'failed', claimed: 30, ended: 5 });
    const tree = world.repository.git('rev-parse', 'main^{tree}');
    const ran = await run('hold', 'aws/env-1', '--for', '2d', '--reason', 'the database looks odd');
    expect(ran).toMatchObject({ status: 0 });
    expect(ran.stdout).toMatch(
      /^Held aws\/env-1 until 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ \(commit [0-9a-f]{10}\)\.$/m,
    );
    expect(world.repository.git('rev-parse', 'main^{tree}')).toBe(tree);
    expect(lastMessage()).toMatch(
      new RegExp(
        `^Ada Lovelace\nholding env-1 until 20\\S+Z\n\nthe database looks odd\n\nHold: aws/env-1@${claim}\nHold-Until: 20\\S+Z\nRun: \\S+`,
      ),
    );
    // The pool resource's `check` goes by the paths of its pool.
    expect(world.repository.git('log', '-1', '--format=%s', 'main', '--', 'aws')).not.toContain('holding');
  });

  test('keeps a lock whose build has failed, and says who holds it, until when and why', async () => {
    world.claimByBuild('env-1', { name: '2', status: 'failed', claimed: 30, ended: 5 });
    await run('hold', 'aws/env-1', '--for', '2d', '--reason', 'the database looks odd');
    const before = world.repository.head();
    const ran = await put();
    expect(ran).toMatchObject({ status: 0, answer: { version: { stale: 'none' } } });
    expect(world.repository.head()).toBe(before);
    const status = await run('status', '--output', 'json', '--stale-after', '1m');
    const [lock] = JSON.parse(status.stdout).pools[0].locks;
    expect(lock).toMatchObject({
      verdict: 'live',
      reason: 'kept',
      detail: expect.stringMatching(/^Ada Lovelace holds the lock until .* \("the database looks odd"\)/),
      hold: { by: 'Ada Lovelace', reason: 'the database looks odd', until: expect.stringMatching(/Z$/) },
    });
  });

  test('is shown by the metadata of a put, by explain and by doctor', async () => {
    world.claimByBuild('env-1', { name: '2', status: 'failed', claimed: 30, ended: 5 });
    await run('hold', 'aws/env-1', '--for', '2d', '--reason', 'the database looks odd');
    expect((await put()).answer.metadata).toContainEqual({
      name: 'held aws/env-1',
      value: expect.stringMatching(/^by Ada Lovelace until 20\S+Z \(the database looks odd\)$/),
    });
    expect((await run('explain', 'aws/env-1')).stdout).toContain('Ada Lovelace holds the lock until');
    expect((await run('doctor')).stdout).toContain('Held by people: aws/env-1 by Ada Lovelace until 20');
  });

  test('is shown by explain also where something else decides', async () => {
    world.claimByBuild('env-1', { name: '2', status: 'failed', claimed: 30, ended: 5 });
    await run('hold', 'aws/env-1', '--for', '2d', '--reason', 'bug 42');
    const { stdout } = await run('--exclude', 'env-1', 'explain', 'aws/env-1');
    expect(stdout).toContain('Verdict: live (excluded)');
    expect(stdout).toMatch(/Hold\n {2}Held by Ada Lovelace until 20\S+Z \(bug 42\)\.\n/);
  });

  test('is for one claim: the next one is not held', async () => {
    world.claimByBuild('env-1', { name: '2', status: 'failed', claimed: 30, ended: 5 });
    await run('hold', 'aws/env-1', '--for', '2d', '--reason', 'x');
    world.repository.release('aws', 'env-1', { at: minutesAgo(4) });
    world.claimByBuild('env-1', { name: '3', status: 'failed', claimed: 3.5, ended: 3 });
    await put();
    expect(world.filesIn('aws/unclaimed')).toContain('env-1');
  });

  test('ends with unhold, and the lock is released', async () => {
    world.claimByBuild('env-1', { name: '2', status: 'failed', claimed: 30, ended: 5 });
    await run('hold', 'aws/env-1', '--for', '2d', '--reason', 'x');
    expect(await run('unhold', 'aws/env-1')).toMatchObject({ status: 0 });
    expect(lastMessage()).toContain('Hold-Until: now');
    await put();
    expect(world.filesIn('aws/unclaimed')).toContain('env-1');
  });

  test('says whose hold it replaces or ends', async () => {
    world.claimByBuild('env-1', { name: '2', status: 'failed', claimed: 30, ended: 5 });
    const first = await run('hold', 'aws/env-1', '--for', '2d', '--reason', 'x');
    expect(first.stdout).not.toContain('It replaces');
    const grace = ['--git-config', 'user.name=Grace Hopper', 'hold', 'aws/env-1'];
    const second = await run(...grace, '--for', '1d', '--reason', 'y');
    expect(second.stdout).toMatch(/ It replaces the hold of Ada Lovelace until 20\S+Z\.\n$/);
    const end = await run('unhold', 'aws/env-1');
    expect(end.stdout).toMatch(/^Ended the hold of Grace Hopper until 20\S+Z on aws\/env-1 \(commit /);
  });

  test('warns where the clock of this machine may be late, since it would end too early', async () => {
    world.claimByBuild('env-1', { name: '2', status: 'failed', claimed: 30, ended: 5 });
    const args = ['hold', 'aws/env-1', '--for', '2d', '--reason', 'x'];
    expect((await run(...args)).stderr).not.toContain('clock');
    world.repository.commitByHand('from tomorrow', [], { at: minutesAgo(-1440) });
    expect((await run(...args)).stderr).toContain('in the future (');
  });

  test.each([
    [
      ['hold', 'aws/env-2', '--for', '2d', '--reason', 'x'],
      1,
      'aws/env-2 is free, so there is no claim to hold',
    ],
    [['hold', 'aws/env-9', '--for', '2d', '--reason', 'x'], 1, 'did you mean aws/env-1?'],
    [['hold', 'aws/env-1', '--reason', 'x'], 2, '--for is missing'],
    [['hold', 'aws/env-1', '--for', '2d'], 2, '--reason is missing'],
    [['hold', 'aws/env-1', '--for', '91d', '--reason', 'x'], 2, 'a hold lasts 90 days at most'],
    [
      ['hold', 'aws/env-1', '--for', 'soon', '--reason', 'x'],
      2,
      '--for: expected a duration such as 8h or 2d',
    ],
    [['unhold', 'aws/env-1'], 1, 'Nobody holds aws/env-1, so there is no hold to end.'],
    [['claim', 'aws/env-1', '--reason', 'x'], 1, 'aws/env-1 is claimed already'],
  ] as const)('%j ends with status %i: %s', async (args, status, sentence) => {
    world.claimByBuild('env-1', { name: '2', status: 'failed', claimed: 30, ended: 5 });
    const before = world.repository.head();
    const ran = await run(...args);
    expect(ran.status).toBe(status);
    expect(ran.stderr).toContain(sentence);
    expect(world.repository.head()).toBe(before);
  });

  test('needs a person: whoever wants the lock must know whom to ask', async () => {
    world.claimByBuild('env-1', { name: '2' });
    const args = ['--repo', world.repository.uri, '--branch', 'main', '--pools', 'aws'];
    const ran = await runCli([...args, 'hold', 'aws/env-1', '--for', '2d', '--reason', 'x']);
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain('git does not know who you are; set user.name and user.email');
  });
});

describe('claim', () => {
  test('moves a free lock as the pool resource would, and release gives it back', async () => {
    const ran = await run('claim', 'aws/env-2', '--for', '4h', '--reason', 'trying the new kernel');
    expect(ran).toMatchObject({ status: 0 });
    expect(world.filesIn('aws/claimed')).toEqual(['.gitkeep', 'env-2']);
    expect(lastMessage()).toMatch(
      /^Ada Lovelace\nmanually claiming: env-2 by Ada Lovelace\n\ntrying the new kernel\n\nHold-Until: 20\S+Z\nRun: \S+/,
    );
    const status = await run('status', '--output', 'json', '--stale-after', '1m');
    const [lock] = JSON.parse(status.stdout).pools[0].locks;
    expect(lock).toMatchObject({ owner: { kind: 'person' }, hold: { by: 'Ada Lovelace' } });
    const command = /pool-boy (release \S+)$/m.exec(ran.stdout)?.[1] ?? '';
    expect(await run(...command.split(' '))).toMatchObject({ status: 0 });
    expect(world.filesIn('aws/claimed')).toEqual(['.gitkeep']);
  });

  test('keeps git from dropping the folder with its last lock, in a commit of its own', async () => {
    world.repository.commitByHand('Drop what keeps the folder', [
      { remove: 'aws/unclaimed/.gitkeep' },
      { remove: 'aws/unclaimed/env-2' },
      { remove: 'aws/unclaimed/env-3' },
    ]);
    expect(await run('claim', 'aws/env-1', '--reason', 'x')).toMatchObject({ status: 0 });
    expect(world.filesIn('aws/unclaimed')).toEqual(['.gitkeep']);
    expect(world.repository.git('log', '-2', '--format=%s', 'main').split('\n')).toEqual([
      'manually claiming: env-1 by Ada Lovelace',
      'keeping aws/unclaimed',
    ]);
  });
});
