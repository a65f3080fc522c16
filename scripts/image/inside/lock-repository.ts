// A small lock repository, as the pool resource would have left it.
import { execFileSync } from 'node:child_process';

/** Pool `aws`: env-1 was forgotten two days ago, env-2 was claimed half an hour ago, env-3 is free. */
export function makeLockRepository(folder: string): void {
  const now = Math.floor(Date.now() / 1000);
  const history = [
    commit(now - 30 * 86_400, 'Set up the pool', [
      ...['.gitkeep', 'env-1', 'env-2', 'env-3'].map(
        (name) => `M 644 inline aws/unclaimed/${name}\ndata 0\n`,
      ),
      'M 644 inline aws/claimed/.gitkeep\ndata 0\n',
    ]),
    commit(now - 2 * 86_400, 'main/deploy/test build 7 claiming: env-1', [claim('env-1')]),
    commit(now - 1800, 'main/deploy/test build 9 claiming: env-2', [claim('env-2')]),
  ];
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', folder]);
  execFileSync('git', ['-C', folder, 'fast-import', '--quiet'], { input: history.join('\n') });
}

function claim(lock: string): string {
  return `R aws/unclaimed/${lock} aws/claimed/${lock}`;
}

function commit(at: number, message: string, changes: readonly string[]): string {
  const committer = `committer CI Pool Resource <ci@example.com> ${at} +0000`;
  return `commit refs/heads/main\n${committer}\ndata ${message.length}\n${message}\n${changes.join('\n')}\n`;
}
