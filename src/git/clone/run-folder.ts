import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lifetime } from '../../runtime/lifetime.ts';
import { GitFailure } from '../failures/git-failure.ts';
import { hasEnded, identityOf } from './process-identity.ts';

const PREFIX = 'pool-boy-run-';
/** The file in the folder that names its process. Folders without it are not ours. */
const PROCESS = 'process';

/**
 * A folder for this run alone, removed with it; those of killed runs are removed as well. A `GitFailure` where none
 * can be made.
 */
export function makeRunFolder(root: string, lifetime: Lifetime): string {
  sweep(root);
  try {
    const folder = mkdtempSync(join(root, PREFIX));
    lifetime.atEnd(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, PROCESS), identityOf(process.pid));
    return folder;
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? ` (${error.code})` : '';
    throw new GitFailure(
      'no-folder',
      `No folder could be made in the temporary folder ${root}${code}; set TMPDIR to one that can be written to.`,
    );
  }
}

/** Removes the folders of killed runs. To remove one of a running process would be worse than leaving some behind. */
function sweep(root: string): void {
  for (const name of namesIn(root)) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(root, name);
    try {
      const stat = lstatSync(folder);
      if (!stat.isDirectory() || stat.uid !== (process.getuid?.() ?? stat.uid)) continue;
      if (hasEnded(readFileSync(join(folder, PROCESS), 'latin1'))) {
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
