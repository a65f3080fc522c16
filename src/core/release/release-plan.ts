import { type ClaimedLock, isSameName, type Name, type PoolListing } from '../lock.ts';
import { asSentence } from '../text.ts';
import type { Reason, Verdict } from '../verdict/reasons.ts';
import { type ClaimName, findLock, isSameClaim, type LockName, type LockReference } from './find-lock.ts';
import type { PlanProblem, PlanWarning } from './plan-problem.ts';
import { type ReleaseTarget, targetProblems, withoutTaken } from './release-target.ts';

/** A claimed lock with its verdict. */
export interface Judged {
  readonly lock: ClaimedLock;
  readonly verdict: Verdict;
  /** Seconds since the claim; null where its time is not known. */
  readonly heldFor: number | null;
}

export type ReleaseReason = Reason | 'by-request';

/** One lock to give back, and why. */
export interface Release {
  readonly pool: Name;
  readonly lock: Name;
  readonly claim: string;
  readonly reason: ReleaseReason;
  readonly detail: string;
  /** Seconds since the claim; null where its time is not known. */
  readonly heldFor: number | null;
  /** The pool that it goes to (`release_to`); null for its own. */
  readonly to: Name | null;
}

/** One commit to make. A folder is kept in a commit of its own, since the pool resource reads one lock per commit. */
export type Step =
  | { readonly kind: 'keep-folder'; readonly pool: Name; readonly folder: 'claimed' | 'unclaimed' }
  | { readonly kind: 'release'; readonly release: Release }
  | { readonly kind: 'hold'; readonly hold: HoldToMake }
  | { readonly kind: 'claim'; readonly claim: ClaimToMake };

/** A person's word that a claim must not be released for a while (see `core/hold.ts`). */
export interface HoldToMake extends ClaimName {
  /** Unix seconds; null ends the hold that there is. */
  readonly until: number | null;
  readonly reason: string;
}

/** A free lock that a person takes by hand. */
export interface ClaimToMake extends LockName {
  /** The person. */
  readonly by: string;
  /** Unix seconds up to which it is held; null for no hold. */
  readonly until: number | null;
  readonly reason: string;
}

export interface Plan {
  readonly steps: readonly Step[];
  readonly problems: readonly PlanProblem[];
  readonly warnings: readonly PlanWarning[];
}

/** Which claims to release. */
export type Wanted =
  /** What is stale; `approved`: of that only what somebody has seen and agreed to; null where nobody was asked. */
  | { readonly kind: 'stale'; readonly approved: readonly ClaimName[] | null }
  /** These claims, whatever the verdict, by names that somebody wrote. */
  | { readonly kind: 'written'; readonly references: readonly LockReference[] }
  /** The same with claims that were looked up already; `reason`: why, in somebody's words; null where nobody said. */
  | { readonly kind: 'claims'; readonly claims: readonly ClaimName[]; readonly reason: string | null };

export interface PlanInput {
  /** The pools that are looked after. */
  readonly pools: readonly PoolListing[];
  /** Every pool of the repository. */
  readonly found: readonly PoolListing[];
  /** Where locks of a pool go; its own where it is not listed. */
  readonly targets: readonly ReleaseTarget[];
  readonly judged: readonly Judged[];
  readonly wanted: Wanted;
  /** Only in these pools; null for all. */
  readonly inPools: readonly Name[] | null;
  readonly limit: number | null;
}

/** What to release. Where there is a problem, nothing. */
export function planReleases(given: PlanInput): Plan {
  const { pools, found, targets, limit } = given;
  const selected = pools.map(({ name }) => name);
  const inPools = given.inPools?.map((name) => selected.find((one) => isSameName(one, name)) ?? name) ?? null;
  const input = { ...given, inPools };
  const unselected = (inPools ?? []).filter((name) => !selected.includes(name));
  if (unselected.length > 0) {
    return {
      steps: [],
      problems: [{ kind: 'unselected-pools', names: unselected, selected }],
      warnings: [],
    };
  }
  const choice = chosen(input);
  // One sentence for each pool that something goes from: there can be many others.
  const used = targets.filter((target) => choice.releases.some(({ pool }) => pool === target.pool));
  const problems = [...choice.problems, ...targetProblems(used, found)];
  const { releases, warnings: taken } = withoutTaken(choice.releases, found);
  const warnings = [...choice.warnings, ...taken];
  if (limit !== null && releases.length > limit)
    problems.push({ kind: 'over-limit', limit, locks: releases.map(({ pool, lock }) => ({ pool, lock })) });
  return { steps: problems.length > 0 ? [] : stepsFor(releases, pools), problems, warnings };
}

