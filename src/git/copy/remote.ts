import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseUri, shownUri } from '../../core/repository-uri.ts';
import type { GitSetting, RepositorySource } from '../../core/source/repository-source.ts';
import type { RunTools } from '../../runtime/run-tools.ts';
import { openAccess } from '../access/access.ts';
import { createGit, type Git } from '../command/git-command.ts';
import { gitEnvironment } from '../command/git-environment.ts';
import { failureOf } from '../failures/explain-outcome.ts';
import { GitFailure, type Place } from '../failures/git-failure.ts';
import { createRetrying, type Retrying } from '../failures/retry.ts';
import { makeRunFolder } from './run-folder.ts';

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
  readonly retrying: Retrying;
}

/** Lets git live with a copy that lacks contents, without writing that into the copy's own settings. */
const PARTIAL: readonly GitSetting[] = [
  { name: `remote.${REMOTE}.promisor`, value: 'true' },
  { name: `remote.${REMOTE}.partialclonefilter`, value: 'blob:none' },
];

/** The remote, and what it takes to talk to it. */
export interface Remote {
  /** For commands that need no copy. */
  readonly look: Git;
  readonly place: Place;
  /** Private to this run. */
  readonly folder: string;
  copyIn(directory: string): Copy;
  explain(failure: GitFailure): Promise<GitFailure>;
  readonly retrying: Retrying;
}

export interface RemoteTools extends Pick<RunTools, 'lifetime' | 'log' | 'mask' | 'environment'> {
  readonly patience?: number;
  readonly limit?: number;
  /** Milliseconds before a contact that failed is tried again. */
  readonly pause?: number;
}

const PATIENCE = 120_000;
const LIMIT = 15 * 60_000;
const PAUSE = 500;

export async function openRemote(source: RepositorySource, tools: RemoteTools): Promise<Remote> {
  const { lifetime, log, mask, environment: outer } = tools;
  const { patience = PATIENCE, limit = LIMIT, pause = PAUSE } = tools;
  const folder = makeRunFolder(outer.TMPDIR ?? tmpdir(), lifetime);
  const atHome = gitEnvironment(outer, source.gitConfig);
  const {
    url: address,
    settings,
    environment,
    key,
    explain,
  } = await openAccess(source, {
    folder,
    lifetime,
    mask,
    environment: atHome,
    outer,
  });
  const url = parseUri(source.uri).kind === 'path' ? resolve(source.uri) : address;
  const all = [...source.gitConfig, ...settings, { name: `remote.${REMOTE}.url`, value: url }, ...PARTIAL];
  const away = gitEnvironment(outer, all, environment);
  const place = { uri: shownUri(source.uri), branch: source.branch, key };
  const common = { lifetime, log, patience, limit };
  const retrying = createRetrying({ lifetime, log, pause });
  return {
    look: createGit({ ...common, directory: folder, isRepository: false, environment: away }),
    place,
    folder,
    explain,
    retrying,
    copyIn: (directory) => ({
      git: createGit({ ...common, directory, isRepository: true, environment: atHome }),
      remoteGit: createGit({ ...common, directory, isRepository: true, environment: away }),
      directory,
      place,
      explain,
      retrying,
    }),
  };
}

/** An empty copy, to fetch into: all that git wants to see of a bare repository, without a process for it. */
export function initCopy(remote: Remote, directory: string): Copy {
  for (const folder of ['objects', 'refs']) mkdirSync(join(directory, folder), { recursive: true });
  writeFileSync(join(directory, 'config'), '[core]\n\trepositoryformatversion = 0\n\tbare = true\n');
  writeFileSync(join(directory, 'HEAD'), `ref: ${HEAD_REF}\n`);
  return remote.copyIn(directory);
}

/** How much of the history a fetch asks for: to this depth, more than is there, or what is new. */
export type Amount =
  | { readonly kind: 'to-depth'; readonly commits: number }
  | { readonly kind: 'deepen'; readonly commits: number }
  | { readonly kind: 'news' };

const FETCH = [
  'fetch',
  // Names and ids are enough for everything here. A server that cannot filter sends the contents, too.
  '--filter=blob:none',
  '--progress',
  '--no-tags',
  '--no-write-fetch-head',
  '--no-auto-maintenance',
  '--no-recurse-submodules',
  '--update-shallow',
];

/** One contact with the remote, where it does not fail; gives the branch's head commit. */
export function fetchBranch(copy: Copy, branch: string, amount: Amount): Promise<string> {
  return copy.retrying(() => fetchOnce(copy, branch, amount));
}

async function fetchOnce(copy: Copy, branch: string, amount: Amount): Promise<string> {
  const refspec = `+refs/heads/${branch}:${HEAD_REF}`;
  const outcome = await copy.remoteGit({ args: [...FETCH, ...depthOption(amount), REMOTE, refspec] });
  if (outcome.status !== 0) {
    const failure = failureOf(outcome, { ...copy.place, branch });
    throw failure.kind === 'no-branch'
      ? await explainMissing(copy.remoteGit, copy.place.uri, branch, failure)
      : await copy.explain(failure);
  }
  return readFileSync(`${copy.directory}/${HEAD_REF}`, 'latin1').trim();
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
async function explainMissing(
  git: Git,
  uri: string,
  branch: string,
  failure: GitFailure,
): Promise<GitFailure> {
  const { status, stdout } = await git({ args: ['ls-remote', '--heads', REMOTE] });
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

export interface Seen {
  readonly branch: string;
  readonly head: string;
}

/** One contact with the remote: the head of a branch, or of the one that the remote's HEAD names (null). */
export function lookUp(remote: Remote, branch: string | null): Promise<Seen> {
  return remote.retrying(() => lookUpOnce(remote, branch));
}

async function lookUpOnce(remote: Remote, branch: string | null): Promise<Seen> {
  const { look, place } = remote;
  const patterns = branch === null ? ['--symref', REMOTE, 'HEAD'] : [REMOTE, `refs/heads/${branch}`];
  const outcome = await look({ args: ['ls-remote', ...patterns] });
  if (outcome.status !== 0) throw await remote.explain(failureOf(outcome, place));
  const answer = outcome.stdout.toString('utf8');
  const found = branch ?? /^ref: refs\/heads\/(.+)\tHEAD$/m.exec(answer)?.[1];
  // A pattern fits every ref that ends like it, so the exact one has to be picked.
  const wanted = branch === null ? 'HEAD' : `refs/heads/${branch}`;
  const lines = answer.split('\n').map((line) => line.split('\t'));
  const head = lines.find(([id = '', ref]) => ref === wanted && /^[0-9a-f]{40}$/.test(id))?.[0];
  if (found !== undefined && head !== undefined) return { branch: found, head };
  const missing =
    branch === null
      ? new GitFailure(
          'no-default-branch',
          `The HEAD of ${place.uri} names no branch that is there; set branch.`,
        )
      : new GitFailure('no-branch', `${place.uri} has no branch ${branch}; set branch to one that is there.`);
  const explained = await explainMissing(look, place.uri, branch ?? '', missing);
  throw branch === null && explained.kind === 'no-branch' ? missing : explained;
}

/** The commits whose parents the copy lacks. What they seem to have added proves nothing. */
export function boundaryOf({ directory }: Copy): ReadonlySet<string> {
  try {
    const lines = readFileSync(`${directory}/shallow`, 'latin1');
    return new Set(lines.split('\n').filter((line) => line !== ''));
  } catch (error) {
    if (isMissing(error)) return new Set();
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
