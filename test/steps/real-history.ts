import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BUNDLE = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'runtime-ci-pools.bundle');

/** Whether the history of a real lock repository lies beside the project; what rests on it is skipped without it. */
export const hasRealHistory = existsSync(BUNDLE);

if (!hasRealHistory)
  process.stderr.write('Skipped: no real lock repository lies beside the project (shared/data).\n');

/** A bare clone of the real lock repository, in a folder of its own. */
export function cloneRealHistory(): { folder: string; repository: string } {
  const folder = mkdtempSync(join(tmpdir(), 'pool-boy-real-'));
  const repository = join(folder, 'locks.git');
  execFileSync('git', ['clone', '--quiet', '--bare', BUNDLE, repository]);
  return { folder, repository };
}
