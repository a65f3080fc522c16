import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { relative } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { identityOf } from '../../../src/git/clone/process-identity.ts';
import { GitFailure } from '../../../src/git/failures/git-failure.ts';
import { uniqueId } from '../../../src/runtime/unique-id.ts';
import { makeRepository, type TestRepository } from '../make-repository.ts';
import { opening } from '../open.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** One run of `check` as far as git is concerned; what it found, and the git commands that it took. */
async function look(
  made: TestRepository,
  folder: string,
  more: { branch?: string | null; isHeld?: boolean } = {},
) {
  const { branch = 'main', isHeld = false } = more;
  const { repository, logged, lifetime } = opening({
    uri: made.uri,
    branch,
    isCached: true,
    environment: { TMPDIR: folder },
  });
  const opened = await repository;
  const head = await opened.fetch().catch((error: unknown) => {
    lifetime.end();
    throw error;
  });
  const pools = await opened.poolsAt(head);
  const locks = pools.flatMap(({ name, claimed }) =>
    (claimed ?? []).map((lock) => ({ pool: name, name: lock })),
  );
  const claims = await opened.claimsAt(head, locks);
  const found = Object.fromEntries(
    locks.map(({ pool, name }, at) => [`${pool}/${name}`, claims[at]?.commit]),
  );
  const commands = logged.flatMap((line) => /^debug: git (\S+)/.exec(line)?.[1] ?? []);
  if (!isHeld) lifetime.end();
  return {
    head,
    found,
    commands,
    /** The copy was made in this run. */
    isNewCopy: logged.some((line) => /^debug: git fetch .*--depth=/.test(line)),
    warnings: logged.filter((line) => line.startsWith('warning')),
    lifetime,
    opened,
  };
}

function cacheIn(folder: string): string {
  const [home = ''] = readdirSync(folder).filter((name) => name.startsWith('pool-boy-cache-'));
  const [key = ''] = readdirSync(`${folder}/${home}`);
  return `${folder}/${home}/${key}`;
}

function claimedPool(): { made: TestRepository; claim: string } {
  const made = makeRepository();
  made.addUnclaimed('aws', 'env');
  made.addUnclaimed('aws', 'busy');
  const claim = made.claim('aws', 'env');
  return { made, claim };
}

const mounts: string[] = [];

afterEach(() => {
  for (const folder of mounts.splice(0)) spawnSync('umount', [folder]);
});

