import { Failure } from '../../core/failure.ts';
import { type ClaimedLock, claimedAt, type Name, type PoolListing } from '../../core/lock.ts';
import { noPoolsSentence } from '../../core/pools/no-pools.ts';
import { type SelectedPool, selectPools } from '../../core/pools/pool-selection.ts';
import { selectionProblemSentence, selectionWarningSentence } from '../../core/pools/selection-notice.ts';
import { planProblemSentence } from '../../core/release/plan-problem.ts';
import { targetOf, targetProblems } from '../../core/release/release-target.ts';
import { warningsOf } from '../../core/survey/survey-warnings.ts';
import type { Survey, Surveyed } from '../../core/survey/surveyed.ts';
import { CLOCK_TOLERANCE, describePast } from '../../core/time.ts';
import type { Verdict } from '../../core/verdict/reasons.ts';
import { saveMemory } from '../../runtime/save-memory.ts';
import type { Session } from '../session.ts';
import { judgeClaim } from './judge-claim.ts';

/**
 * Judges every claimed lock of the selected pools as of the commit `ref`. `head` is the branch's head: claims that
 * are no longer the newest there are reported, but must not be released.
 */
export async function survey(session: Session, ref: string, head: string = ref): Promise<Survey> {
  const { repository, concourses, source, tools } = session;
  const { pools: found, rootFolders } = await repository.treeAt(ref);
  const asked = (source.pools ?? []).map(({ name }) => name);
  const noPools = found.length === 0 ? [noPoolsSentence(repository.branch, asked, rootFolders)] : [];
  if (noPools.length > 0 && asked.length > 0) throw new Failure(noPools);
  const selection = selectPools(found, source);
  if (selection.problems.length > 0) throw new Failure(selection.problems.map(selectionProblemSentence));
  // A pool can be younger than the commit that is reported.
  refuseBadTargets(selection.pools, ref === head ? found : await repository.poolsAt(head));
  const locks = await claimedLocks(session, selection.pools, ref);
  const current = ref === head ? null : await currentClaims(session, head);
  // No login for nothing: most of the time no lock is claimed.
  const atc = locks.length > 0 ? concourses : null;
  await atc?.begin();
  const now = atc?.now() ?? tools.clock();
  const surveyed = await Promise.all(
    locks.map(async ({ lock, pool }): Promise<Surveyed> => {
      const judged = await judgeClaim(atc, lock, pool.policy, now);
      const { evidence } = judged;
      // Names come from the repository: whatever goes into a log, a report or a commit must not show a secret.
      const verdict = { ...judged.verdict, detail: tools.mask.apply(judged.verdict.detail) };
      const heldFor = Math.max(0, Math.floor(now - (claimedAt(lock.claim, now) ?? now)));
      const isCurrent = current?.has(heldBy(lock.claim.commit, lock.name)) ?? true;
      return { lock, verdict: isCurrent ? verdict : outdated(verdict), evidence, heldFor, isCurrent };
    }),
  );
  const pools = selection.pools.map(({ listing, policy }) => ({
    listing,
    policy,
    locks: surveyed.filter(({ lock }) => lock.pool === listing.name),
  }));
  return {
    ref,
    now,
    pools,
    found,
    concourse: atc?.infos() ?? source.concourses.map(({ url }) => ({ url, version: null })),
    warnings: [
      ...noPools,
      ...selection.warnings.map(selectionWarningSentence),
      ...warningsOf(pools, now),
      ...(await clockWarnings(session, head, now)),
    ],
  };
}

/** A pool whose locks could go nowhere is a mistake in the request, whether or not one is stale today. */
function refuseBadTargets(pools: readonly SelectedPool[], found: readonly PoolListing[]): void {
  const targets = pools.map(({ listing, policy }) => targetOf(listing.name, policy.releaseTo, found));
  const problems = targetProblems(targets, found);
  if (problems.length > 0) throw new Failure(problems.map(planProblemSentence));
}

/** With a Concourse its clock counts; without one only the repository can tell that a clock is wrong. */
async function clockWarnings(
  { repository, concourses }: Session,
  head: string,
  now: number,
): Promise<string[]> {
  if (concourses !== null) return [];
  const committedAt = await repository.committedAt(head);
  if (committedAt === null || committedAt <= now + CLOCK_TOLERANCE) return [];
  return [
    `The head of branch ${repository.branch} is dated ${describePast(committedAt, now)}: the clock of a worker or of this machine is wrong, so claim ages are wrong too.`,
  ];
}

/** A reader must not release the claim that came after this one. */
function outdated(verdict: Verdict): Verdict {
  return { ...verdict, detail: `${verdict.detail} Since then the lock was released or claimed again.` };
}

/** So many claimed locks have more to remember than the program itself. */
const MANY_LOCKS = 500;

interface Candidate {
  readonly lock: ClaimedLock;
  readonly pool: SelectedPool;
}

async function claimedLocks(
  { repository }: Session,
  pools: readonly SelectedPool[],
  ref: string,
): Promise<Candidate[]> {
  const places = pools.flatMap((pool) => (pool.listing.claimed ?? []).map((name) => ({ pool, name })));
  if (places.length === 0) return [];
  if (places.length > MANY_LOCKS) await saveMemory();
  const claims = await repository.claimsAt(
    ref,
    places.map(({ pool, name }) => ({ pool: pool.listing.name, name })),
  );
  return places.flatMap(({ pool, name }, i) => {
    const claim = claims[i];
    if (claim === undefined) return [];
    const alsoUnclaimed = pool.listing.unclaimed?.includes(name) ?? false;
    return [{ pool, lock: { pool: pool.listing.name, name, claim, alsoUnclaimed } }];
  });
}

/** Which claim holds which lock at the head, in whatever pool. */
async function currentClaims({ repository }: Session, head: string): Promise<Set<string>> {
  const pools = await repository.poolsAt(head);
  const places = pools.flatMap(({ name, claimed }) =>
    (claimed ?? []).map((lock) => ({ pool: name, name: lock })),
  );
  const claims = places.length === 0 ? [] : await repository.claimsAt(head, places);
  return new Set(claims.map(({ commit }, i) => heldBy(commit, places[i]?.name ?? '')));
}

/** One commit by hand can claim many locks. Not the pool: it may have another name at the head. */
function heldBy(claim: string, lock: Name): string {
  return `${claim} ${lock}`;
}
