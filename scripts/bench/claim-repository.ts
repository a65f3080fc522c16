// A lock repository in which many locks are claimed, each by a message of its own.
import { spawnSync } from 'node:child_process';

export interface MadeClaim {
  readonly lock: string;
  /** Of the claim, as Concourse knows it. */
  readonly commit: string;
}

/** A bare repository with one pool, `aws`, all of whose locks were claimed at `claimedAt` (unix seconds), in this order. */
export function makeClaimRepository(
  directory: string,
  messages: readonly string[],
  claimedAt: number,
): readonly MadeClaim[] {
  git(['init', '--quiet', '--bare', '--initial-branch=main', directory]);
  const locks = messages.map((_, at) => `lock-${at}`);
  const commit = (message: string, changes: string) => {
    const who = `CI <ci@example.com> ${claimedAt} +0000`;
    const data = `data ${Buffer.byteLength(message)}\n${message}`;
    return `commit refs/heads/main\nauthor ${who}\ncommitter ${who}\n${data}\n${changes}\n`;
  };
  const files = ['claimed/.gitkeep', 'unclaimed/.gitkeep', ...locks.map((lock) => `unclaimed/${lock}`)];
  const setUp = commit('set up', files.map((file) => `M 644 inline aws/${file}\ndata 0\n`).join(''));
  const claims = locks.map((lock, at) =>
    commit(`${messages[at]} claiming: ${lock}`, `R aws/unclaimed/${lock} aws/claimed/${lock}\n`),
  );
  git(['-C', directory, 'fast-import', '--quiet'], [setUp, ...claims].join(''));
  const commits = git(['-C', directory, 'log', '--reverse', '--format=%H', 'main'])
    .trim()
    .split('\n')
    .slice(1);
  return locks.map((lock, at) => ({ lock, commit: commits[at] ?? '' }));
}

function git(args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync('git', args, { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')} failed: ${stderr}`);
  return stdout;
}
