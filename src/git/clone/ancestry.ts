import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { boundaryOf, initRepository } from './clone.ts';
import { type History, isLocalAncestor } from './history.ts';
import { objectFormatOf } from './host-features.ts';
import { REMOTE, type Remote } from './remote.ts';

/** Whether `head` can be reached from the commit, fetching as much of the history as it takes to know. */
export async function isAncestor(
  remote: Remote,
  history: History,
  commit: string,
  head: string,
): Promise<boolean> {
  if (objectFormatOf(commit) !== objectFormatOf(head)) return false;
  for (let isFirst = true; ; isFirst = false) {
    if (await isLocalAncestor(history.clone, commit, head)) return true;
    if (boundaryOf(history.clone).size === 0) return false;
    // The history need not be fetched to its end for a commit that the server does not have.
    if (isFirst && (await isGoneFromServer(remote, commit))) return false;
    if (!(await history.deepen())) return false;
  }
}

/**
 * Whether the server says that it has no such commit. It is asked from a repository of its own: a single commit would
 * be one more boundary in the clone. Servers that give out no commit by its id leave the question open: false.
 */
async function isGoneFromServer(remote: Remote, commit: string): Promise<boolean> {
  const directory = join(remote.folder, 'question');
  initRepository(directory, objectFormatOf(commit));
  const options = ['--depth=1', '--filter=tree:0', '--no-tags', '--no-write-fetch-head'];
  const { status, stderr } = await remote
    .cloneIn(directory)
    .remoteGit({ args: ['fetch', ...options, REMOTE, commit] });
  rmSync(directory, { recursive: true, force: true });
  return status !== 0 && stderr.includes(`not our ref ${commit}`);
}
