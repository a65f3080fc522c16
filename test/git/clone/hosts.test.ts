// Hosts that offer less than git's own server, or another kind of repository.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { NO_COMMIT } from '../../../src/core/lock.ts';
import { makeRepository, type TestRepository } from '../make-repository.ts';
import { type Opening, opening } from '../open.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { type Limits, startLimitedGit } from './start-limited-git.ts';

/** A lock that was claimed before `commits` others, and one that was claimed last. */
function longHistory(
  commits = 700,
  objectFormat: 'sha1' | 'sha256' = 'sha1',
): { made: TestRepository; old: string; recent: string } {
  const made = makeRepository({ objectFormat });
  made.addUnclaimed('aws', 'old');
  const old = made.claim('aws', 'old');
  made.addUnclaimed('aws', 'busy');
  made.commits(
    Array.from({ length: commits - (commits % 2) }, (_, number) => {
      const [from, to] = number % 2 === 0 ? ['unclaimed', 'claimed'] : ['claimed', 'unclaimed'];
      return { message: `${number}`, changes: [{ move: `aws/${from}/busy`, to: `aws/${to}/busy` }] };
    }),
  );
  return { made, old, recent: made.claim('aws', 'busy') };
}

async function look(source: Opening) {
  const { repository, logged, lifetime } = opening(source);
  const opened = await repository;
  const head = await opened.fetch();
  const pools = await opened.poolsAt(head);
  const locks = pools.flatMap(({ name, claimed }) =>
    (claimed ?? []).map((lock) => ({ pool: name, name: lock })),
  );
  const claims = await opened.claimsAt(head, locks);
  const found = Object.fromEntries(
    locks.map(({ pool, name }, at) => [`${pool}/${name}`, claims[at]?.commit]),
  );
  const fetches = logged.filter((line) => line.startsWith('debug: git fetch'));
  return { opened, head, found, claims, fetches, logged, lifetime };
}

const release = (claim: string) => ({
  kind: 'release' as const,
  release: {
    pool: 'aws',
    lock: 'old',
    claim,
    reason: 'build-ended' as const,
    detail: 'It ended.',
    heldFor: 60,
    to: null,
  },
});
const INFO = { run: 'a-run', version: '1.2.3', buildUrl: null, now: 1_800_000_000 };

describe('a host that offers less', () => {
  it.each<[string, Limits]>([
    ['everything', {}],
    ['no deepening', { lacks: ['deepen-relative', 'deepen-since', 'deepen-not'] }],
    ['no filter', { lacks: ['filter'] }],
    ['a filter that it breaks at', { breaksAt: /^filter / }],
    ['no shallow clones', { lacks: ['shallow', 'deepen-relative', 'deepen-since', 'deepen-not'] }],
    ['no shallow clones, though it says so', { ignoresDepth: true }],
    ['neither filter nor shallow clones', { lacks: ['shallow', 'filter', 'deepen-relative'] }],
  ])('is read and pushed to: %s', async (_what, limits) => {
    const { made, old, recent } = longHistory();
    const server = await startLimitedGit(limits);
    const { found, opened, head } = await look({ uri: server.uriOf(made.path) });
    expect(found).toEqual({ 'aws/old': old, 'aws/busy': recent });
    expect(await opened.isInHistory(old)).toBe(true);
    expect(await opened.isInHistory('a'.repeat(40))).toBe(false);
    expect(await opened.push([release(old)], head, INFO)).toMatchObject({
      kind: 'pushed',
      head: made.head(),
    });
  });

  it('is asked again as it can answer, once that is known', async () => {
    const { made, old, recent } = longHistory();
    const server = await startLimitedGit({ breaksAt: /^filter /, lacks: ['shallow'] });
    const source = {
      uri: server.uriOf(made.path),
      isCached: true,
      environment: { TMPDIR: temporaryFolder() },
    };
    const cold = await look(source);
    expect(cold.found).toEqual({ 'aws/old': old, 'aws/busy': recent });
    cold.lifetime.end();
    made.release('aws', 'busy');
    const warm = await look(source);
    expect(warm.found).toEqual({ 'aws/old': old });
    expect(warm.fetches).toHaveLength(1);
    expect(warm.fetches[0]).toContain('--no-filter');
    expect(warm.fetches[0]).not.toContain('--depth');
    expect(warm.logged.join('')).not.toContain('Trying again');
  });

  it('keeps its own words where the fallback does not help', async () => {
    const { made } = longHistory(10);
    const server = await startLimitedGit({ breaksAt: /./ });
    await expect(look({ uri: server.uriOf(made.path) })).rejects.toMatchObject({ kind: 'cannot-connect' });
  });

  it('is named where it serves nothing but files', async () => {
    const { made } = longHistory(10);
    made.git('update-server-info');
    const server = await startLimitedGit({ isDumb: true });
    const uri = server.uriOf(made.path);
    await expect(look({ uri })).rejects.toMatchObject({
      kind: 'dumb-http',
      message: `${uri} is served as plain files (git's "dumb" HTTP), which takes no pushes and gives no part of a history; serve it with git http-backend, or use SSH.`,
    });
  });

  it('is not cut off by a depth that is smaller than what a kept clone has', async () => {
    const { made, old, recent } = longHistory(200);
    const environment = { TMPDIR: temporaryFolder() };
    const source = { uri: made.uri, isCached: true, environment };
    const cold = await look(source);
    expect(cold.found).toEqual({ 'aws/old': old, 'aws/busy': recent });
    expect(cold.fetches).toHaveLength(2);
    cold.lifetime.end();
    made.commits(
      Array.from({ length: 5000 }, (_, number) => ({ changes: [{ write: 'n', content: `${number}` }] })),
    );
    const warm = await look(source);
    expect(warm.found).toEqual({ 'aws/old': old, 'aws/busy': recent });
    const since = made.git('log', '-1', '--format=%ct', old);
    await warm.opened.operationsSince(warm.head, Number(since) - 1, () => undefined);
    expect(await warm.opened.isInHistory(old)).toBe(true);
  });
});

