import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { initCopy, REMOTE, type Remote } from './remote.ts';

/**
 * Whether the server says that it has no such commit. It is asked in a repository of its own: a single commit would
 * be one more boundary in the copy. Servers that give out no commit by its id leave the question open: false.
 */
export async function isGoneFromServer(remote: Remote, commit: string): Promise<boolean> {
  const directory = join(remote.folder, 'question');
  const { remoteGit } = initCopy(remote, directory);
  const options = ['--depth=1', '--filter=tree:0', '--no-tags', '--no-write-fetch-head'];
  const { status, stderr } = await remoteGit({ args: ['fetch', ...options, REMOTE, commit] });
  rmSync(directory, { recursive: true, force: true });
  return status !== 0 && stderr.includes(`not our ref ${commit}`);
}
