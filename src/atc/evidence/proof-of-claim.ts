import type { Build } from '../../core/build.ts';
import { isAlive } from '../../core/build.ts';
import type { FoundBuild } from '../../core/verdict/evidence.ts';
import type { AtcReader } from '../api/atc-reader.ts';
import { claimMatcher, onlyRef, stepWith } from '../api/claim-versions.ts';
import { type ClaimQuery, searchedFrom } from './claim-query.ts';

/** Seconds: a worker clock that lags more than this is unusable. */
const CLOCKS_LAG_BY = 3_600;

/** What ties a build to the claim beyond its name, and the name of the step that made the claim. */
export interface Proven {
  readonly found: FoundBuild;
  readonly step: string | null;
}

/**
 * Outputs prove that a build made the claim. They prove nothing by being absent: a changed source hides them, and
 * Concourse can fail to save one.
 */
export async function proveBuild(
  atc: AtcReader,
  query: ClaimQuery,
  build: Build,
  foundBy: FoundBuild['foundBy'],
): Promise<Proven> {
  // The URL names a build by pipeline and number: another instance's build is not the one that it means.
  const namedByUrl = query.isUrlHere && (foundBy === 'name' || foundBy === 'pipeline');
  const found = { build, foundBy, namedByUrl, madeTheClaim: false, madeAnotherClaim: null };
  if (isAlive(build)) return { found, step: null };
  const { outputs } = atc.permitted(build.team, await atc.api.buildResources(build)) ?? { outputs: [] };
  const made = stepWith(outputs, claimMatcher(query.claim));
  if (made !== null) return { found: { ...found, madeTheClaim: true }, step: made.name };
  const others = outputs.map(({ version }) => onlyRef(version)).filter((ref) => ref !== null);
  return { found: { ...found, madeAnotherClaim: await claimOfPool(query, build, others) }, step: null };
}

/** A build that a list of those with the claim as an output shows. */
export function foundByOutput(build: Build): FoundBuild {
  return { build, foundBy: 'output', namedByUrl: false, madeTheClaim: true, madeAnotherClaim: null };
}

/** Which of these commits, if any, claimed a lock of this pool. */
async function claimOfPool(
  query: ClaimQuery,
  build: Build,
  commits: readonly string[],
): Promise<string | null> {
  const fullHashes = commits.filter((commit) => /^[0-9a-f]{40,64}$/.test(commit));
  if (fullHashes.length === 0) return null;
  // All that the build can have claimed was committed after it began, by a clock that may lag.
  const since = (build.startedAt ?? searchedFrom(query)) - CLOCKS_LAG_BY;
  const pools = await query.poolsClaimedIn(fullHashes, since);
  return fullHashes.find((commit) => pools.get(commit)?.includes(query.pool)) ?? null;
}
