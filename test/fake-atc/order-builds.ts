import type { Build } from './types.ts';

/** By the original build: a rerun stands beside the build that it repeats, however late it ran. */
export function newestFirst(builds: readonly Build[]): Build[] {
  return builds.toSorted((a, b) => originalId(b) - originalId(a) || b.id - a.id);
}

export function isAlive(build: Build): boolean {
  return build.status === 'pending' || build.status === 'started';
}

function originalId(build: Build): number {
  return build.rerunOf?.id ?? build.id;
}
