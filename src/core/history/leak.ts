import { heldFor, type Tenure } from './lock-history.ts';

/**
 * Whether a lock leaked, that is, none of its holders released it.
 * - Pool Boy had to release it, whoever had claimed it;
 * - or a build claimed it and a person released it;
 * - or it is still held, for longer than `overdueAfter`.
 * A person's claim that a person releases is no leak; neither is a lock that was removed while it was held, and
 * a release by another job or pipeline is the usual way to hand a lock on. What happened to a lock that was claimed
 * again with no release in between is not known.
 */
export function isLeak(hold: Tenure, overdueAfter: number, now: number): boolean {
  const { claim, end } = hold;
  switch (end.kind) {
    case 'still-held':
      return isOverdue(hold, overdueAfter, now);
    case 'released':
      return end.by === 'pool-boy' || (end.by === 'person' && claim?.owner.kind !== 'person');
    case 'removed':
    case 'claimed-again':
      return false;
  }
}

/** A claim that is older than what was read is overdue; one whose date is not known never is. */
function isOverdue(hold: Tenure, overdueAfter: number, now: number): boolean {
  return hold.claim === null || (heldFor(hold, now) ?? 0) > overdueAfter;
}

/** Whether a build released the lock, so that the hold's length says how long such a hold takes. */
export function endedWell({ claim, end }: Tenure): boolean {
  if (claim === null || end.kind !== 'released') return false;
  switch (end.by) {
    case 'same-build':
    case 'same-job':
    case 'same-pipeline':
    case 'other-pipeline':
      return true;
    case 'person':
    case 'pool-boy':
    case 'unknown':
      return false;
  }
}

/**
 * Seconds that a leak cost: what it was held beyond the time that a hold of its pool usually takes. When the holder
 * died, only Concourse knew, and it deletes old builds; `usual` is the median of the holds that ended well.
 */
export function lostSeconds(hold: Tenure, usual: number, now: number): number {
  return Math.max(0, (heldFor(hold, now) ?? 0) - usual);
}
