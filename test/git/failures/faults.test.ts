import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { makeRepository, type TestRepository } from '../make-repository.ts';
import { open, opening } from '../open.ts';
import { RUN, releaseOf } from '../sample-release.ts';
import { temporaryFolder } from '../temporary-folder.ts';

function claimedPool(): TestRepository {
  const made = makeRepository();
  made.addUnclaimed('aws', 'spare');
  made.addClaimed('aws', 'a');
  return made;
}

function addHook(made: TestRepository, name: string, script: string): void {
  mkdirSync(`${made.path}/hooks`, { recursive: true });
  writeFileSync(`${made.path}/hooks/${name}`, `#!/bin/sh\n${script}\n`);
  chmodSync(`${made.path}/hooks/${name}`, 0o755);
}

/** Waits for something that another process does. */
async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1000 && !isSo(); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect(isSo()).toBe(true);
}

describe('a push that hangs in a hook of the server', () => {
  it('is stopped with the run, and lands wholly or not at all', async () => {
    const made = claimedPool();
    const reached = `${temporaryFolder()}/reached`;
    addHook(made, 'pre-receive', `touch '${reached}'; exec sleep 600`);
    const before = made.head();
    const { repository, lifetime } = opening({ uri: made.uri });
    const opened = await repository;
    const pushed = opened.push([releaseOf('a')], await opened.fetch(), RUN);
    await until(() => existsSync(reached));
    lifetime.stop();
    await expect(pushed).rejects.toMatchObject({
      isOutcomeUnknown: true,
      message: expect.stringContaining("git log --grep='Run: a-run' origin/main"),
    });
    expect(made.head()).toBe(before);
    expect(made.git('fsck', '--strict')).toBe('');
  });

  it('is given up after a while', async () => {
    const made = claimedPool();
    addHook(made, 'pre-receive', 'exec sleep 600');
    const before = made.head();
    const repository = await open({ uri: made.uri, patience: 2000 });
    const base = await repository.fetch();
    await expect(repository.push([releaseOf('a')], base, RUN)).rejects.toMatchObject({
      kind: 'timed-out',
      isWorthRetry: true,
    });
    expect(made.head()).toBe(before);
  });
});

const mounts: string[] = [];

afterEach(() => {
  for (const folder of mounts.splice(0)) spawnSync('umount', [folder]);
});

/** A folder with very little space; null where this machine allows no mounts. */
function tinyFolder(): string | null {
  const folder = temporaryFolder();
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'none', folder]).status !== 0) return null;
  mounts.push(folder);
  return folder;
}

describe('a full disk', () => {
  it('is told as such', async () => {
    const folder = tinyFolder();
    if (folder === null) {
      process.stderr.write('skipped: this machine allows no small file system\n');
      return;
    }
    const made = makeRepository();
    made.addUnclaimed('aws', 'a');
    const large = execFileSync('head', ['-c', '1000000', '/dev/urandom']).toString('base64');
    made.commitByHand('large', [{ write: 'large', content: large }]);
    const fetched = open({ uri: made.uri, environment: { TMPDIR: folder } }).then((one) => one.fetch());
    await expect(fetched).rejects.toMatchObject({
      kind: 'disk-full',
      message:
        'The disk is full: git could not write its clone of the repository; free some space, or set TMPDIR to a folder with more.',
    });
  });
});

describe('what the repository brings', () => {
  it('never runs: hooks and filters', async () => {
    const made = claimedPool();
    const sign = `${temporaryFolder()}/ran`;
    made.commitByHand('attributes', [
      { write: '.gitattributes', content: '* filter=evil\n' },
      { write: '.gitmodules', content: `[submodule "x"]\npath = x\nurl = ext::touch ${sign}\n` },
      { write: 'x', content: '', mode: '100644' },
    ]);
    const gitConfig = [
      { name: 'core.hooksPath', value: `${made.path}/hooks` },
      { name: 'filter.evil.smudge', value: `touch ${sign}` },
      { name: 'core.fsmonitor', value: `touch ${sign}` },
    ];
    addHook(made, 'pre-push', `touch ${sign}`);
    addHook(made, 'reference-transaction', '[ "$GIT_QUARANTINE_PATH" ] || exit 0');
    const repository = await open({ uri: made.uri, gitConfig });
    expect(await repository.push([releaseOf('a')], await repository.fetch(), RUN)).toMatchObject({
      kind: 'pushed',
    });
    expect(existsSync(sign)).toBe(false);
  });

  it('cannot make git use another transport by its settings', async () => {
    const sign = `${temporaryFolder()}/ran`;
    const gitConfig = [
      { name: `url.ext::touch ${sign} .insteadOf`, value: 'file:' },
      { name: 'protocol.ext.allow', value: 'always' },
    ];
    const fetched = open({ uri: claimedPool().uri, gitConfig }).then((one) => one.fetch());
    await expect(fetched).rejects.toThrow("transport 'ext' not allowed");
    expect(existsSync(sign)).toBe(false);
  });
});
