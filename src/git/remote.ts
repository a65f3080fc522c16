import { readFile } from 'node:fs/promises';
import { failureOf, GitFailure, type Place } from './failures.ts';
import type { Git } from './git-command.ts';

/** The name under which git's settings know the remote; its URL, which may hold a secret, is never in argv. */
export const REMOTE = 'pool-boy';
const HEAD_REF = 'refs/pool-boy/head';

/** Our private copy of one branch of a remote. */
export interface Copy {
  /** For commands that stay at home. */
  readonly git: Git;
  /** For commands that talk to the remote: with its address, and what lets us in. */
  readonly remoteGit: Git;
  readonly directory: string;
  readonly place: Place;
  /** A failure in better words, where asking around can find them. */
  explain(failure: GitFailure): Promise<GitFailure>;
}

/** How much of the history a fetch asks for: to this depth, more than is there, or what is new. */
export type Amount =
  | { readonly kind: 'to-depth'; readonly commits: number }
  | { readonly kind: 'deepen'; readonly commits: number }
  | { readonly kind: 'news' };

const FETCH = [
  'fetch',
  '--progress',
  '--no-tags',
  '--no-write-fetch-head',
  '--no-auto-maintenance',
  '--no-recurse-submodules',
  '--update-shallow',
];

/** One contact with the remote; gives the branch's head commit. */
export async function fetchBranch(copy: Copy, branch: string, amount: Amount): Promise<string> {
  const refspec = `+refs/heads/${branch}:${HEAD_REF}`;
  const outcome = await copy.remoteGit({ args: [...FETCH, ...depthOption(amount), REMOTE, refspec] });
  if (outcome.status !== 0) {
    const failure = failureOf(outcome, { ...copy.place, branch });
    throw failure.kind === 'no-branch'
      ? await explainMissing(copy, branch, failure)
      : await copy.explain(failure);
  }
  return (await readFile(`${copy.directory}/${HEAD_REF}`, 'latin1')).trim();
}

function depthOption(amount: Amount): string[] {
  switch (amount.kind) {
    case 'to-depth':
      return [`--depth=${amount.commits}`];
    case 'deepen':
      return [`--deepen=${amount.commits}`];
    case 'news':
      return [];
  }
}

/** The branches that are there help to find a typo, and an empty repository has none. */
async function explainMissing(copy: Copy, branch: string, failure: GitFailure): Promise<GitFailure> {
  const { uri } = copy.place;
  const { status, stdout } = await copy.remoteGit({ args: ['ls-remote', '--heads', REMOTE] });
  if (status !== 0) return failure;
  const names = [...stdout.toString('utf8').matchAll(/\trefs\/heads\/(.+)$/gm)].map(([, name = '']) => name);
  if (names.length === 0) return emptyRepository(uri);
  const shown = names.slice(0, 10).join(', ');
  const more = names.length > 10 ? ` and ${names.length - 10} more` : '';
  return new GitFailure('no-branch', `${uri} has no branch ${branch}; it has ${shown}${more}.`);
}

function emptyRepository(uri: string): GitFailure {
  return new GitFailure('empty-repository', `${uri} is empty: it has no branch yet.`);
}

/** One contact with the remote: which branch its HEAD names. */
export async function defaultBranch(copy: Copy): Promise<string> {
  const { uri } = copy.place;
  const outcome = await copy.remoteGit({ args: ['ls-remote', '--symref', REMOTE, 'HEAD'] });
  if (outcome.status !== 0) throw await copy.explain(failureOf(outcome, copy.place));
  const answer = outcome.stdout.toString('utf8');
  const branch = /^ref: refs\/heads\/(.+)\tHEAD$/m.exec(answer)?.[1];
  if (branch !== undefined && /^[0-9a-f]{40,}\tHEAD$/m.test(answer)) return branch;
  if (answer === '' || branch !== undefined) {
    const { stdout } = await copy.remoteGit({ args: ['ls-remote', '--heads', REMOTE] });
    if (stdout.length === 0) throw emptyRepository(uri);
  }
  throw new GitFailure('no-default-branch', `The HEAD of ${uri} names no branch that is there; set branch.`);
}

/** The commits whose parents the copy lacks. What they seem to have added proves nothing. */
export async function boundaryOf({ directory }: Copy): Promise<ReadonlySet<string>> {
  try {
    const lines = await readFile(`${directory}/shallow`, 'latin1');
    return new Set(lines.split('\n').filter((line) => line !== ''));
  } catch (error) {
    if (isMissing(error)) return new Set();
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