interface Choice {
  readonly releases: Release[];
  readonly problems: PlanProblem[];
  readonly warnings: PlanWarning[];
}

function chosen(input: PlanInput): Choice {
  const { wanted } = input;
  switch (wanted.kind) {
    case 'stale':
      return { releases: staleOnes(input, wanted.approved), problems: [], warnings: [] };
    case 'written':
      return writtenOnes(input, wanted.references);
    case 'claims':
      return requestedOnes(input, wanted.claims, wanted.reason);
  }
}

function staleOnes(
  { judged, inPools, targets }: PlanInput,
  approved: readonly ClaimName[] | null,
): Release[] {
  return judged
    .filter(({ lock }) => inPools === null || inPools.includes(lock.pool))
    .filter(({ verdict }) => verdict.verdict === 'stale')
    .filter((one) => approved === null || approved.some((seen) => isSameClaim(seen, claimNameOf(one))))
    .map((one) => releaseOf(one, one.verdict.reason, one.verdict.detail, targets));
}

function writtenOnes(input: PlanInput, references: readonly LockReference[]): Choice {
  const problems: PlanProblem[] = [];
  const claims: ClaimName[] = [];
  for (const reference of references) {
    const found = findLock(reference, input.pools);
    if (found.kind !== 'found')
      problems.push({ kind: 'unknown-lock', path: reference.path, nearest: found.nearest });
    // What looked like a claim was part of the lock's name.
    else if (found.claim === null) problems.push({ kind: 'claim-missing', lock: found.lock });
    else claims.push({ ...found.lock, claim: found.claim });
  }
  const choice = requestedOnes(input, claims, null);
  return { ...choice, problems: [...problems, ...choice.problems] };
}

/**
 * A request names the claim, not only the lock: a job that runs again must not rob the next holder. A lock that is
 * free already is only worth a warning.
 */
function requestedOnes(input: PlanInput, claims: readonly ClaimName[], reason: string | null): Choice {
  const choice: Choice = { releases: [], problems: [], warnings: [] };
  for (const { claim: asked, ...lock } of claims) {
    const one = input.judged.find(({ lock: { pool, name } }) => pool === lock.pool && name === lock.lock);
    const problem = one === undefined ? null : problemWith(one, lock, asked, input.inPools);
    if (one === undefined && isFree(lock, input.pools)) choice.warnings.push({ kind: 'already-free', lock });
    else if (one === undefined)
      choice.problems.push({ kind: 'unknown-lock', path: `${lock.pool}/${lock.lock}`, nearest: null });
    else if (problem !== null) choice.problems.push(problem);
    else if (!choice.releases.some(({ pool, lock: name }) => pool === lock.pool && name === lock.lock))
      choice.releases.push(releaseOf(one, 'by-request', requestDetail(reason, one), input.targets));
  }
  return choice;
}

function problemWith(
  { lock: { claim }, verdict }: Judged,
  lock: LockName,
  asked: string,
  inPools: readonly Name[] | null,
): PlanProblem | null {
  if (inPools !== null && !inPools.includes(lock.pool)) return { kind: 'outside-pools', lock };
  if (verdict.reason === 'conflict') return { kind: 'conflict', lock, detail: verdict.detail };
  if (claim.commit !== asked) return { kind: 'other-claim', lock, asked, now: claim.commit };
  return null;
}

function isFree({ pool, lock }: LockName, pools: readonly PoolListing[]): boolean {
  return pools.some(({ name, unclaimed }) => name === pool && (unclaimed ?? []).includes(lock));
}

function requestDetail(reason: string | null, { verdict }: Judged): string {
  if (reason === null) return `Released by request. ${verdict.detail}`;
  return `Released by request: ${asSentence(reason)} ${verdict.detail}`;
}

export function claimNameOf({ lock: { pool, name, claim } }: Judged): ClaimName {
  return { pool, lock: name, claim: claim.commit };
}

function releaseOf(
  one: Judged,
  reason: ReleaseReason,
  detail: string,
  targets: readonly ReleaseTarget[],
): Release {
  const to = targets.find(({ pool }) => pool === one.lock.pool)?.to ?? null;
  return { ...claimNameOf(one), reason, detail, heldFor: one.heldFor, to };
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
    ...emptied.map(({ name }) => ({ kind: 'keep-folder' as const, pool: name, folder: 'claimed' as const })),
    ...releases.map((release) => ({ kind: 'release' as const, release })),
  ];
}
