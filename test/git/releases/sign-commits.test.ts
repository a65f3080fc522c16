import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { GitSetting } from '../../../src/core/source/repository-source.ts';
import { makeKey, SSHD, startSshd } from '../access/start-sshd.ts';
import { makeRepository, type TestRepository } from '../make-repository.ts';
import { describeWith } from '../needs.ts';
import { type Opening, open } from '../open.ts';
import { RUN, releaseOf } from '../sample-release.ts';
import { temporaryFolder } from '../temporary-folder.ts';

function claimedPool(): TestRepository {
  const made = makeRepository();
  made.addUnclaimed('aws', 'spare');
  for (const lock of ['a', 'b', 'c\n']) made.addClaimed('aws', lock);
  return made;
}

function settings(values: Readonly<Record<string, string>>): GitSetting[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

async function releaseAll(made: TestRepository, source: Partial<Opening>) {
  const repository = await open({ uri: made.uri, ...source });
  return repository.push(['a', 'b', 'c\n'].map(releaseOf), await repository.fetch(), RUN);
}

/** Who signed the newest three commits, by git itself. */
function signersOf(made: TestRepository, config: readonly string[], env: NodeJS.ProcessEnv = {}): string[] {
  return ['main~2', 'main~1', 'main'].map((commit) => {
    const { status, stderr } = spawnSync('git', ['-C', made.path, ...config, 'verify-commit', commit], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
    });
    return status === 0
      ? (/Good (?:"git" )?signature (?:for|from) "?([^" ]+)/.exec(stderr)?.[1] ?? stderr)
      : stderr;
  });
}

function trustIn(publicKey: string): string[] {
  const file = `${temporaryFolder()}/allowed`;
  writeFileSync(file, `pool-boy ${publicKey}\n`);
  return ['-c', `gpg.ssh.allowedSignersFile=${file}`];
}

describeWith(['/usr/bin/ssh-keygen'])('releases that are signed with an SSH key', () => {
  const key = makeKey('-t', 'ed25519');

  function keyFile(): string {
    const file = `${temporaryFolder()}/key`;
    writeFileSync(file, key.privateKey, { mode: 0o600 });
    writeFileSync(`${file}.pub`, key.publicKey);
    return file;
  }

  it.each(['true', 'yes', '1', 'On'])('from a file, with commit.gpgSign: %s', async (value) => {
    const made = claimedPool();
    const before = made.head();
    const signed = { 'commit.gpgSign': value, 'gpg.format': 'ssh', 'user.signingKey': keyFile() };
    const result = await releaseAll(made, { gitConfig: settings(signed) });
    const commits = made.git('rev-list', '--reverse', `${before}..main`).split('\n');
    expect(result).toEqual({ kind: 'pushed', head: made.head(), commits });
    expect(signersOf(made, trustIn(key.publicKey))).toEqual(['pool-boy', 'pool-boy', 'pool-boy']);
  });

  it('are but for the signature those that are not signed', async () => {
    const [signed, plain] = [claimedPool(), claimedPool()];
    const identity = { 'user.name': 'CI Bot', 'user.email': 'ci@example.com' };
    const signing = { 'commit.gpgSign': 'true', 'gpg.format': 'ssh', 'user.signingKey': keyFile() };
    await releaseAll(signed, { gitConfig: settings({ ...identity, ...signing }) });
    await releaseAll(plain, { gitConfig: settings({ ...identity, 'commit.gpgSign': 'false' }) });
    const content = (made: TestRepository) =>
      ['main~2', 'main~1', 'main'].map((commit) => [
        made.git('show', '-s', '--format=%T|%an <%ae> %at|%cn <%ce> %ct|%B', commit),
        made.git('show', '--format=', '--name-status', '-M100%', commit),
      ]);
    expect(content(signed)).toEqual(content(plain));
    expect(plain.git('cat-file', 'commit', 'main')).not.toContain('gpgsig');
  });

  it('fail with the reason, and release nothing, where the key is not there', async () => {
    const made = claimedPool();
    const before = made.head();
    const signing = { 'commit.gpgSign': 'true', 'gpg.format': 'ssh', 'user.signingKey': '/no/such/key' };
    await expect(releaseAll(made, { gitConfig: settings(signing) })).rejects.toMatchObject({
      kind: 'cannot-sign',
      isWorthRetry: false,
      message: expect.stringMatching(
        /^The commits cannot be signed, as commit\.gpgsign in git_config asks \(.*\/no\/such\/key.*\), so nothing was pushed; check user\.signingkey and gpg\.format in git_config\.$/,
      ),
    });
    expect(made.head()).toBe(before);
  });
});

