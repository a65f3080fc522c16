import { aliveAfter } from '../../core/history/alive-after.ts';
import { cameBackInGit } from '../../core/history/came-back.ts';
import type { History } from '../../core/history/lock-history.ts';
import type { Operation } from '../../core/history/lock-operation.ts';
import { type CameBack, type OwnRelease, ownReleases } from '../../core/history/own-releases.ts';
import type { Period } from '../../core/history/period.ts';
import type { ClaimedLock } from '../../core/lock.ts';
import type { Session } from '../session.ts';

/** How many releases Concourse is asked about at most: each costs a few requests. */
export const MOST_ASKED = 200;

export interface OwnReleases {
  readonly count: number;
  /** The newest release first. */
  readonly cameBack: readonly CameBack[];
  /** About how many of them Concourse was not asked, or gave no answer; null where none is configured. */
  readonly notAsked: number | null;
}

export interface PastOfPools {
  readonly history: History;
  /** Oldest first. */
  readonly operations: readonly Operation[];
  readonly period: Period;
}

/**
 * How many locks Pool Boy released in a period, and whose holders turned out to be alive: from the commits, and, where a
 * Concourse is configured, from the builds that it remembers.
 */
export async function countOwnReleases(
  { concourses }: Pick<Session, 'concourses'>,
  { history, operations, period }: PastOfPools,
): Promise<OwnReleases> {
  const releases = ownReleases(history, period);
  const inGit = cameBackInGit(releases, operations);
  const open = releases.filter((one) => !inGit.some(({ release }) => release === one));
  if (concourses === null) return { count: releases.length, cameBack: inGit, notAsked: null };
  const asked = open.slice(0, MOST_ASKED);
  if (asked.length > 0) await concourses.begin();
  const seen = await Promise.all(
    asked.map(async (release) => {
      const lock = lockOf(release);
      if (lock === null) return 'not asked';
      const evidence = await concourses.evidenceFor({
        lock,
        depth: 'holders',
        previous: { kind: 'not-asked' },
        wantsNext: false,
        limitsWaiting: false,
        grace: 0,
        errorGrace: 0,
      });
      return evidence.kind === 'asked' ? aliveAfter(release, evidence, concourses.now()) : 'not asked';
    }),
  );
  const unanswered = seen.filter((one) => one === 'not asked').length;
  const alive = seen.flatMap((one) => (one === null || one === 'not asked' ? [] : [one]));
  return {
    count: releases.length,
    cameBack: [...inGit, ...alive].sort((a, b) => b.release.at - a.release.at),
    notAsked: open.length - asked.length + unanswered,
  };
}

/** The lock as it was before the release. */
function lockOf({ pool, lock: name, claim }: OwnRelease): ClaimedLock | null {
  if (claim === null) return null;
  const { commit, owner, author, at } = claim;
  return {
    pool,
    name,
    alsoUnclaimed: false,
    claim: {
      commit,
      message: '',
      author,
      owner,
      bornClaimed: false,
      isRoot: false,
      committedAt: at,
      parentCommittedAt: null,
      restores: null,
      hold: null,
    },
  };
}
