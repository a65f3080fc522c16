import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { parseUri, shownUri } from '../../core/repository-uri.ts';
import type { GitSetting, RepositorySource } from '../../core/source/repository-source.ts';
import type { RunTools } from '../../runtime/run-tools.ts';
import { openAccess } from '../access/open-access.ts';
import { createGit, type Git } from '../command/git-command.ts';
import { gitEnvironment } from '../command/git-environment.ts';
import { createWaitingBudget } from '../command/waiting-budget.ts';
import type { GitFailure, RemoteContext } from '../failures/git-failure.ts';
import { createRetrying, type Retrying } from '../failures/retry-contacts.ts';
import type { Clone } from './clone.ts';
import { makeRunFolder } from './run-folder.ts';

/** The name under which git's settings know the remote; its URL, which may hold a secret, is never in argv. */
export const REMOTE = 'pool-boy';

/** Lets git accept a clone that lacks contents, without writing that into the clone's own settings. */
const PARTIAL: readonly GitSetting[] = [
  { name: `remote.${REMOTE}.promisor`, value: 'true' },
  { name: `remote.${REMOTE}.partialclonefilter`, value: 'blob:none' },
];

/** Where `gpg.format` is `ssh` and no `user.signingkey` is set: the agent's first key signs, so private_key does. */
const SIGN_BY_AGENT: GitSetting = { name: 'gpg.ssh.defaultKeyCommand', value: 'ssh-add -L' };

/** The remote repository, and what it takes to talk to it. */
export interface Remote {
  /** For commands that need no clone. */
  readonly git: Git;
  readonly context: RemoteContext;
  /** Private to this run, and removed with it. */
  readonly folder: string;
  /** The folder for temporary files, as an absolute path. */
  readonly temporaryRoot: string;
  /** The clone in a directory, which must be a repository before a command runs in it. */
  cloneIn(directory: string): Clone;
  /** A failure in better words, where further questions can find them. */
  explain(failure: GitFailure): Promise<GitFailure>;
  readonly retrying: Retrying;
}

export interface RemoteTools extends Pick<RunTools, 'lifetime' | 'log' | 'mask' | 'environment'> {
  /** Milliseconds without any output after which a git command counts as hung. */
  readonly patience?: number;
  /** Milliseconds that one git command may take in all. */
  readonly limit?: number;
  /** Milliseconds before a contact that failed is tried again. */
  readonly pause?: number;
}

const PATIENCE = 120_000;
const LIMIT = 15 * 60_000;
const PAUSE = 500;
/** Several times what git takes for the whole history of the largest lock repositories. */
const MEMORY = 1024 ** 3;

export async function openRemote(source: RepositorySource, tools: RemoteTools): Promise<Remote> {
  const { lifetime, log, mask } = tools;
  const { patience = PATIENCE, limit = LIMIT, pause = PAUSE } = tools;
  const outer = { ...tools.environment, TMPDIR: resolve(tools.environment.TMPDIR ?? tmpdir()) };
  const folder = makeRunFolder(outer.TMPDIR, lifetime);
  const bare = gitEnvironment(outer, source.gitConfig);
  const access = await openAccess(source, { folder, lifetime, log, mask, environment: bare, outer });
  const { settings, environment, explain } = access;
  const local = gitEnvironment(outer, [SIGN_BY_AGENT, ...source.gitConfig], access.agent);
  const url = parseUri(source.uri).kind === 'path' ? resolve(source.uri) : access.url;
  const all = [...source.gitConfig, ...settings, { name: `remote.${REMOTE}.url`, value: url }, ...PARTIAL];
  const remote = gitEnvironment(outer, all, environment);
  const context = { uri: shownUri(source.uri), branch: source.branch };
  const common = { lifetime, log, patience, limit, memory: MEMORY };
  const waiting = createWaitingBudget(patience);
  const retrying = createRetrying({ lifetime, log, pause });
  return {
    git: createGit({ ...common, directory: folder, isRepository: false, environment: remote, waiting }),
    context,
    folder,
    temporaryRoot: outer.TMPDIR,
    explain,
    retrying,
    cloneIn: (directory) => ({
      git: createGit({ ...common, directory, isRepository: true, environment: local, waiting: null }),
      remoteGit: createGit({ ...common, directory, isRepository: true, environment: remote, waiting }),
      directory,
      context,
      explain,
      retrying,
    }),
  };
}
