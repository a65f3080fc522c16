// Real lock repositories for tests: bare, made by `git fast-import`, the same bytes on every run.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf } from '../../src/git/objects/raw-bytes.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The first commit's time; each further one is a minute later unless it says otherwise. */
export const FIRST_COMMIT_AT = 1_700_000_000;

export type Change =
  | { readonly write: string; readonly content?: string; readonly mode?: string }
  | { readonly move: string; readonly to: string }
  | { readonly remove: string };

export interface CommitOptions {
  readonly branch?: string;
  /** Unix seconds of the commit date (the author's date is the same). */
  readonly at?: number;
  /** `NAME <EMAIL>`. */
  readonly author?: string;
  readonly committer?: string;
  /** As bytes where it is not UTF-8, with the encoding that the commit then names. */
  readonly message?: string | Buffer;
  readonly encoding?: string;
  /** Further parents: commits or branches. */
  readonly merges?: readonly string[];
  /** Starts a history of its own. */
  readonly isRoot?: boolean;
}

export interface Commit extends CommitOptions {
  readonly changes: readonly Change[];
}

export interface TestRepository {
  readonly path: string;
  readonly uri: string;
  /** Many commits by one process. Gives their ids. */
  commits(commits: readonly Commit[]): string[];
  commitByHand(message: string, changes: readonly Change[], options?: CommitOptions): string;
  addUnclaimed(pool: string, lock: string, options?: CommitOptions): string;
  addClaimed(pool: string, lock: string, options?: CommitOptions): string;
  claim(pool: string, lock: string, options?: CommitOptions): string;
  release(pool: string, lock: string, options?: CommitOptions): string;
  renamePool(before: string, after: string, options?: CommitOptions): string;
  startBranch(name: string, from?: string): void;
  /** A merge commit on `into` (default `main`) that applies the changes given, as git's own merge would. */
  merge(branch: string, changes: readonly Change[], options?: CommitOptions): string;
  head(branch?: string): string;
  git(...args: string[]): string;
  /** One of its own, with the same commits: much cheaper than making them again. */
  copy(): TestRepository;
}

const AUTHOR = 'Concourse <concourse@localhost>';

export function makeRepository(
  options: { readonly branch?: string; readonly objectFormat?: 'sha1' | 'sha256' } = {},
): TestRepository {
  const { branch: mainBranch = 'main', objectFormat = 'sha1' } = options;
  const path = join(temporaryFolder(), 'locks.git');
  run([
    'init',
    '--bare',
    '--quiet',
    '--template=',
    `--object-format=${objectFormat}`,
    `--initial-branch=${mainBranch}`,
    path,
  ]);
  // Its examples are left out; tests put hooks of their own there.
  mkdirSync(join(path, 'hooks'));
  return repositoryAt(path, mainBranch, FIRST_COMMIT_AT);
}

