import { randomUUID } from 'node:crypto';
import { Failure } from '../../core/failure.ts';
import type { Claim, PoolListing } from '../../core/lock.ts';
import { findLock, type LockName, type LockReference, shownLock } from '../../core/release/find-lock.ts';
import { unknownLockSentence } from '../../core/release/plan-problem.ts';
import type { Step } from '../../core/release/release-plan.ts';
import { ownBuildUrl } from '../../runtime/own-build.ts';
import type { Session } from '../session.ts';
import { waitAfterLostRace } from './lost-race.ts';

/** One lock as a person named it, at the branch's head. */
export interface NamedLock {
  readonly lock: LockName;
  readonly listing: PoolListing;
  readonly head: string;
  /** Null where it is free. */
  readonly claim: Claim | null;
}

/** Looks up the lock that somebody named; a claim in the name must be the one that it has now. */
export async function lookUpLock({ repository }: Session, reference: LockReference): Promise<NamedLock> {
  const head = await repository.fetch();
  const pools = await repository.poolsAt(head);
  const found = findLock(reference, pools);
  if (found.kind !== 'found') throw new Failure(unknownLockSentence(reference.path, found.nearest));
  const { lock } = found;
  const listing = pools.find(({ name }) => name === lock.pool);
  if (listing === undefined) throw new Error(`${lock.pool} was found in no pool.`);
  const [claim = null] = found.isClaimed
    ? await repository.claimsAt(head, [{ pool: lock.pool, name: lock.lock }])
    : [];
  if (found.claim !== null && claim?.commit.startsWith(found.claim) !== true)
    throw new Failure(
      `${shownLock(lock)} is ${claim === null ? 'free' : `claimed by ${claim.commit}`} now, not claimed by ${found.claim}; look at it before you change it.`,
    );
  return { lock, listing, head, claim };
}

/**
 * Makes a person's commits on one lock: a compare-and-swap like a release. `decide` says what to commit on the lock
 * as it is; it is asked again where somebody else pushed in the meantime. Gives the last commit.
 */
export async function commitByHand(
  session: Session,
  reference: LockReference,
  decide: (named: NamedLock) => Promise<readonly Step[]>,
): Promise<string> {
  const { repository, tools } = session;
  const run = randomUUID();
  let seen: NamedLock | null = null;
  for (let attempt = 1; ; attempt += 1) {
    const named = await lookUpLock(session, reference);
    refuseOtherClaim(seen, named);
    seen = named;
    const steps = await decide(named);
    const push = await repository.push(steps, named.head, {
      run,
      version: tools.version,
      buildUrl: ownBuildUrl(tools.environment),
      now: tools.clock(),
      author: await personAt(session),
    });
    if (push.kind === 'pushed') return push.head;
    await waitAfterLostRace(attempt, session, 'nothing was changed');
  }
}

/** Somebody may have claimed the lock in the meantime: what a person wanted was for the claim before. */
function refuseOtherClaim(before: NamedLock | null, { lock, claim }: NamedLock): void {
  if (before === null || before.claim === null || before.claim.commit === claim?.commit) return;
  throw new Failure(
    `${shownLock(lock)} ${claim === null ? 'was released' : 'was claimed again'} in the meantime, so nothing was changed; look at it again.`,
  );
}

/** A hold that names nobody helps nobody: whoever wants the lock must know whom to ask. */
export async function personAt({ repository }: Session): Promise<{ name: string; email: string }> {
  const author = await repository.author();
  if (author !== null) return author;
  throw new Failure(
    'git does not know who you are; set user.name and user.email (git config --global user.name NAME, or --git-config user.name=NAME).',
  );
}
