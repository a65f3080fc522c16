import type { Owner } from '../claim-owner.ts';
import type { Name } from '../lock.ts';
import { CLOCK_TOLERANCE } from '../time.ts';
import type { ClaimMade, Operation, StandingLock } from './lock-operation.ts';
import { type Releaser, releaserOf } from './releaser.ts';

/** One lock, held by one claim, from when to when. */
export interface Tenure {
  readonly pool: Name;
  readonly lock: Name;
  /** Null where the claim is older than the operations that were read: then only its end is known. */
  readonly claim: ClaimMade | null;
  readonly end: TenureEnd;
}

export type TenureEnd =
  | { readonly kind: 'still-held' }
  | {
      /** `removed`: the lock was taken out of the pool while it was held. */
      readonly kind: 'released' | 'removed';
      /** Unix seconds; null where it is not known. */
      readonly at: number | null;
      readonly commit: string;
      readonly by: Releaser;
      readonly owner: Owner;
      readonly author: string;
      /** The pool that it went to, where that is another one. */
      readonly to: Name | null;
    }
  /** A hand edit or a lost commit: the lock was claimed again with no release in between. */
  | { readonly kind: 'claimed-again'; readonly at: number | null; readonly commit: string };

/** A period in which a lock was in its pool. Null: since before (or since a time not known), or still. */
export interface Presence {
  readonly pool: Name;
  readonly lock: Name;
  readonly from: number | null;
  readonly until: number | null;
}

export interface History {
  readonly holds: readonly Tenure[];
  readonly presences: readonly Presence[];
}

export interface HistoryInput {
  /** Unix seconds. */
  readonly now: number;
  /** In the order of the commits, oldest first. Their dates may step back a little: clocks of workers differ. */
  readonly operations: readonly Operation[];
  /** The locks at the head; those that no operation touched were there, as they are, all the time. */
  readonly standing: readonly StandingLock[];
}

/** Who held which lock from when to when. The holds of each lock are in the order in which they began. */
export function readHistory({ now, operations, standing }: HistoryInput): History {
  const byLock = new Map<string, { pool: Name; lock: Name; operations: Operation[] }>();
  const slot = (pool: Name, lock: Name) => {
    const key = JSON.stringify([pool, lock]);
    const known = byLock.get(key) ?? { pool, lock, operations: [] };
    byLock.set(key, known);
    return known;
  };
  for (const operation of operations) slot(operation.pool, operation.lock).operations.push(operation);
  const untouched = standing.filter(({ pool, lock }) => slot(pool, lock).operations.length === 0);
  const stories = [
    ...[...byLock.values()]
      .filter((one) => one.operations.length > 0)
      .map(({ pool, lock, operations }) => {
        const atHead = standing.find((one) => one.pool === pool && one.lock === lock);
        return storyOf(operations, atHead?.claim ?? null, now);
      }),
    ...untouched.map(storyOfUntouched),
  ];
  return {
    holds: stories.flatMap(({ holds }) => holds),
    presences: stories.flatMap(({ presences }) => presences),
  };
}

function storyOfUntouched({ pool, lock, claim }: StandingLock): History {
  return {
    holds: claim === null ? [] : [{ pool, lock, claim, end: { kind: 'still-held' } }],
    presences: [{ pool, lock, from: null, until: null }],
  };
}

/**
 * The operations of one lock in order. A claim made by a merge is no operation, so the claim that the lock has at the
 * head is added.
 */
function storyOf(operations: readonly Operation[], standing: ClaimMade | null, now: number): History {
  const holds: Tenure[] = [];
  const presences: Presence[] = [];
  const state = stateBefore(operations[0]);
  let { held, there } = state;
  let from: number | null = null;
  let claim: ClaimMade | null = null;
  let last = Number.NEGATIVE_INFINITY;
  // Commits are in the right order even where their dates are not.
  const timeOf = (date: number | null) => {
    if (date === null) return null;
    const at = Math.max(date, last);
    // One date in the future must not move all later operations there.
    if (at <= now + CLOCK_TOLERANCE) last = at;
    return at;
  };
  const endHold = ({ pool, lock }: Operation, end: TenureEnd) => {
    if (held) holds.push({ pool, lock, claim, end });
    held = false;
    claim = null;
  };
  for (const operation of operations) {
    const { kind, pool, lock, commit, owner, author, otherPool } = operation;
    const at = timeOf(operation.at);
    if (kind !== 'remove' && !there) {
      there = true;
      from = at;
    }
    switch (kind) {
      case 'add':
        // While it is held this makes a lock in both folders: it is still claimed.
        break;
      case 'claim':
        endHold(operation, { kind: 'claimed-again', at, commit });
        held = true;
        claim = { at, commit, owner, author };
        break;
      case 'release':
      case 'remove': {
        const by = releaserOf(ownerOf(claim), operation);
        const how = kind === 'release' ? 'released' : 'removed';
        endHold(operation, { kind: how, at, commit, by, owner, author, to: otherPool });
        break;
      }
    }
    const isGone = kind === 'remove' || (kind === 'release' && otherPool !== null);
    if (isGone && there) {
      presences.push({ pool, lock, from, until: at });
      there = false;
    }
  }
  const final = operations.at(-1);
  if (final !== undefined) {
    if (standing !== null && !held) {
      const at = timeOf(standing.at);
      if (!there) from = at;
      there = true;
      held = true;
      claim = { ...standing, at };
    }
    endHold(final, { kind: 'still-held' });
    if (there) presences.push({ pool: final.pool, lock: final.lock, from, until: null });
  }
  return { holds, presences };
}

function ownerOf(claim: ClaimMade | null): Owner | null {
  return claim?.owner ?? null;
}

/** The state before the first operation that was read, as far as that operation implies it. */
function stateBefore(first: Operation | undefined): { held: boolean; there: boolean } {
  switch (first?.kind) {
    case 'release':
      return { held: true, there: true };
    case 'claim':
    case 'remove':
      return { held: false, there: true };
    case 'add':
    case undefined:
      return { held: false, there: false };
  }
}

/** Seconds from the claim to its end, or to `now` while it is held; null where one of the two is not known. */
export function heldFor({ claim, end }: Tenure, now: number): number | null {
  const until = end.kind === 'still-held' ? now : end.at;
  if (claim === null || claim.at === null || until === null) return null;
  return Math.max(0, until - claim.at);
}
