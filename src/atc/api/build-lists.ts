import { type Build, originalOf } from '../../core/build.ts';
import { describeBuild } from '../../core/naming.ts';
import type { AtcBuild, Job } from './answer-schemas.ts';
import { PAGE, type Page, type PipelineRef, pipelineOf } from './api-requests.ts';
import type { AtcReader } from './atc-reader.ts';

/** Seconds: a build that made a claim longer after its start than this is not looked for. */
export const LONGEST_BUILD = 7 * 86_400;
/** Seconds: nor one that got the claim as an input but was created longer than this before it and sat pending. */
export const LONGEST_WAIT = 86_400;

/** How many reruns are looked for across one cut between two pages. */
const STRAYS = 250;

export interface BuildList {
  readonly builds: readonly Build[];
  /** The build number from which on the list lacks none; infinite where it could not be read completely. */
  readonly completeFrom: number;
}

/** All builds that may have started at `since` or later, of everything that the account can see. */
export async function allBuildsSince(atc: AtcReader, since: number): Promise<BuildList> {
  return await readBuilds(atc, since, async (page) => atc.mustExist(null, await atc.api.allBuilds(page)));
}

/** The same of one pipeline; also of jobs that were removed from it. */
export async function buildsOfPipelineSince(
  atc: AtcReader,
  pipeline: PipelineRef,
  since: number,
): Promise<readonly Build[]> {
  const { builds } = await readBuilds(atc, since, async (page) =>
    atc.nullIfRemoved({ pipeline }, await atc.api.buildsOfPipeline(pipeline, page)),
  );
  return builds;
}

/**
 * The builds of a job that are alive, and newer ones, as far as they are wanted. A list of jobs shows of each only the oldest
 * living build that is no rerun of an old one, so the job's builds are listed from there on: no request for an idle job.
 */
export async function livingBuildsOf(
  atc: AtcReader,
  job: Job,
  isWanted: (build: Build) => boolean,
): Promise<Build[]> {
  const pipeline = pipelineOf(job);
  const { nextBuild, name } = job;
  if (pipeline === null || nextBuild === null) return [];
  const found: Build[] = [nextBuild];
  let from = nextBuild.id;
  for (let page = 0; page < atc.mostPages; page += 1) {
    const answer = await atc.api.buildsOfJobFrom(pipeline, name, from);
    const builds = (await atc.nullIfRemoved({ pipeline, job: name }, answer)) ?? [];
    found.push(...builds);
    // Sorted by the builds that reruns repeat: whatever is left stands behind the last of these.
    const last = Math.max(...builds.map(originalOf));
    if (builds.length < PAGE) return uniqueBuilds(found).filter(isWanted);
    if (last <= from) break;
    from = last;
  }
  atc.markUnread(
    `lists more builds since ${describeBuild(nextBuild)} was created than can be read (${found.length} were)`,
  );
  return uniqueBuilds(found).filter(isWanted);
}

/** The last one of each number: a short list, which does not tell what a build repeats, has to come first. */
export function uniqueBuilds<One extends Build>(builds: readonly One[]): One[] {
  return [...new Map(builds.map((build) => [build.id, build])).values()];
}

/**
 * Newest first, page by page, until a build has started before `since`: whatever has a lower number was made before
 * it. A list is sorted by the builds that reruns repeat but cut by number, so the next page lacks a rerun whose number
 * lies above the cut and whose original lies below it. Counted upwards from the cut such reruns come first.
 */
async function readBuilds(
  atc: AtcReader,
  since: number,
  ask: (page: Page) => Promise<readonly AtcBuild[] | null>,
): Promise<BuildList> {
  const found: AtcBuild[] = [];
  let to: number | null = null;
  for (let page = 0; page < atc.mostPages; page += 1) {
    const builds: readonly AtcBuild[] = (await ask({ to, limit: PAGE })) ?? [];
    found.push(...builds);
    if (builds.length < PAGE) return { builds: withoutChecks(found), completeFrom: 0 };
    const cut = Math.min(...builds.map(({ id }) => id));
    const above: readonly AtcBuild[] = (await ask({ from: cut, limit: STRAYS })) ?? [];
    const strays = above.filter((build) => originalOf(build) < cut);
    found.push(...strays);
    if (strays.length === STRAYS || cut === to) break;
    if (builds.some(({ startedAt }) => startedAt !== null && startedAt < since))
      return { builds: withoutChecks(found), completeFrom: cut };
    to = cut;
  }
  atc.markUnread(`lists more builds since the claim was made than can be read (${found.length} were)`);
  return { builds: withoutChecks(found), completeFrom: Number.POSITIVE_INFINITY };
}

/** Checks run no step, so they hold no lock; and nobody without a role may read their plan. */
function withoutChecks(builds: readonly AtcBuild[]): readonly Build[] {
  return builds.filter(({ isCheck }) => !isCheck);
}
