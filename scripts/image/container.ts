// A place to run programs of an image in, as Concourse does: its root folder (read-only), /tmp, /proc and /dev, the
// image's environment and nothing of ours. For a process that has namespaces of its own.
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from './inside/try-programs.ts';
import { run } from './run-tool.ts';

export function mountContainer(root: string): void {
  run('mount', ['--bind', root, root]);
  run('mount', ['-o', 'remount,bind,ro', root]);
  run('mount', ['-t', 'tmpfs', '-o', 'mode=1777', 'tmp', join(root, 'tmp')]);
  run('mount', ['-t', 'proc', 'proc', join(root, 'proc')]);
  run('mount', ['--bind', '/dev', join(root, 'dev')]);
}

export function placeFor(root: string, environment: readonly string[], user: number): Place {
  const env = Object.fromEntries(
    environment.map((setting) => /^([^=]+)=(.*)$/s.exec(setting)?.slice(1) ?? []),
  );
  return {
    run: ([program = '', ...args], request) => {
      const { status, stdout, stderr, error } = spawnSync(
        '/usr/sbin/chroot',
        [`--userspec=${user}:${user}`, '--groups=', root, program, ...args],
        { encoding: 'utf8', env, input: request === undefined ? '' : JSON.stringify(request) },
      );
      if (error !== undefined) throw error;
      return { status, stdout, stderr };
    },
    read: (path) => readFileSync(join(root, path), 'utf8'),
    makeFolder: () => {
      // Concourse's own name for it, apart from the digits.
      mkdirSync(join(root, 'tmp/build'), { recursive: true });
      const folder = mkdtempSync(join(root, 'tmp/build/get-'));
      chownSync(folder, user, user);
      chmodSync(folder, 0o755);
      return folder.slice(root.length);
    },
  };
}
