import type { ClaimedLock, Name, PoolListing } from './lock.ts';
import { quoteName } from './quote-name.ts';
import type { Reason, Verdict } from './verdict/reasons.ts';

/** A claimed lock with its verdict. */
export interface Judged {
  readonly lock: ClaimedLock;
  readonly verdict: Verdict;
  /** Seconds since the claim. */
  readonly heldFor: number;
}

export type ReleaseReason = Reason | 'by-request';

/** One lock to give back, and why. */
export interface Release {
  readonly pool: Name;
  readonly lock: Name;
  readonly claim: string;
  readonly reason: ReleaseReason;
  readonly detail: string;
  readonly heldFor: number;
}

/** One commit to make. A folder is kept in a commit of its own, since the pool resource reads one lock per commit. */
export type Step =
  | { readonly kind: 'keep-folder'; readonly pool: Name }
  | { readonly kind: 'release'; readonly release: Release };

export interface Plan {
  readonly steps: readonly Step[];
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** A claim that somebody asks to release, as written: `POOL/LOCK` and the 40 digits of the claim commit. */
export interface Requested {
  readonly path: string;
  readonly claim: string;
}

export interface PlanInput {
  readonly pools: readonly PoolListing[];
  readonly judged: readonly Judged[];
  /** Only these pools; null for all. */
  readonly narrowedTo: readonly Name[] | null;
  /** These claims and nothing else; null to release what is stale. */
  readonly requested: readonly Requested[] | null;
  /** Why somebody asked for it, in their words; null where nobody said. */
  readonly requestReason?: string | null;
  readonly limit: number | null;
}

/** What to release. Where there is a problem, nothing. */
export function planReleases(input: PlanInput): Plan {
  const { releases, problems, warnings } =
    input.requested === null ? staleOnes(input) : requestedOnes(input, input.requested);
  const { limit } = input;
  if (limit !== null && releases.length > limit) {
    const named = releases.slice(0, 5).map(({ pool, lock }) => quoteName(`${pool}/${lock}`));
    const more = releases.length > named.length ? ', …' : '';
    const [locks, them] = releases.length === 1 ? ['lock', 'it'] : ['locks', 'them'];
    problems.push(
      `${releases.length} ${locks} would be released (${named.join(', ')}${more}), more than the limit of ${limit}, so none was: look at ${them}, then raise limit.`,
    );
  }
  return { steps: problems.length > 0 ? [] : stepsFor(releases, input.pools), problems, warnings };
}

interface Choice {
  readonly releases: Release[];
  readonly problems: string[];
  readonly warnings: string[];
}

function staleOnes({ judged, narrowedTo }: PlanInput): Choice {
  const releases = judged
    .filter(({ lock }) => narrowedTo === null || narrowedTo.includes(lock.pool))
    .filter(({ verdict }) => verdict.verdict === 'stale')
    .map((one) => releaseOf(one, one.verdict.reason, one.verdict.detail));
  return { releases, problems: [], warnings: [] };
}

/**
 * A request names the claim, not only the lock: a job that runs again must not rob the next holder. A lock that is
 * free already is only worth a warning.
 */
function requestedOnes(input: PlanInput, requested: readonly Requested[]): Choice {
  const choice: Choice = { releases: [], problems: [], warnings: [] };
  for (const { path: asked, claim } of requested) {
    const path = quoteName(asked);
    const named = input.judged.filter(({ lock }) => isAt(lock.pool, lock.name, asked));
    // A lock may be called what another's quoted name looks like.
    const exact = named.filter(({ lock }) => `${lock.pool}/${lock.name}` === asked);
    const there = exact.length > 0 ? exact : named;
    const one = there.find(({ lock }) => lock.claim.commit === claim) ?? there[0];
    const free = input.pools.some(({ name, unclaimed }) =>
      unclaimed?.some((lock) => isAt(name, lock, asked)),
    );
    if (one === undefined && free)
      choice.warnings.push(`${path} is free already; nothing was released for it.`);
    else if (one === undefined)
      choice.problems.push(`release names ${path}, but no pool of source holds such a lock.`);
    else if (input.narrowedTo !== null && !input.narrowedTo.includes(one.lock.pool))
      choice.problems.push(`release names ${path}, which is in none of the pools that params.pools names.`);
    else if (one.verdict.reason === 'conflict')
      choice.problems.push(`${path} cannot be released: ${one.verdict.detail}`);
    else if (one.lock.claim.commit !== claim)
      choice.problems.push(claimedAnew(path, claim, one.lock.claim.commit));
    else if (!choice.releases.some(({ pool, lock }) => pool === one.lock.pool && lock === one.lock.name)) {
      choice.releases.push(releaseOf(one, 'by-request', requestDetail(input, one)));
    }
  }
  return choice;
}

function requestDetail({ requestReason = null }: PlanInput, { verdict }: Judged): string {
  if (requestReason === null) return `Released by request. ${verdict.detail}`;
  const said = /[.!?…]$/.test(requestReason) ? requestReason : `${requestReason}.`;
  return `Released by request: ${said} ${verdict.detail}`;
}

function isAt(pool: Name, lock: Name, path: string): boolean {
  return `${pool}/${lock}` === path || quoteName(`${pool}/${lock}`) === path;
}

function claimedAnew(path: string, asked: string, now: string): string {
  return `${path} is claimed by ${now} now, not by ${asked}: look at the new claim before you ask for its release.`;
}

function releaseOf({ lock, heldFor }: Judged, reason: ReleaseReason, detail: string): Release {
  return { pool: lock.pool, lock: lock.name, claim: lock.claim.commit, reason, detail, heldFor };
}

/** Git drops an empty folder, and the pool resource's next claim into it would fail: keep it before it empties. */
function stepsFor(releases: readonly Release[], pools: readonly PoolListing[]): Step[] {
  const emptied = pools.filter(
    ({ name, claimed, claimedIsKept }) =>
      !claimedIsKept &&
      (claimed ?? []).length > 0 &&
      (claimed ?? []).every((lock) => releases.some((made) => made.pool === name && made.lock === lock)),
  );
  return [
    ...emptied.map(({ name }) => ({ kind: 'keep-folder' as const, pool: name })),
    ...releases.map((release) => ({ kind: 'release' as const, release })),
  ];
}
