import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { identityOf } from '../../../src/git/clone/process-identity.ts';
import { makeRunFolder } from '../../../src/git/clone/run-folder.ts';
import { createLifetime } from '../../../src/runtime/lifetime.ts';
import { makeRepository } from '../make-repository.ts';
import { open } from '../open.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const DEAD = identityOf(process.pid).replace(/^\d+/, '9999999');

function leave(root: string, name: string, owner: string | null): void {
  mkdirSync(`${root}/${name}/repository`, { recursive: true });
  if (owner !== null) writeFileSync(`${root}/${name}/process`, owner);
}

describe('the folder of a run', () => {
  it('goes with the run', () => {
    const root = temporaryFolder();
    const lifetime = createLifetime();
    const folder = makeRunFolder(root, lifetime);
    expect(existsSync(folder)).toBe(true);
    lifetime.end();
    expect(readdirSync(root)).toEqual([]);
  });

  it('takes away those of killed runs, and nothing else', () => {
    const root = temporaryFolder();
    leave(root, 'pool-boy-run-aaaaaa', DEAD);
    leave(root, 'pool-boy-run-bbbbbb', identityOf(process.pid));
    leave(root, 'pool-boy-run-cccccc', null);
    leave(root, 'pool-boy-run-dddddd', DEAD.replace(/_\d*$/, '_1'));
    leave(root, 'pool-boy-run-eeeeee', identityOf(process.pid).replace(/_\d*_/, '_1_'));
    leave(root, 'pool-boy-cache-7', DEAD);
    leave(root, 'elsewhere', DEAD);
    symlinkSync(`${root}/elsewhere`, `${root}/pool-boy-run-ffffff`);
    const lifetime = createLifetime();
    makeRunFolder(root, lifetime);
    lifetime.end();
    expect(readdirSync(root).sort()).toEqual([
      'elsewhere',
      'pool-boy-cache-7',
      'pool-boy-run-bbbbbb',
      'pool-boy-run-cccccc',
      'pool-boy-run-dddddd',
      'pool-boy-run-ffffff',
    ]);
    expect(readdirSync(`${root}/elsewhere`)).toEqual(['process', 'repository']);
  });

  it('is asked for in words where it cannot be made', async () => {
    const { uri } = makeRepository();
    const missing = `${temporaryFolder()}/missing`;
    await expect(open({ uri, environment: { TMPDIR: missing } })).rejects.toMatchObject({
      kind: 'no-folder',
      message: `No folder could be made in the temporary folder ${missing} (ENOENT); set TMPDIR to one that can be written to.`,
    });
  });
});
