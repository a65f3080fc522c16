import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { startAgent } from '../../../src/git/access/ssh-agent.ts';
import { createLifetime } from '../../../src/runtime/lifetime.ts';
import { temporaryFolder } from '../temporary-folder.ts';

async function start(folder: string): Promise<unknown> {
  const lifetime = createLifetime();
  const key = { text: 'not looked at', passphrase: 'secret', description: null };
  try {
    return await startAgent(folder, key, { PATH: process.env.PATH ?? '' }, lifetime);
  } finally {
    lifetime.end();
  }
}

it('blames the temporary folder, not the key, where its name is too long', async () => {
  const folder = `${temporaryFolder()}/${'x'.repeat(100)}/run`;
  mkdirSync(folder, { recursive: true });
  await expect(start(folder)).rejects.toMatchObject({
    kind: 'no-folder',
    message: expect.stringContaining('is too long for a socket of ssh-agent; set TMPDIR to a shorter one.'),
  });
});

it('blames the temporary folder, not the passphrase, where it runs no program', async () => {
  const folder = temporaryFolder();
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k,noexec', 'none', folder]).status !== 0) {
    process.stderr.write('skipped: this machine allows no file system of its own\n');
    return;
  }
  try {
    await expect(start(folder)).rejects.toMatchObject({
      kind: 'no-folder',
      message: expect.stringContaining('set TMPDIR to one without noexec.'),
    });
  } finally {
    spawnSync('umount', ['-l', folder]);
  }
});
