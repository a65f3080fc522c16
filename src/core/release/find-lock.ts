import { closestMatch } from 'leven';
import type { Name, PoolListing } from '../lock.ts';
import { quoteName } from '../quote-name.ts';

/** One lock of one pool, by its names in the repository. */
export interface LockName {
  readonly pool: Name;
  readonly lock: Name;
}

/** One claim on one lock. Both: a commit by hand can claim many locks. */
export interface ClaimName extends LockName {
  /** The claim commit, in full. */
  readonly claim: string;
}

/** `POOL/LOCK` or `POOL/LOCK@CLAIM`, as somebody wrote it: names that nobody has looked up yet. */
export interface LockReference {
  readonly path: string;
  /** At least seven digits of the claim commit's hash. */
  readonly claim: string | null;
}

export type FoundLock =
  | {
      readonly kind: 'found';
      readonly lock: LockName;
      readonly isClaimed: boolean;
      /** What was written behind the name. */
      readonly claim: string | null;
    }
  /** Its pool is there, but has no such lock; it may have had one. `nearest`: what may have been meant. */
  | { readonly kind: 'not-in-pool'; readonly lock: LockName; readonly nearest: LockName | null }
  | { readonly kind: 'no-pool'; readonly nearest: LockName | null };

const WITH_CLAIM = /^(.+\/.+)@([0-9a-f]{7,64})$/su;

/** Null where it has no slash, and so names no lock. */
export function parseLockReference(text: string): LockReference | null {
  const [, path, claim] = WITH_CLAIM.exec(text) ?? [];
  if (path !== undefined && claim !== undefined) return { path, claim };
  return /^.+\/.+$/su.test(text) ? { path: text, claim: null } : null;
}

/**
 * The lock that somebody meant, among those of the pools. Names may hold slashes, so the pools that are there tell
 * the two parts of `POOL/LOCK` apart, and a lock may be called `env@1234567`: the whole text takes precedence over
 * its parts. A name may be written as Pool Boy shows it (quoted), or with its accents composed in another way.
 */
export function findLock({ path, claim }: LockReference, pools: readonly PoolListing[]): FoundLock {
  const locks = pools.flatMap(locksOf);
  const whole = claim === null ? null : lookUp(`${path}@${claim}`, locks);
  if (whole !== null) return { kind: 'found', ...whole, claim: null };
  const found = lookUp(path, locks);
  if (found !== null) return { kind: 'found', ...found, claim };
  const nearest = nearestTo(path, locks);
  const pool = pools.find(
    ({ name }) => path.startsWith(`${name}/`) && !path.slice(name.length + 1).includes('/'),
  );
  if (pool === undefined) return { kind: 'no-pool', nearest };
  return { kind: 'not-in-pool', lock: { pool: pool.name, lock: path.slice(pool.name.length + 1) }, nearest };
}

export function pathOf({ pool, lock }: LockName): string {
  return `${pool}/${lock}`;
}

/** The same lock, as a person may read it: one line, quoted where it has to be. */
export function shownLock(lock: LockName): string {
  return quoteName(pathOf(lock));
}

export function isSameClaim(a: ClaimName, b: ClaimName): boolean {
  return a.pool === b.pool && a.lock === b.lock && a.claim === b.claim;
}

interface ListedLock {
  readonly lock: LockName;
  readonly isClaimed: boolean;
}

function locksOf({ name: pool, claimed, unclaimed }: PoolListing): ListedLock[] {
  const taken = new Set(claimed ?? []);
  const free = (unclaimed ?? []).filter((lock) => !taken.has(lock));
  return [
    ...[...taken].map((lock) => ({ lock: { pool, lock }, isClaimed: true })),
    ...free.map((lock) => ({ lock: { pool, lock }, isClaimed: false })),
  ];
}

/** An exact name wins; of names that differ in more than that only one that is alone will do. */
function lookUp(path: string, locks: readonly ListedLock[]): ListedLock | null {
  const exact = locks.find(({ lock }) => pathOf(lock) === path);
  if (exact !== undefined) return exact;
  const quoted = locks.find(({ lock }) => shownLock(lock) === path);
  if (quoted !== undefined) return quoted;
  const [alike, ...others] = locks.filter(({ lock }) => composed(pathOf(lock)) === composed(path));
  return alike !== undefined && others.length === 0 ? alike : null;
}

/** macOS writes names with combining accents, most keyboards without; no eye tells the two apart. */
function composed(name: string): string {
  return name.normalize('NFC');
}

function nearestTo(path: string, locks: readonly ListedLock[]): LockName | null {
  const names = locks.map(({ lock }) => lock);
  const nearest = closestMatch(
    composed(path),
    names.map((one) => composed(pathOf(one))),
    {
      maxDistance: Math.max(2, Math.floor(path.length / 3)),
    },
  );
  return names.find((one) => composed(pathOf(one)) === nearest) ?? null;
}
