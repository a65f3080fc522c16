// How `history` and `doctor` count wrong releases of our own.
import { afterEach, describe, expect, test } from '@jest/globals';
import { ciModel, PASSWORD } from '../../fake-atc/model.ts';
import { type Atc, startAtc } from '../../fake-atc/start-atc.ts';
import type { BuildConfig } from '../../fake-atc/types.ts';
import { makeRepository, type TestRepository } from '../../git/make-repository.ts';
import { minutesAgo, now } from '../pool-at-work.ts';
import { runCli } from '../run-cli.ts';

const iso = (minutes: number) => `${new Date(minutesAgo(minutes) * 1000).toISOString().slice(0, 19)}Z`;

const open: Atc[] = [];
afterEach(() => Promise.all(open.splice(0).map((atc) => atc.close())));

interface Made {
  readonly claim: string;
  readonly release: string;
}

/** Claimed by a build 100 minutes ago, and released by Pool Boy 60 minutes ago. */
function takenByUs(repository: TestRepository, lock: string, build: string): Made {
  const claim = repository.claim('aws', lock, {
    at: minutesAgo(100),
    message: `main/deploy/test build ${build} claiming: ${lock}`,
  });
  const trailers = `Pool: aws\nLock: ${lock}\nClaim: ${claim}\nReason: timed-out\nReleased-By: pool-boy 1.1.0`;
  const release = repository.release('aws', lock, {
    at: minutesAgo(60),
    message: `unclaiming: ${lock}\n\nIt was held for too long.\n\n${trailers}`,
  });
  return { claim, release };
}

function poolOf(...locks: readonly string[]): TestRepository {
  const repository = makeRepository();
  for (const lock of locks) repository.addUnclaimed('aws', lock, { at: minutesAgo(9000) });
  return repository;
}

/** Builds of main/deploy/test, each with the claim that it made. */
async function concourseWith(
  builds: readonly (BuildConfig & { claim: string })[],
): Promise<readonly string[]> {
  const ci = ciModel({ now });
  const pipeline = ci.pipeline('main', 'deploy', {
    resources: [{ name: 'locks', type: 'pool' }],
    jobs: [{ name: 'test', outputs: ['locks'] }],
  });
  for (const { claim, ...build } of builds)
    pipeline.build('test', { ...build, outputs: [{ resource: 'locks', version: { ref: claim } }] });
  const atc = await startAtc(ci);
  open.push(atc);
  return ['--concourse-url', atc.url, '--concourse-username', 'pool-boy'];
}

const run = (repository: TestRepository, ...args: readonly string[]) =>
  runCli(['--repo', repository.path, '--branch', 'main', ...args], {
    env: args.includes('--concourse-username') ? { CONCOURSE_PASSWORD: PASSWORD } : {},
  });

async function counted(repository: TestRepository, ...args: readonly string[]) {
  const { stdout, stderr } = await run(repository, ...args, 'history', '--output', 'json');
  return { own: JSON.parse(stdout).own_releases, stderr };
}

describe('own releases', () => {
  test('none is said, too', async () => {
    const repository = poolOf('env-1');
    expect((await counted(repository)).own).toEqual({ count: 0, came_back: [] });
    expect((await run(repository, 'history')).stdout).toContain('Own releases\nPool Boy released no lock.\n');
  });

  test('from git: the build of the claim came back to release the lock', async () => {
    const repository = poolOf('env-1', 'env-2');
    const { claim, release } = takenByUs(repository, 'env-1', '2');
    takenByUs(repository, 'env-2', '3');
    repository.claim('aws', 'env-1', {
      at: minutesAgo(50),
      message: 'main/other/test build 7 claiming: env-1',
    });
    repository.release('aws', 'env-1', {
      at: minutesAgo(40),
      message: 'main/deploy/test build 2 unclaiming: env-1',
    });
    expect((await counted(repository)).own).toEqual({
      count: 2,
      came_back: [
        {
          pool: 'aws',
          lock: 'env-1',
          commit: release,
          claim,
          build: 'main/deploy/test #2',
          at: iso(40),
          evidence: 'git',
        },
      ],
    });
    const { stdout } = await run(repository, 'history');
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      `Own releases Pool Boy released 2 locks, and 1 holder was alive after it. Only the commits were read, since no Concourse is configured. - aws/env-1 was released at ${iso(60)} (${release.slice(0, 10)}), and main/deploy/test #2 released it 20m later (known from git).`,
    );
  });

  test('only those since a time', async () => {
    const repository = poolOf('env-1');
    takenByUs(repository, 'env-1', '2');
    const { stdout } = await run(repository, 'history', '--output', 'json', '--since', '30m');
    expect(JSON.parse(stdout).own_releases).toEqual({ count: 0, came_back: [] });
  });

  test('from Concourse: the build of the claim ended after the release, or still runs', async () => {
    const repository = poolOf('env-1', 'env-2', 'env-3');
    const made = ['2', '3', '4'].map((build, i) => takenByUs(repository, `env-${i + 1}`, build));
    const [late, alive, dead] = made.map(({ claim }) => claim);
    const concourse = await concourseWith([
      { name: '2', status: 'failed', start: minutesAgo(110), end: minutesAgo(45), claim: late ?? '' },
      { name: '3', status: 'started', start: minutesAgo(110), claim: alive ?? '' },
      { name: '4', status: 'failed', start: minutesAgo(110), end: minutesAgo(70), claim: dead ?? '' },
    ]);
    const { own } = await counted(repository, ...concourse);
    expect(own).toMatchObject({
      count: 3,
      came_back: [
        { lock: 'env-1', build: 'main/deploy/test #2', at: iso(45), evidence: 'concourse' },
        { lock: 'env-2', build: 'main/deploy/test #3', evidence: 'concourse' },
      ],
    });
    const { stdout } = await run(repository, ...concourse, 'doctor');
    const lines = stdout.replace(/\n {2}(?! )/g, ' ').split('\n');
    const [first, second] = made.map(({ release }) => release.slice(0, 10));
    expect(lines).toContain(
      `! A release was wrong: aws/env-1 was released at ${iso(60)} (${first}), and main/deploy/test #2 ended 15m later (known from Concourse).`,
    );
    expect(lines).toContain(
      `! A release was wrong: aws/env-2 was released at ${iso(60)} (${second}), and main/deploy/test #3 still runs (known from Concourse).`,
    );
  });

  test('no holder came back: doctor says how many releases that is about', async () => {
    const repository = poolOf('env-1');
    const { claim } = takenByUs(repository, 'env-1', '2');
    const concourse = await concourseWith([
      { name: '2', status: 'failed', start: minutesAgo(110), end: minutesAgo(70), claim },
    ]);
    const { stdout } = await run(repository, ...concourse, 'doctor', '--since', '7d');
    expect(stdout.replace(/\n {2}(?! )/g, ' ')).toContain(
      `✓ Since ${iso(7 * 24 * 60).slice(0, 10)} Pool Boy released 1 lock, and no holder came back.`,
    );
  });

  test('where Concourse gives no answer, that is said', async () => {
    const repository = poolOf('env-1');
    takenByUs(repository, 'env-1', '2');
    const { own, stderr } = await counted(repository, '--concourse-url', 'http://127.0.0.1:1');
    expect(own).toEqual({ count: 1, came_back: [] });
    expect(stderr).toContain(
      'Pool Boy released 1 lock, and no holder came back. For 1 of them only the commits were read: Concourse was not asked, or gave no answer.',
    );
  });
});
