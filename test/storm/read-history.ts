import type { TestRepository } from '../git/make-repository.ts';

export interface Moved {
  readonly commit: string;
  readonly message: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Every commit of the branch, oldest first, with what it added and removed. */
export function readHistory(repository: TestRepository): Moved[] {
  const log = repository.git(
    'log',
    '--reverse',
    '--root',
    '--no-renames',
    '--name-status',
    '--format=%x01%H%x02%B%x02',
    'main',
  );
  return log
    .split('\x01')
    .slice(1)
    .map((record) => {
      const [commit = '', message = '', changes = ''] = record.split('\x02');
      const paths = (kind: string) =>
        changes
          .split('\n')
          .flatMap((line) =>
            line.startsWith(`${kind}\t`) && !line.endsWith('/.gitkeep') ? [line.slice(2)] : [],
          );
      return { commit, message, added: paths('A'), removed: paths('D') };
    });
}

/** What is wrong with a history of the pool: a lock that is doubled or lost, or a release of another claim. */
export function faultsIn(history: readonly Moved[]): string[] {
  const faults: string[] = [];
  const places = new Map<string, string[]>();
  const claims = new Map<string, string>();
  for (const { commit, message, added, removed } of history) {
    for (const path of removed) {
      const lock = lockOf(path);
      const [, folder] = path.split('/');
      places.set(
        lock,
        (places.get(lock) ?? []).filter((one) => one !== folder),
      );
    }
    for (const path of added) {
      const [, folder = ''] = path.split('/');
      places.set(lockOf(path), [...(places.get(lockOf(path)) ?? []), folder]);
    }
    for (const [lock, folders] of places) {
      if (folders.length !== 1) faults.push(`${lock} is in [${folders}] at ${commit}`);
    }
    const named = /^Claim: (.*)$/m.exec(message)?.[1];
    for (const path of removed) {
      if (named !== undefined && named !== claims.get(lockOf(path)))
        faults.push(`${commit} released another claim of ${lockOf(path)}`);
    }
    for (const path of added) if (path.includes('/claimed/')) claims.set(lockOf(path), commit);
  }
  return faults;
}

function lockOf(path: string): string {
  return path.replace(/\/(?:un)?claimed\//, '/');
}