function repositoryAt(path: string, mainBranch: string, firstAt: number): TestRepository {
  const git = (...args: string[]) => run(['-C', path, ...args]).trim();
  let clock = firstAt;
  /** A branch's commit; undefined where there is none. No process where its file tells: tests ask often. */
  const tipOf = (branch: string): string | undefined => {
    const file = join(path, 'refs/heads', branch);
    if (existsSync(file)) return readFileSync(file, 'latin1').trim();
    if (!existsSync(join(path, 'packed-refs'))) return undefined;
    return git('for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`) || undefined;
  };

  const commits = (list: readonly Commit[]): string[] => {
    const known = new Map<string, boolean>();
    const parts: (string | Buffer)[] = ['feature done\n'];
    list.forEach((commit, index) => {
      const { branch = mainBranch, author = AUTHOR, committer = AUTHOR, message = '', encoding } = commit;
      const isOn = known.get(branch) ?? tipOf(branch) !== undefined;
      const at = commit.at ?? clock;
      clock = Math.max(clock, at) + 60;
      if (commit.isRoot) parts.push(`reset refs/heads/${branch}\n\n`);
      const text = typeof message === 'string' ? Buffer.from(message) : message;
      parts.push(`commit refs/heads/${branch}\nmark :${index + 1}\n`);
      parts.push(`author ${author} ${at} +0000\ncommitter ${committer} ${at} +0000\n`);
      if (encoding !== undefined) parts.push(`encoding ${encoding}\n`);
      parts.push(`data ${text.length}\n`, text, '\n');
      if (isOn && !known.has(branch) && !commit.isRoot) parts.push(`from refs/heads/${branch}^0\n`);
      for (const other of commit.merges ?? []) parts.push(`merge ${other}\n`);
      for (const change of commit.changes) parts.push(lineFor(change));
      parts.push('\n');
      known.set(branch, true);
    });
    list.forEach((_, index) => void parts.push(`get-mark :${index + 1}\n`));
    parts.push('done\n');
    const input = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
    return run(['-C', path, 'fast-import', '--force', '--quiet'], input).trim().split('\n');
  };
  const commit = (message: string, changes: readonly Change[], more: CommitOptions = {}): string =>
    commits([{ message, ...more, changes }])[0] ?? '';
  const place = (pool: string, folder: string, lock: string) => `${pool}/${folder}/${lock}`;
  return {
    path,
    uri: `file://${path}`,
    git,
    commits,
    commitByHand: commit,
    addUnclaimed: (pool, lock, more) =>
      commit(
        `adding unclaimed: ${lock}`,
        [keep(pool, 'claimed'), keep(pool, 'unclaimed'), { write: place(pool, 'unclaimed', lock) }],
        more,
      ),
    addClaimed: (pool, lock, more) =>
      commit(
        `adding claimed: ${lock}`,
        [keep(pool, 'claimed'), keep(pool, 'unclaimed'), { write: place(pool, 'claimed', lock) }],
        more,
      ),
    claim: (pool, lock, more) =>
      commit(
        `claiming: ${lock}`,
        [{ move: place(pool, 'unclaimed', lock), to: place(pool, 'claimed', lock) }],
        more,
      ),
    release: (pool, lock, more) =>
      commit(
        `unclaiming: ${lock}`,
        [{ move: place(pool, 'claimed', lock), to: place(pool, 'unclaimed', lock) }],
        more,
      ),
    renamePool: (before, after, more) =>
      commit(`rename ${before} to ${after}`, [{ move: before, to: after }], more),
    startBranch: (name, from = mainBranch) => void git('branch', name, from),
    merge: (branch, changes, more = {}) =>
      commit(`Merge branch ${branch}`, changes, { ...more, merges: [`refs/heads/${branch}^0`] }),
    head: (branch = mainBranch) => {
      const tip = tipOf(branch);
      if (tip === undefined) throw new Error(`${path} has no branch ${branch}`);
      return tip;
    },
    copy: () => {
      const copied = join(temporaryFolder(), 'locks.git');
      cpSync(path, copied, { recursive: true });
      return repositoryAt(copied, mainBranch, clock);
    },
  };
}

function keep(pool: string, folder: string): Change {
  return { write: `${pool}/${folder}/.gitkeep` };
}

function lineFor(change: Change): Buffer {
  if ('write' in change) {
    const { write, content = '', mode = '100755' } = change;
    const data = Buffer.from(content);
    return Buffer.concat([
      Buffer.from(`M ${mode} inline ${quoted(write)}\ndata ${data.length}\n`),
      data,
      Buffer.from('\n'),
    ]);
  }
  if ('move' in change) return Buffer.from(`R ${quoted(change.move)} ${quoted(change.to)}\n`);
  return Buffer.from(`D ${quoted(change.remove)}\n`);
}

function quoted(path: string): string {
  const bytes = [...bytesOf(path)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`);
  return `"${bytes.join('')}"`;
}

function run(args: readonly string[], input?: Buffer): string {
  const { status, stdout, stderr, error } = spawnSync('git', args, {
    ...(input === undefined ? {} : { input }),
    maxBuffer: 1 << 30,
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' },
  });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${error ?? stderr.toString()}`);
  return stdout.toString('utf8');
}
