import { Failure } from '../../core/failure.ts';
import { isHeld } from '../../core/hold.ts';
import { claimedAt } from '../../core/lock.ts';
import { type LockReference, shownLock } from '../../core/release/find-lock.ts';
import type { Step } from '../../core/release/release-plan.ts';
import type { Session } from '../session.ts';
import { commitByHand, type NamedLock, personAt } from './commit-by-hand.ts';

/** Until when, in unix seconds, and why. */
export interface HoldOrder {
  readonly until: number;
  readonly reason: string;
}

/** Keeps the claim that a lock has now from being released for a while. Gives the commit that says so. */
export function holdLock(session: Session, reference: LockReference, order: HoldOrder): Promise<string> {
  return commitByHand(session, reference, async ({ lock, claim }) => {
    if (claim === null)
      throw new Failure(
        `${shownLock(lock)} is free, so there is no claim to hold; use pool-boy claim to take it.`,
      );
    return [{ kind: 'hold', hold: { ...lock, claim: claim.commit, ...order } }];
  });
}

/** Ends the hold on a lock's claim. */
export function unholdLock(session: Session, reference: LockReference, reason: string): Promise<string> {
  return commitByHand(session, reference, async ({ lock, claim }) => {
    const now = session.tools.clock();
    if (claim === null || !isHeld(claim.hold, claimedAt(claim, now), now))
      throw new Failure(`Nobody holds ${shownLock(lock)}, so there is no hold to end.`);
    return [{ kind: 'hold', hold: { ...lock, claim: claim.commit, until: null, reason } }];
  });
}

/** Takes a free lock by hand, as the pool resource would: it moves the file, and keeps git from dropping the folder. */
export function claimLock(
  session: Session,
  reference: LockReference,
  { until, reason }: { readonly until: number | null; readonly reason: string },
): Promise<string> {
  return commitByHand(session, reference, async (named) => {
    const { lock, claim } = named;
    if (claim !== null)
      throw new Failure(`${shownLock(lock)} is claimed already; see pool-boy explain ${shownLock(lock)}.`);
    const { name: by } = await personAt(session);
    return [
      ...(await keepUnclaimed(session, named)),
      { kind: 'claim', claim: { ...lock, by, until, reason } },
    ];
  });
}

/** Git drops a folder with its last file, and the pool resource's next release into it would fail. */
async function keepUnclaimed({ repository }: Session, named: NamedLock): Promise<Step[]> {
  const { head, listing, lock } = named;
  if ((listing.unclaimed ?? []).length > 1) return [];
  const isKept = await repository.hasFile(head, `${lock.pool}/unclaimed/.gitkeep`);
  return isKept ? [] : [{ kind: 'keep-folder', pool: lock.pool, folder: 'unclaimed' }];
}
