import type { Owner } from '../claim-owner.ts';
import type { Name } from '../lock.ts';
import { describeOwner } from '../naming.ts';
import type { ClaimMade, Operation } from './lock-operation.ts';
import type { CameBack, OwnRelease } from './own-releases.ts';
import { type Releaser, releaserOf } from './releaser.ts';

/** A build's name that turns up again after this long is another build: pipelines are set again. In seconds. */
const LONGEST_PAUSE = 14 * 86_400;

/**
 * The releases whose holder came back, as far as the commits tell: the build that had claimed did something to the lock
 * again, or a build released the lock although nobody, or only somebody else's pipeline, had claimed it since. The pool
 * resource moves a lock by its name and does not look at who claimed it, so this is how a wrong release does its harm.
 */
export function cameBackInGit(
  releases: readonly OwnRelease[],
  /** Oldest first. */
  operations: readonly Operation[],
): CameBack[] {
  const byLock = new Map<Name, Operation[]>();
  for (const { lock } of releases) byLock.set(lock, []);
  for (const one of operations) byLock.get(one.lock)?.push(one);
  return releases.flatMap((release) => firstSign(release, byLock.get(release.lock) ?? []) ?? []);
}

function firstSign(release: OwnRelease, ofLock: readonly Operation[]): CameBack | null {
  const { claim, commit, pool } = release;
  if (claim === null) return null;
  // With `release_to` the same commit puts the lock into another pool.
  const pools = new Set([pool, ...ofLock.filter((one) => one.commit === commit).map((one) => one.pool)]);
  const start = ofLock.findLastIndex((one) => one.commit === commit);
  const since: Owner[] = [];
  let holder: Owner | null = null;
  for (const operation of ofLock.slice(start + 1)) {
    if (!pools.has(operation.pool)) continue;
    if (operation.at !== null && operation.at > release.at + LONGEST_PAUSE) return null;
    if (isSign(operation, claim, holder, since)) return cameBack(release, claim, operation);
    if (operation.kind === 'claim') {
      holder = operation.owner;
      since.push(operation.owner);
    }
    if (operation.kind === 'release' || operation.kind === 'remove') holder = null;
  }
  return null;
}

/** `holder`: who has the lock, null where it is free. `since`: who has claimed it since our release. */
function isSign(
  operation: Operation,
  claim: ClaimMade,
  holder: Owner | null,
  since: readonly Owner[],
): boolean {
  const toClaim = releaserOf(claim.owner, operation);
  if (toClaim === 'same-build') return true;
  if (operation.kind !== 'release' && operation.kind !== 'remove') return false;
  if (holder === null) return isBuild(toClaim) || (toClaim === 'unknown' && !operation.byPoolBoy);
  // A pipeline that has claimed the lock again since then can be returning that claim.
  const isItsOwn = since.some((owner) => isOfItsPipeline(releaserOf(owner, operation)));
  return !isItsOwn && releaserOf(holder, operation) === 'other-pipeline' && isOfItsPipeline(toClaim);
}

function isBuild(releaser: Releaser): boolean {
  return isOfItsPipeline(releaser) || releaser === 'other-pipeline';
}

function isOfItsPipeline(releaser: Releaser): boolean {
  return releaser === 'same-build' || releaser === 'same-job' || releaser === 'same-pipeline';
}

function cameBack(release: OwnRelease, claim: ClaimMade, operation: Operation): CameBack {
  const how = { claim: 'claimed', release: 'released', remove: 'removed', add: 'claimed' } as const;
  return {
    release,
    claim: claim.commit,
    build: describeOwner(operation.owner, operation.author),
    at: operation.at,
    how: how[operation.kind],
    evidence: 'git',
  };
}
