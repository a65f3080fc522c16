import { type Build, originalOf } from '../../core/build.ts';
import { PAGE, type Page, type PipelineRef } from './api-requests.ts';
import { ANY_TEAM, type AtcReader } from './atc-reader.ts';

/** Seconds: a build that made a claim longer after its start than this is not looked for. */
export const LONGEST_BUILD = 7 * 86_400;
/** Seconds: nor one that got the claim as an input but was created longer than this before it and sat pending. */
export const LONGEST_WAIT = 86_400;

/** How many reruns are looked for across one cut between two pages. */
const STRAYS = 250;

/** All builds that may have started at `since` or later, of everything that the account can see. */
export async function allBuildsSince(atc: AtcReader, since: number): Promise<readonly Build[]> {
  return await readBuilds(atc, since, async (page) => atc.mustExist(ANY_TEAM, await atc.api.allBuilds(page)));
}

/** The same of one pipeline; also of jobs that were removed from it. */
export async function buildsOfPipelineSince(
  atc: AtcReader,
  pipeline: PipelineRef,
  since: number,
): Promise<readonly Build[]> {
  return await readBuilds(atc, since, async (page) =>
    atc.nullIfRemoved({ pipeline }, await atc.api.buildsOfPipeline(pipeline, page)),
  );
}

/**
 * Newest first, page by page, until a build has started before `since`: whatever has a lower number was made before
 * it. A list is sorted by the builds that reruns repeat but cut by number, so the next page lacks a rerun whose number
 * lies above the cut and whose original lies below it. Counted upwards from the cut such reruns come first.
 */
async function readBuilds(
  atc: AtcReader,
  since: number,
  ask: (page: Page) => Promise<readonly Build[] | null>,
): Promise<readonly Build[]> {
  const found: Build[] = [];
  let to: number | null = null;
  for (let page = 0; page < atc.mostPages; page += 1) {
    const builds: readonly Build[] = (await ask({ to, limit: PAGE })) ?? [];
    found.push(...builds);
    if (builds.length < PAGE) return found;
    const cut = Math.min(...builds.map(({ id }) => id));
    const above: readonly Build[] = (await ask({ from: cut, limit: STRAYS })) ?? [];
    const strays = above.filter((build) => originalOf(build) < cut);
    found.push(...strays);
    if (strays.length === STRAYS || cut === to) break;
    if (builds.some(({ startedAt }) => startedAt !== null && startedAt < since)) return found;
    to = cut;
  }
  atc.markUnread(`lists more builds since the claim was made than can be read (${found.length} were)`);
  return found;
}
