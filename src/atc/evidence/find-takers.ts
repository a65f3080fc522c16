import type { Build } from '../../core/build.ts';
import type { Job } from '../api/answer-schemas.ts';
import type { AtcReader } from '../api/atc-reader.ts';
import { uniqueBuilds } from '../api/build-lists.ts';
import type { SavedClaim } from '../api/claim-versions.ts';
import type { ClaimQuery } from './claim-query.ts';

/** Who took the claim: builds that had one of these saved versions as an input, alive or ended. */
export async function takersOfSaved(
  atc: AtcReader,
  query: ClaimQuery,
  saved: readonly SavedClaim[],
): Promise<Build[]> {
  return (await buildsThatTook(atc, saved)).filter((build) => !query.isOurs(build));
}

/** Builds that had one of these saved versions as an input, alive or ended; ours may be among them. */
export async function buildsThatTook(atc: AtcReader, saved: readonly SavedClaim[]): Promise<Build[]> {
  const lists = await Promise.all(
    saved.map(async ({ pipeline, resource, version }) =>
      atc.nullIfRemoved({ pipeline, resource }, await atc.api.inputTo(pipeline, resource, version)),
    ),
  );
  return uniqueBuilds(lists.flatMap((list) => list ?? []));
}

/** Builds that have one of these saved versions as an output. */
export async function buildsThatMade(atc: AtcReader, saved: readonly SavedClaim[]): Promise<Build[]> {
  const lists = await Promise.all(
    saved.map(async ({ pipeline, resource, version }) =>
      atc.nullIfRemoved({ pipeline, resource }, await atc.api.outputOf(pipeline, resource, version)),
    ),
  );
  return uniqueBuilds(lists.flatMap((list) => list ?? []));
}

/**
 * Those first that pass the lock on or give it back: a job that merely gets the pool, for each of its commits, takes
 * every claim as an input and holds none.
 */
export function passersFirst(takers: readonly Build[], jobs: readonly Job[]): Build[] {
  const rank = (build: Build) => {
    const job = jobs.find(({ name }) => name === build.job);
    if (job === undefined) return 1;
    return job.inputs.some(({ passed }) => passed.length > 0) ? 0 : job.outputs.length > 0 ? 1 : 2;
  };
  return takers.toSorted((a, b) => rank(a) - rank(b));
}