describe('a kept copy', () => {
  it('takes one look at the remote, and nothing else, when nothing is new', async () => {
    const { made, claim } = claimedPool();
    const folder = temporaryFolder();
    const cold = await look(made, folder);
    expect(cold.found).toEqual({ 'aws/env': claim });
    const warm = await look(made, folder);
    expect(warm).toMatchObject({ head: made.head(), found: { 'aws/env': claim }, commands: ['ls-remote'] });
    const byHead = await look(made, folder, { branch: null });
    expect(byHead).toMatchObject({ found: { 'aws/env': claim }, commands: ['ls-remote'] });
  });

  it('is not misled by a branch whose name ends like the wanted one', async () => {
    const { made, claim } = claimedPool();
    const folder = temporaryFolder();
    made.startBranch('a/refs/heads/main', 'main~1');
    await look(made, folder);
    const warm = await look(made, folder);
    expect(warm).toMatchObject({ head: made.head(), found: { 'aws/env': claim }, commands: ['ls-remote'] });
  });

  it('walks only what is new', async () => {
    const { made, claim } = claimedPool();
    const folder = temporaryFolder();
    await look(made, folder);
    const second = made.claim('aws', 'busy');
    expect((await look(made, folder)).found).toEqual({ 'aws/env': claim, 'aws/busy': second });
    made.release('aws', 'env');
    made.renamePool('aws', 'amazon');
    expect((await look(made, folder)).found).toEqual({ 'amazon/busy': second });
    const again = made.claim('amazon', 'env');
    const news = await look(made, folder);
    expect(news.found).toEqual({ 'amazon/busy': second, 'amazon/env': again });
    expect(news.commands).toEqual(['ls-remote', 'fetch', 'ls-tree', 'log', 'cat-file']);
    expect((await look(made, folder)).commands).toEqual(['ls-remote']);
  });

  it('remembers that an older version is in the history', async () => {
    const { made, claim } = claimedPool();
    const folder = temporaryFolder();
    const cold = await look(made, folder, { isHeld: true });
    expect(await cold.opened.isInHistory(claim)).toBe(true);
    made.release('aws', 'env');
    const news = await look(made, folder, { isHeld: true });
    cold.lifetime.end();
    news.lifetime.end();
    const owned = await look(made, folder, { isHeld: true });
    expect(await owned.opened.isInHistory(claim)).toBe(true);
    owned.lifetime.end();
    const warm = await look(made, folder, { isHeld: true });
    expect(await warm.opened.isInHistory(claim)).toBe(true);
    expect(warm.commands).toEqual(['ls-remote']);
  });

  it('follows merges that fork before what is known', async () => {
    const { made, claim } = claimedPool();
    const folder = temporaryFolder();
    made.startBranch('side', 'main~1');
    await look(made, folder);
    const other = made.claim('aws', 'busy', { branch: 'side' });
    made.merge('side', [{ move: 'aws/unclaimed/busy', to: 'aws/claimed/busy' }]);
    expect((await look(made, folder)).found).toEqual({ 'aws/env': claim, 'aws/busy': other });
  });

  it('is not trusted when the branch was rewritten', async () => {
    const { made } = claimedPool();
    const folder = temporaryFolder();
    const before = await look(made, folder);
    made.git('update-ref', 'refs/heads/main', 'main~1');
    const claim = made.claim('aws', 'env', { message: 'by somebody else' });
    const after = await look(made, folder, { isHeld: true });
    expect(after.found).toEqual({ 'aws/env': claim });
    expect(await after.opened.isInHistory(before.head)).toBe(false);
  });

  it('is not waited for when another run has it', async () => {
    const { made, claim } = claimedPool();
    const folder = temporaryFolder();
    const first = await look(made, folder, { isHeld: true });
    made.claim('aws', 'busy');
    const second = await look(made, folder);
    expect(second.found).toMatchObject({ 'aws/env': claim });
    expect(second.isNewCopy).toBe(true);
    first.lifetime.end();
    expect((await look(made, folder)).commands).toEqual(['ls-remote', 'fetch', 'ls-tree', 'log', 'cat-file']);
  });

  it('is right in the end, and in between, with many runs at once', async () => {
    const { made } = claimedPool();
    const folder = temporaryFolder();
    for (let round = 0; round < 3; round += 1) {
      const runs = Array.from({ length: 4 }, () => look(made, folder));
      const newest = round % 2 === 0 ? made.claim('aws', 'busy') : made.release('aws', 'busy');
      for (const { head, found } of await Promise.all(runs)) {
        const isNew = head === newest;
        const isClaimed = (round % 2 === 0) === isNew;
        expect(Object.keys(found).includes('aws/busy')).toBe(isClaimed);
      }
    }
  });

  it('is taken over from a run that was killed', async () => {
    const { made, claim } = claimedPool();
    const folder = temporaryFolder();
    await look(made, folder);
    const cache = cacheIn(folder);
    writeFileSync(`${cache}/lock-${uniqueId()}-${identityOf(process.pid).replace(/^\d+/, '9999999')}`, '');
    writeFileSync(`${cache}/repository/shallow.lock`, '');
    writeFileSync(`${cache}/repository/refs/pool-boy/head.lock`, '');
    const second = made.claim('aws', 'busy');
    const { found, isNewCopy, warnings } = await look(made, folder);
    expect(found).toEqual({ 'aws/env': claim, 'aws/busy': second });
    expect(isNewCopy).toBe(false);
    expect(warnings).toEqual([]);
  });

  it.each<[string, (cache: string) => void]>([
    ['whose facts are cut off', (cache) => truncate(`${cache}/head.json`)],
    ['whose facts differ in one character', changeOneCharacter],
    ['whose facts are not JSON', (cache) => writeFileSync(`${cache}/head.json`, 'hello')],
    ['whose objects are gone', (cache) => rmSync(`${cache}/repository/objects`, { recursive: true })],
    ['whose head is garbage', (cache) => writeFileSync(`${cache}/repository/HEAD`, 'x')],
    ['whose ref is garbage', (cache) => writeFileSync(`${cache}/repository/refs/pool-boy/head`, 'x')],
    ['whose packs are garbage', spoilObjects],
    ['that is gone', (cache) => rmSync(`${cache}/repository`, { recursive: true })],
  ])('%s is made anew', async (_name, damage) => {
    const { made, claim } = claimedPool();
    const folder = temporaryFolder();
    await look(made, folder);
    damage(cacheIn(folder));
    const second = made.claim('aws', 'busy');
    expect((await look(made, folder)).found).toEqual({ 'aws/env': claim, 'aws/busy': second });
    expect((await look(made, folder)).commands).toEqual(['ls-remote']);
  });

  it('is for its owner only, and not used where somebody else could have laid it', async () => {
    const { made, claim } = claimedPool();
    const folder = temporaryFolder();
    await look(made, folder);
    const home = `${cacheIn(folder)}/..`;
    expect(statSync(home).mode & 0o777).toBe(0o700);
    chmodSync(home, 0o777);
    expect((await look(made, folder)).isNewCopy).toBe(true);
    const other = temporaryFolder();
    const uid = process.getuid?.() ?? 0;
    mkdirSync(`${other}/elsewhere`, { mode: 0o700 });
    symlinkSync(`${other}/elsewhere`, `${other}/pool-boy-cache-${uid}`);
    const linked = await look(made, other);
    expect(linked.found).toEqual({ 'aws/env': claim });
    expect((await look(made, other)).isNewCopy).toBe(true);
  });

  it('makes nothing where a link of somebody else leads', async () => {
    const folder = temporaryFolder();
    mkdirSync(`${folder}/elsewhere`, { mode: 0o755 });
    symlinkSync(`${folder}/elsewhere`, `${folder}/pool-boy-cache-${process.getuid?.() ?? 0}`);
    expect((await look(claimedPool().made, folder)).isNewCopy).toBe(true);
    expect(readdirSync(`${folder}/elsewhere`)).toEqual([]);
  });

  it('is taken over with what a killed run had not put in place yet removed', async () => {
    const { made } = claimedPool();
    const folder = temporaryFolder();
    await look(made, folder);
    writeFileSync(`${cacheIn(folder)}/head.json.01234567-89ab-cdef-0123-456789abcdef`, 'half');
    made.claim('aws', 'busy');
    await look(made, folder);
    expect(readdirSync(cacheIn(folder)).sort()).toEqual(['head.json', 'repository']);
  });

  it('is found in a temporary folder that is named by a relative path', async () => {
    const { made, claim } = claimedPool();
    const folder = relative(process.cwd(), temporaryFolder());
    expect((await look(made, folder)).found).toEqual({ 'aws/env': claim });
    expect((await look(made, folder)).commands).toEqual(['ls-remote']);
  });

  it('is not made again for a server that hangs up', async () => {
    const { made, claim } = claimedPool();
    const folder = temporaryFolder();
    await look(made, folder);
    const second = made.claim('aws', 'busy');
    const path = made.path;
    renameSync(`${path}/objects`, `${path}/objects-away`);
    await expect(look(made, folder)).rejects.toBeInstanceOf(GitFailure);
    mkdirSync(`${path}/objects`);
    await expect(look(made, folder)).rejects.toBeInstanceOf(GitFailure);
    rmSync(`${path}/objects`, { recursive: true });
    renameSync(`${path}/objects-away`, `${path}/objects`);
    const after = await look(made, folder);
    expect(after).toMatchObject({ found: { 'aws/env': claim, 'aws/busy': second }, isNewCopy: false });
  });

  const withCacheOn = (options: string, then: string[] | null) => {
    const folder = temporaryFolder();
    const home = `${folder}/pool-boy-cache-${process.getuid?.() ?? 0}`;
    mkdirSync(home, { mode: 0o700 });
    const mount = (...args: string[]) => spawnSync('mount', [...args, home]).status === 0;
    if (!mount('-t', 'tmpfs', '-o', `mode=700,${options}`, 'none')) return null;
    mounts.push(home);
    if (then !== null) mount(...then);
    return { folder, home };
  };

  it.each<[string, string, string[] | null, string]>([
    ['read-only', 'size=1m', ['-o', 'remount,ro'], 'EROFS'],
    ['full', 'size=16k', null, 'ENOSPC'],
  ])('is done without, with one warning, where its folder is %s', async (_what, options, then, reason) => {
    const cache = withCacheOn(options, then);
    if (cache === null) {
      process.stderr.write('skipped: this machine allows no small file system\n');
      return;
    }
    const { made, claim } = claimedPool();
    for (const _run of [1, 2]) {
      const { found, warnings } = await look(made, cache.folder);
      expect(found).toEqual({ 'aws/env': claim });
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toMatch(`warning: The cache ${cache.home}`);
      expect(warnings[0]).toMatch('so the branch is fetched again each time');
      if (reason === 'EROFS') expect(warnings[0]).toMatch('(EROFS)');
    }
  });

  it('never has two holders, however many take it over from a killed one at once', async () => {
    const folder = temporaryFolder();
    const program = `${folder}/take.ts`;
    const module = new URL('../../../src/git/clone/clone-cache.ts', import.meta.url).pathname;
    // Each turn all of them start at one moment; who has it holds it until all have been told of.
    writeFileSync(
      program,
      `import { openCache } from '${module}';
      let ends = [];
      process.on('message', (turn) => {
        if (turn === 'end') {
          for (const end of ends) end();
          return process.send('done');
        }
        ends = [];
        const cache = openCache('${folder}', ['x'], {
          lifetime: { signal: new AbortController().signal, atEnd: (end) => ends.push(end) },
          log: { warn: () => {} },
        });
        while (Date.now() < turn);
        const has = cache.lock();
        process.send(has);
      });`,
    );
    const runs = Array.from({ length: 4 }, () => fork(program, { execArgv: ['--no-warnings'] }));
    const ask = (message: number | string) =>
      Promise.all(
        runs.map(async (run) => {
          run.send(message);
          const [answer] = await once(run, 'message');
          return answer as unknown;
        }),
      );
    await ask(0);
    await ask('end');
    const dead = `lock-${'0'.repeat(36)}-${identityOf(process.pid).replace(/^\d+/, '9999999')}`;
    let most = 0;
    for (let turn = 0; turn < 50; turn += 1) {
      writeFileSync(`${cacheIn(folder)}/${dead}`, '');
      const held = (await ask(Date.now() + 5)).filter((has) => has === true).length;
      most = Math.max(most, held);
      await ask('end');
    }
    const exits = runs.map((run) => once(run, 'exit'));
    for (const run of runs) run.disconnect();
    await Promise.all(exits);
    expect(most).toBe(1);
  });
});

function truncate(file: string): void {
  writeFileSync(file, readFileSync(file).subarray(0, 100));
}

/** Another claim than the one that was found, in facts that can be read. */
function changeOneCharacter(cache: string): void {
  const file = `${cache}/head.json`;
  const facts = readFileSync(file, 'utf8');
  const changed = facts.replace(/(?<="commit":")./, (digit) => (digit === '0' ? '1' : '0'));
  expect(changed).not.toBe(facts);
  writeFileSync(file, changed);
}

function spoilObjects(cache: string): void {
  const objects = `${cache}/repository/objects`;
  for (const folder of readdirSync(objects)) {
    for (const name of readdirSync(`${objects}/${folder}`)) {
      chmodSync(`${objects}/${folder}/${name}`, 0o600);
      writeFileSync(`${objects}/${folder}/${name}`, 'garbage');
    }
  }
}
