import type { Git } from '../command/git-command.ts';
import { failureOf } from '../failures/explain-outcome.ts';
import { GitFailure, type RemoteContext } from '../failures/git-failure.ts';
import { notGit } from '../failures/http-patterns.ts';
import { REMOTE, type Remote } from './remote.ts';

const COMMIT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

export interface RemoteHead {
  readonly branch: string;
  /** Its head commit. */
  readonly head: string;
}

/** One contact with the remote: the head of a branch, or of the one that the remote's HEAD names (null). */
export function lookUpHead(remote: Remote, branch: string | null): Promise<RemoteHead> {
  const patterns = branch === null ? ['--symref', REMOTE, 'HEAD'] : [REMOTE, `refs/heads/${branch}`];
  return remote.retrying(async () => (await lookUpOnce(remote, branch, ['ls-remote', ...patterns])).found);
}

/** How many refs a remote has: unless there are few, a list of all of them costs more than a request. */
export type RefCount = 'few' | 'many';

const FEW_REFS = 200;

/**
 * The same for a remote over HTTP that is asked again and again: where it has few refs, one request is enough. Protocol
 * 0 lists all refs at once, while protocol 2 first tells what it can do. `known` is null on the first time.
 */
export async function lookUpHeadOverHttp(
  remote: Remote,
  branch: string,
  known: RefCount | null,
): Promise<RemoteHead & { readonly refs: RefCount }> {
  const amongMany = async () => ({ ...(await lookUpHead(remote, branch)), refs: 'many' as const });
  if (known === 'many') return amongMany();
  const protocol = known === 'few' ? ['-c', 'protocol.version=0'] : [];
  try {
    const { found, count } = await remote.retrying(() =>
      lookUpOnce(remote, branch, [...protocol, 'ls-remote', REMOTE]),
    );
    return { ...found, refs: count > FEW_REFS ? 'many' : 'few' };
  } catch (error) {
    if (error instanceof GitFailure && error.kind === 'too-much') return amongMany();
    throw error;
  }
}

async function lookUpOnce(
  remote: Remote,
  branch: string | null,
  args: readonly string[],
): Promise<{ readonly found: RemoteHead; readonly count: number }> {
  const { git, context } = remote;
  const outcome = await git({ args });
  if (outcome.status !== 0) throw await remote.explain(failureOf(outcome, context));
  const answer = outcome.stdout.toString('utf8');
  const found = branch ?? /^ref: refs\/heads\/(.+)\tHEAD$/m.exec(answer)?.[1];
  // A pattern fits every ref that ends like it, so the exact one has to be picked.
  const wanted = branch === null ? 'HEAD' : `refs/heads/${branch}`;
  const lines = answer.split('\n').map((line) => line.split('\t'));
  const head = lines.find(([id = '', ref]) => ref === wanted && COMMIT_ID.test(id))?.[0];
  if (found !== undefined && head !== undefined)
    return { found: { branch: found, head }, count: lines.length };
  throw branch === null ? await noDefaultBranch(git, context) : await noBranch(git, context, branch);
}

/** The branches that are there help to find a typo, and an empty repository has none. */
export async function noBranch(git: Git, { uri }: RemoteContext, branch: string): Promise<GitFailure> {
  const { names, isGit } = await askForBranches(git);
  if (names === null) {
    return new GitFailure('no-branch', `${uri} has no branch ${branch}; set branch to one that exists.`);
  }
  if (names.length === 0) return emptyRepository(uri, isGit);
  const shown = names.slice(0, 10).join(', ');
  const more = names.length > 10 ? ` and ${names.length - 10} more` : '';
  return new GitFailure('no-branch', `${uri} has no branch ${branch}; it has ${shown}${more}.`);
}

async function noDefaultBranch(git: Git, { uri }: RemoteContext): Promise<GitFailure> {
  const { names, isGit } = await askForBranches(git);
  if (names?.length === 0) return emptyRepository(uri, isGit);
  return new GitFailure(
    'no-default-branch',
    `The HEAD of ${uri} points to a branch that does not exist; set branch.`,
  );
}

/** The names of the remote's branches; null where it gave no answer. */
export async function listBranches(git: Git): Promise<string[] | null> {
  return (await askForBranches(git)).names;
}

/** `isGit`: a git server has answered. Git takes a web page of one line for the empty list of a "dumb" server. */
async function askForBranches(
  git: Git,
): Promise<{ readonly names: string[] | null; readonly isGit: boolean }> {
  const { status, stdout, stderr } = await git({
    args: ['ls-remote', '--heads', REMOTE],
    variables: { GIT_TRACE_PACKET: '2' },
  });
  const names = [...stdout.toString('utf8').matchAll(/\trefs\/heads\/(.+)$/gm)].map(([, name = '']) => name);
  return { names: status === 0 ? names : null, isGit: / packet: +\S+< /.test(stderr) };
}

function emptyRepository(uri: string, isGit: boolean): GitFailure {
  if (!isGit) return new GitFailure('no-repository', notGit(uri));
  return new GitFailure('empty-repository', `${uri} is empty: it has no branch yet.`);
}
