import type { Name } from '../lock.ts';
import type { History } from './lock-history.ts';
import type { ClaimMade } from './lock-operation.ts';
import { isWithin, type Period } from './period.ts';

/** A lock that Pool Boy took from its claim. */
export interface OwnRelease {
  readonly pool: Name;
  readonly lock: Name;
  /** The commit of the release, and when it was made, in unix seconds. */
  readonly commit: string;
  readonly at: number;
  /** Null where it is older than the operations that were read. */
  readonly claim: ClaimMade | null;
}

/** Shows that a release was wrong: the claim's holder was alive after it. */
export interface CameBack {
  readonly release: OwnRelease;
  readonly claim: string;
  /** Who, as people write a build. */
  readonly build: string;
  /** When it came back or ended, in unix seconds; for a build that still runs, when that was asked. Null: not known. */
  readonly at: number | null;
  readonly how: 'claimed' | 'released' | 'removed' | 'ended' | 'runs';
  /** Where it shows: in the commits, or in what Concourse says of its builds. */
  readonly evidence: 'git' | 'concourse';
}

/** The releases of a period that Pool Boy made, the newest first; a lock that it moved to another pool counts, too. */
export function ownReleases({ holds }: History, period: Period): OwnRelease[] {
  return holds
    .flatMap(({ pool, lock, claim, end }) => {
      if (end.kind !== 'released' && end.kind !== 'removed') return [];
      const { at, by, commit } = end;
      const isOurs = by === 'pool-boy' && at !== null && isWithin(at, period);
      return isOurs ? [{ pool, lock, commit, at, claim }] : [];
    })
    .sort((a, b) => b.at - a.at);
}
