import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lifetime } from '../../runtime/lifetime.ts';
import { GitFailure } from '../failures/git-failure.ts';
import { isGone, ownerOf } from './process-owner.ts';

const PREFIX = 'pool-boy-run-';
/** Says in the folder whose it is. Folders without it are none of ours. */
const OWNER = 'owner';

/** A folder for this run alone, gone with it. */
export function makeRunFolder(root: string, lifetime: Lifetime): string {
  sweep(root);
  try {
    const folder = mkdtempSync(join(root, PREFIX));
    lifetime.atEnd(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, OWNER), ownerOf(process.pid));
    return folder;
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? ` (${error.code})` : '';
    throw new GitFailure(
      'no-folder',
      `No folder could be made in the temporary folder ${root}${code}; set TMPDIR to one that can be written to.`,
    );
  }
}

/** Removes what runs left behind that were killed. A run that is removed while it lives would be worse than a rest. */
function sweep(root: string): void {
  for (const name of namesIn(root)) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(root, name);
    try {
      const stat = lstatSync(folder);
      if (!stat.isDirectory() || stat.uid !== (process.getuid?.() ?? stat.uid)) continue;
      if (isGone(readFileSync(join(folder, OWNER), 'latin1'))) {
        rmSync(folder, { recursive: true, force: true });
      }
    } catch {
      // Not ours, or another run was faster.
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
