import { matchesGlob } from '../../core/glob.ts';
import { claimedAt, type PoolListing } from '../../core/lock.ts';
import { quoteName } from '../../core/quote-name.ts';
import type { Surveyed } from '../../core/surveyed.ts';
import type { Reason } from '../../core/verdict/reasons.ts';

/** A lock that somebody named: `POOL/LOCK`, and the claim where they named it, too. */
export interface NamedLock {
  readonly path: string;
  readonly claim: string | null;
}

/** What all claims have in common that are to be released in bulk; null where it does not matter. */
export interface BulkFilter {
  readonly pools: readonly string[] | null;
  readonly team: string | null;
  readonly pipeline: string | null;
  readonly job: string | null;
  readonly byHand: boolean;
  /** Unix seconds. */
  readonly claimedBefore: number | null;
  /** Also locks whose holder is seen to be alive, and excluded ones. */
  readonly includesLive: boolean;
}

export interface Choice {
  readonly chosen: readonly Surveyed[];
  /** Named without a claim, and so bound to the one that they have now. */
  readonly bare: readonly string[];
  /** What fits but is left alone. */
  readonly left: readonly Surveyed[];
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** Somebody has these, or wants them left alone: whoever means them says so. What only age speaks for is taken. */
const NOT_IN_BULK: readonly Reason[] = [
  'build-running',
  'handed-on',
  'within-grace',
  'build-just-ended',
  'kept',
  'excluded',
];

const CLAIM = /^(.+\/.+)@([0-9a-f]{7,64})$/su;

export function parseNamedLock(text: string): NamedLock | null {
  const [, path, claim] = CLAIM.exec(text) ?? [];
  if (path !== undefined && claim !== undefined) return { path, claim };
  return /^.+\/.+$/su.test(text) ? { path: text, claim: null } : null;
}

/** A name without a claim is bound to the claim that it has now, which is the one that is shown. */
export function chooseNamed(
  named: readonly NamedLock[],
  locks: readonly Surveyed[],
  pools: readonly PoolListing[],
): Choice {
  const chosen = new Set<Surveyed>();
  const bare: string[] = [];
  const problems: string[] = [];
  const warnings: string[] = [];
  for (const { path, claim } of named) {
    // A lock may be called `env@1234567`: the whole text goes before its parts.
    const whole = claim === null ? path : `${path}@${claim}`;
    const one = locks.find(isAt(whole)) ?? locks.find(isAt(path));
    if (one === undefined) {
      if (isFree(path, pools))
        warnings.push(`${quoteName(path)} is free already; nothing was released for it.`);
      else problems.push(`No pool holds a lock ${quoteName(path)}: see pool-boy status.`);
    } else if (one.verdict.reason === 'conflict') {
      problems.push(`${quoteName(path)} cannot be released: ${one.verdict.detail}`);
    } else if (claim === null || isAt(whole)(one)) {
      bare.push(whole);
      chosen.add(one);
    } else if (!one.lock.claim.commit.startsWith(claim)) {
      problems.push(
        `${quoteName(path)} is claimed by ${one.lock.claim.commit} now, not by ${claim}: look at the new claim before you release it.`,
      );
    } else {
      chosen.add(one);
    }
  }
  return { chosen: [...chosen], bare, left: [], problems, warnings };
}

export function chooseInBulk(filter: BulkFilter, locks: readonly Surveyed[], now: number): Choice {
  const fitting = locks.filter((one) => fits(one, filter, now));
  const isLeft = ({ verdict: { reason } }: Surveyed) =>
    reason === 'conflict' || (!filter.includesLive && NOT_IN_BULK.includes(reason));
  return {
    chosen: fitting.filter((one) => !isLeft(one)),
    bare: [],
    left: fitting.filter(isLeft),
    problems: [],
    warnings: [],
  };
}

function fits({ lock }: Surveyed, filter: BulkFilter, now: number): boolean {
  const { owner } = lock.claim;
  const { pools, team, pipeline, job, byHand, claimedBefore } = filter;
  if (pools !== null && !pools.some((glob) => matchesGlob(lock.pool, glob))) return false;
  if (byHand && owner.kind !== 'person') return false;
  if (claimedBefore !== null && claimedAt(lock.claim, now) >= claimedBefore) return false;
  if (team === null && pipeline === null && job === null) return true;
  if (owner.kind !== 'job') return false;
  const isLike = (name: string | null, glob: string | null) =>
    glob === null || (name !== null && matchesGlob(name, glob));
  return isLike(owner.team, team) && isLike(owner.pipeline, pipeline) && isLike(owner.job, job);
}

function isAt(path: string): (one: Surveyed) => boolean {
  return ({ lock }) =>
    `${lock.pool}/${lock.name}` === path || quoteName(`${lock.pool}/${lock.name}`) === path;
}

function isFree(path: string, pools: readonly PoolListing[]): boolean {
  return pools.some(({ name, unclaimed }) =>
    unclaimed?.some((lock) => `${name}/${lock}` === path || quoteName(`${name}/${lock}`) === path),
  );
}