describeWith([SSHD, '/usr/bin/ssh-agent'])('releases over SSH that are signed by the agent', () => {
  it.each<[string, (publicKey: string) => Readonly<Record<string, string>>]>([
    ['with the key that user.signingkey names', (publicKey) => ({ 'user.signingkey': `key::${publicKey}` })],
    ['with private_key where user.signingkey is not set', () => ({})],
  ])('%s', async (_name, more) => {
    const server = await startSshd();
    const key = makeKey('-t', 'ed25519', '-N', 'pass phrase');
    server.authorize(key);
    const made = claimedPool();
    const result = await releaseAll(made, {
      uri: server.uriOf(made.path),
      privateKey: key.privateKey,
      privateKeyPassphrase: 'pass phrase',
      knownHosts: [server.knownHost],
      gitConfig: settings({ 'commit.gpgsign': 'true', 'gpg.format': 'ssh', ...more(key.publicKey) }),
    });
    expect(result).toMatchObject({ kind: 'pushed', head: made.head() });
    expect(signersOf(made, trustIn(key.publicKey))).toEqual(['pool-boy', 'pool-boy', 'pool-boy']);
  });
});

describe('releases that are signed with OpenPGP', () => {
  it('fail with the reason where gpg is not there', async () => {
    const made = claimedPool();
    const before = made.head();
    const signing = { 'commit.gpgsign': 'true', 'gpg.program': '/no/such/gpg', 'user.signingkey': 'x' };
    await expect(releaseAll(made, { gitConfig: settings(signing) })).rejects.toMatchObject({
      kind: 'cannot-sign',
      message: expect.stringMatching(
        /\(cannot (?:run|exec) '?\/no\/such\/gpg'?: No such file or directory\)/,
      ),
    });
    expect(made.head()).toBe(before);
  });

  it('fail with the words of gpg, where git passes them on (2.40 and newer)', async () => {
    const program = `${temporaryFolder()}/gpg`;
    writeFileSync(program, '#!/bin/sh\necho \'gpg: skipped "x": No secret key\' >&2\nexit 2\n');
    chmodSync(program, 0o755);
    const signing = { 'commit.gpgsign': 'true', 'gpg.program': program, 'user.signingkey': 'x' };
    await expect(releaseAll(claimedPool(), { gitConfig: settings(signing) })).rejects.toMatchObject({
      kind: 'cannot-sign',
      message: expect.stringMatching(/\(gpg: skipped "x": No secret key\)|gives no reason/),
    });
  });
});

describeWith(['/usr/bin/gpg'])('releases that gpg signs', () => {
  it('are shown as signed by git', async () => {
    const GNUPGHOME = temporaryFolder();
    chmodSync(GNUPGHOME, 0o700);
    const gpg = (...args: string[]) =>
      spawnSync('gpg', ['--batch', '--passphrase', '', ...args], { env: { ...process.env, GNUPGHOME } });
    try {
      expect(gpg('--quick-gen-key', 'pool-boy <ci@example.com>', 'ed25519', 'sign', 'never').status).toBe(0);
      const made = claimedPool();
      const signing = { 'commit.gpgsign': 'true', 'user.signingkey': 'ci@example.com' };
      await releaseAll(made, { gitConfig: settings(signing), environment: { GNUPGHOME } });
      expect(signersOf(made, [], { GNUPGHOME })).toEqual(['pool-boy', 'pool-boy', 'pool-boy']);
    } finally {
      spawnSync('gpgconf', ['--kill', 'all'], { env: { ...process.env, GNUPGHOME } });
    }
  });
});
