import { Failure } from '../../core/failure.ts';
import type { Hold, HoldSpan } from '../../core/hold.ts';
import { type LockReference, shownLock } from '../../core/release/find-lock.ts';
import type { Step } from '../../core/release/release-plan.ts';
import { CLOCK_TOLERANCE, describePast } from '../../core/time.ts';
import { holdOf } from '../../core/verdict/holders.ts';
import type { Session } from '../session.ts';
import { commitByHand, type NamedLock, personAt } from './commit-by-hand.ts';

/** Until when, in unix seconds, and why. */
export interface HoldOrder {
  readonly until: number;
  readonly reason: string;
}

/** A commit that made or ended a hold, and the hold that there was until then; null where there was none. */
export interface HoldChange {
  readonly commit: string;
  readonly before: (Hold & HoldSpan) | null;
}

/** Keeps the claim that a lock has now from being released for a while. */
export async function holdLock(
  session: Session,
  reference: LockReference,
  order: HoldOrder,
): Promise<HoldChange> {
  let before: HoldChange['before'] = null;
  const commit = await commitByHand(session, reference, async ({ lock, claim, head }) => {
    if (claim === null)
      throw new Failure(
        `${shownLock(lock)} is free, so there is no claim to hold; use pool-boy claim to take it.`,
      );
    before = holdOf(claim, session.tools.clock());
    await warnOfClock(head, session);
    return [{ kind: 'hold', hold: { ...lock, claim: claim.commit, ...order } }];
  });
  return { commit, before };
}

/** Ends the hold on a lock's claim. */
export async function unholdLock(
  session: Session,
  reference: LockReference,
  reason: string,
): Promise<HoldChange> {
  let before: HoldChange['before'] = null;
  const commit = await commitByHand(session, reference, async ({ lock, claim }) => {
    const hold = claim === null ? null : holdOf(claim, session.tools.clock());
    if (claim === null || hold === null)
      throw new Failure(`Nobody holds ${shownLock(lock)}, so there is no hold to end.`);
    if (before !== null && before.commit !== hold.commit)
      throw new Failure(
        `${hold.by} made a new hold on ${shownLock(lock)} in the meantime, so nothing was changed; look at it again.`,
      );
    before = hold;
    return [{ kind: 'hold', hold: { ...lock, claim: claim.commit, until: null, reason } }];
  });
  return { commit, before };
}

/** The end of a hold is written by this machine's clock, and read by those of others. */
async function warnOfClock(head: string, { repository, tools }: Session): Promise<void> {
  const now = tools.clock();
  const committedAt = await repository.committedAt(head);
  if (committedAt === null || committedAt <= now + CLOCK_TOLERANCE) return;
  tools.log.warn(
    `The head of branch ${repository.branch} is dated ${describePast(committedAt, now)}: where the clock of this machine is wrong, the hold ends too early.`,
  );
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
    if (until !== null) await warnOfClock(named.head, session);
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
