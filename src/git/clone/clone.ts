import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Git } from '../command/git-command.ts';
import type { GitFailure, RemoteContext } from '../failures/git-failure.ts';
import type { Retrying } from '../failures/retry-contacts.ts';
import type { ObjectFormat } from './host-features.ts';

/** The one ref of a clone: the branch's head when it was last fetched. */
export const HEAD_REF = 'refs/pool-boy/head';

/** Our private clone of one branch: bare, shallow, and without the contents of files. */
export interface Clone {
  /** For commands that run locally. */
  readonly git: Git;
  /** For commands that talk to the remote: with its URL and credentials. */
  readonly remoteGit: Git;
  readonly directory: string;
  readonly context: RemoteContext;
  /** A failure in better words, where further questions can find them. */
  explain(failure: GitFailure): Promise<GitFailure>;
  readonly retrying: Retrying;
}

const CONFIG: Readonly<Record<ObjectFormat, string>> = {
  sha1: '[core]\n\trepositoryformatversion = 0\n\tbare = true\n',
  sha256: '[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tobjectFormat = sha256\n',
};

/** Makes an empty repository to fetch into: all that git expects of a bare one, without a process for it. */
export function initRepository(directory: string, format: ObjectFormat): void {
  for (const folder of ['objects', 'refs']) mkdirSync(join(directory, folder), { recursive: true });
  writeFileSync(join(directory, 'config'), CONFIG[format]);
  writeFileSync(join(directory, 'HEAD'), `ref: ${HEAD_REF}\n`);
}

/**
 * The boundary of a shallow clone: commits whose parents it lacks. They seem to have added everything that they hold,
 * which proves nothing.
 */
export function boundaryOf({ directory }: Clone): ReadonlySet<string> {
  try {
    const lines = readFileSync(join(directory, 'shallow'), 'latin1');
    return new Set(lines.split('\n').filter((line) => line !== ''));
  } catch (error) {
    if (isMissing(error)) return new Set();
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
