import { Failure } from '../../../core/failure.ts';
import type { Operation } from '../../../core/history/lock-operation.ts';
import { quoteName } from '../../../core/quote-name.ts';
import { allLocks, type Surveyed } from '../../../core/survey/surveyed.ts';
import { count, shortList } from '../../../core/text.ts';
import { isoTime } from '../../../core/time.ts';
import { holdOf } from '../../../core/verdict/holders.ts';
import { remedyFor } from '../../../core/verdict/remedy.ts';
import type { Session } from '../../../sweep/session.ts';
import { survey } from '../../../sweep/survey/survey.ts';
import type { CheckedConcourses } from './check-concourse.ts';
import { good, problem, type Tell, warning } from './finding.ts';

/** Whether the locks that are claimed now can be judged: those that no run will ever free, as things stand. */
export async function checkClaims(
  session: Session,
  head: string,
  { problems: reported }: CheckedConcourses,
  tell: Tell,
): Promise<void> {
  try {
    const found = await survey(session, head);
    const locks = allLocks(found);
    const unread = locks.filter(({ verdict }) => verdict.reason === 'concourse-unreachable');
    tellOfUnread(unread, reported, tell);
    tellOfHolds(locks, found.now, tell);
    const policies = new Map(found.pools.map(({ listing, policy }) => [listing.name, policy]));
    const undecided = locks
      .filter(({ verdict }) => verdict.verdict === 'undecided')
      // The pools were checked for these, and with them it was said which command removes one.
      .filter(({ verdict }) => verdict.reason !== 'conflict')
      .filter((one) => !unread.includes(one));
    for (const { lock, verdict } of undecided) {
      // Reported with the pool.
      if (verdict.reason === 'conflict') continue;
      const policy = policies.get(lock.pool);
      tell(
        warning(
          `Nothing can decide about ${quoteName(`${lock.pool}/${lock.name}`)} (${verdict.reason}): ${verdict.detail}`,
          policy === undefined ? 'see pool-boy explain' : remedyFor(verdict.reason, policy),
        ),
      );
    }
    if (undecided.length > 0 || unread.length > 0) return;
    const byAge = locks.filter(isByAgeAlone).length;
    const how = byAge === 0 || session.concourses === null ? '' : `, ${byAge} of them by age alone`;
    tell(good(`${count(locks.length, 'claimed lock')} can be judged${how}.`));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    for (const sentence of error.sentences) tell(problem(sentence, null));
  }
}

/** What people hold is not freed, whatever becomes of its builds: worth knowing where a pool runs empty. */
function tellOfHolds(locks: readonly Surveyed[], now: number, tell: Tell): void {
  const held = locks.flatMap(({ lock }) => {
    const hold = holdOf(lock.claim, now);
    return hold === null
      ? []
      : [`${quoteName(`${lock.pool}/${lock.name}`)} by ${hold.by} until ${isoTime(hold.until)}`];
  });
  if (held.length > 0) tell(good(`Held by people: ${shortList(held, 10)}.`));
}

/** A Concourse can accept the login and still not answer about builds. */
function tellOfUnread(unread: readonly Surveyed[], reported: readonly string[], tell: Tell): void {
  const by = new Map<string, number>();
  for (const { evidence, verdict } of unread) {
    if (evidence.kind === 'unreachable' && reported.includes(evidence.problem)) continue;
    by.set(verdict.detail, (by.get(verdict.detail) ?? 0) + 1);
  }
  for (const [detail, many] of by) {
    tell(
      problem(
        `${count(many, 'claimed lock')} cannot be judged: ${detail}`,
        'see what stands between Pool Boy and Concourse (proxy, load balancer), and its log at that time',
      ),
    );
  }
}

/** A claim by hand never has a build. */
function isByAgeAlone({ lock, verdict }: Surveyed): boolean {
  return (
    lock.claim.owner.kind !== 'person' &&
    (verdict.reason === 'timed-out' || verdict.reason === 'within-timeout')
  );
}

/**
 * A pool resource of 1.8 or newer writes the build's URL, and Concourse gives it to resources only since 8.0: before,
 * every claim names nobody.
 */
export function checkNamelessClaims(
  operations: readonly Operation[],
  { answering }: CheckedConcourses,
  tell: Tell,
): void {
  const claims = operations.filter(({ kind }) => kind === 'claim');
  const nameless = claims.filter(({ owner }) => owner.kind === 'unknown' && owner.url === null).length;
  if (nameless * 2 <= claims.length) return;
  const old = answering.filter(({ account }) => Number.parseInt(account.version, 10) < 8);
  const versions = old.map(({ account }) => `${account.url} runs ${account.version}`).join(', ');
  const why =
    old.length === 0
      ? ''
      : `, as a pool resource of 1.8 or newer writes them on a Concourse before 8.0 (${versions})`;
  tell(
    warning(
      `${nameless} of the last ${count(claims.length, 'claim')} name no build${why}: Pool Boy looks for the build by the claim's version, and where it finds none only age decides.`,
      old.length === 0
        ? 'see the commit messages of the claims (git log)'
        : 'upgrade Concourse to 8.0 or newer; until then let the account view every team that claims locks, and set stale_after',
    ),
  );
}