describe('a host with very many refs', () => {
  it('is read, whether a branch is named or not', async () => {
    const { made, recent } = longHistory(10);
    const refs = Array.from({ length: 100_000 }, (_, number) => `${recent} refs/heads/old/${number}\n`);
    const sorted = [...refs].sort().join('');
    writeFileSync(`${made.path}/packed-refs`, `# pack-refs with: sorted \n${sorted}`);
    for (const branch of ['main', null]) {
      const server = await startLimitedGit({});
      const { found } = await look({ uri: server.uriOf(made.path), branch });
      expect(found).toMatchObject({ 'aws/busy': recent });
    }
  });
});

describe('a SHA-256 repository', () => {
  it.each([
    ['with a branch', 'main'],
    ['without a branch', null],
  ])('is read and pushed to, %s', async (_what, branch) => {
    const { made, old, recent } = longHistory(300, 'sha256');
    expect(old).toHaveLength(64);
    const environment = { TMPDIR: temporaryFolder() };
    const source = { uri: made.uri, branch, isCached: true, environment };
    const { found, opened, head, lifetime } = await look(source);
    expect(found).toEqual({ 'aws/old': old, 'aws/busy': recent });
    expect(await opened.isInHistory(old)).toBe(true);
    expect(await opened.isInHistory('a'.repeat(64))).toBe(false);
    expect(await opened.isInHistory('a'.repeat(40))).toBe(false);
    const pushed = await opened.push([release(old)], head, INFO);
    expect(pushed).toMatchObject({ kind: 'pushed', head: made.head() });
    expect(await opened.releasedBy(null, made.head())).toMatchObject([{ lock: 'old', claim: old }]);
    expect(await opened.poolsClaimedIn([recent], 0)).toEqual(new Map([[recent, ['aws']]]));
    lifetime.end();
    expect((await look(source)).found).toEqual({ 'aws/busy': recent });
  });
});

describe('a remote that is itself shallow', () => {
  const shallowCopyOf = (made: TestRepository, depth: number) => {
    const path = `${temporaryFolder()}/shallow.git`;
    const { status, stderr } = spawnSync('git', [
      'clone',
      '-q',
      '--bare',
      `--depth=${depth}`,
      made.uri,
      path,
    ]);
    if (status !== 0) throw new Error(stderr.toString());
    return `file://${path}`;
  };

  it.each([50, 150])('is read as far as it goes: %i commits', async (depth) => {
    const { made, recent } = longHistory(700);
    made.release('aws', 'old');
    const { found, opened } = await look({ uri: shallowCopyOf(made, depth) });
    expect(found).toEqual({ 'aws/busy': recent });
    expect(await opened.isInHistory(made.git('rev-parse', 'main~10'))).toBe(true);
    expect(await opened.isInHistory(made.git('rev-parse', 'main~400'))).toBe(false);
    const operations: string[] = [];
    await opened.operationsSince(made.head(), 0, ({ commit }) => void operations.push(commit));
    expect(operations).toHaveLength(depth - 1);
  });

  it.each([50, 150])('leaves a claim that is older than its %i commits unknown', async (depth) => {
    const { made, recent } = longHistory(700);
    const { found, claims } = await look({ uri: shallowCopyOf(made, depth) });
    expect(found).toEqual({ 'aws/old': NO_COMMIT, 'aws/busy': recent });
    const unknown = claims.find(({ commit }) => commit === NO_COMMIT);
    expect(unknown).toMatchObject({
      committedAt: null,
      owner: { kind: 'unknown', url: null },
      isRoot: false,
    });
  });
});
