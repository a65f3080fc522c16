import type { Build, Job } from '../types.ts';

/** By the original build: a rerun stands beside the build that it repeats, however late it ran. */
export function newestFirst(builds: readonly Build[]): Build[] {
  return builds.toSorted(compareBuilds);
}

function compareBuilds(a: Build, b: Build): number {
  return originalId(b) - originalId(a) || b.id - a.id;
}

export function isAlive(build: Build): boolean {
  return build.status === 'pending' || build.status === 'started';
}

/** The oldest living build; of reruns only those of the newest build that has ended. */
export function nextBuild(job: Job): Build | null {
  const newest = newestEnded(job);
  const waiting = job.builds.filter(
    (build) => isAlive(build) && (build.rerunOf === null || build.rerunOf === newest),
  );
  return waiting.toSorted((a, b) => a.id - b.id)[0] ?? null;
}

/** The newest build that has ended, or its newest rerun. */
export function finishedBuild(job: Job): Build | null {
  return newestFirst(job.builds.filter((build) => !isAlive(build)))[0] ?? null;
}

/**
 * The build with which the job's status became what it is now, as the ATC finds it: in the order in which the builds
 * ended, and without those that an already ended build is younger than.
 */
export function transitionBuild(job: Job): Build | null {
  const ended = job.builds.filter((build) => !isAlive(build)).toSorted((a, b) => (a.end ?? 0) - (b.end ?? 0));
  let latest: Build | null = null;
  let transition: Build | null = null;
  for (const build of ended) {
    const isNewer = latest === null || build.id > latest.id;
    const counts = latest === null || build.rerunOf === null || build.rerunOf === latest;
    if (isNewer && counts && build.status !== latest?.status) transition = build;
    if (latest === null || compareBuilds(build, latest) < 0) latest = build;
  }
  return transition;
}

function newestEnded(job: Job): Build | undefined {
  const ended = job.builds.filter((build) => !isAlive(build) && build.rerunOf === null);
  return ended.toSorted((a, b) => b.id - a.id)[0];
}

function originalId(build: Build): number {
  return build.rerunOf?.id ?? build.id;
}
