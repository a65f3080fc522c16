import { type Name, NO_COMMIT } from './lock.ts';

/** A version as Concourse keeps it: strings only. */
export interface Version {
  readonly ref: string;
  /** `none`, or `<N>:<digest>` of the set of stale claims. Absent in a version that a person gave to `fly`. */
  readonly stale?: string | undefined;
}

export interface StaleClaim {
  readonly pool: Name;
  readonly lock: Name;
  readonly claim: string;
}

/**
 * The `stale` field: it changes when the set of stale claims changes, and at no other time. `digest` is a hash of
 * text to hex; JSON keeps apart what a plain join would mix up, and lone surrogates that a hash would fold together.
 */
export function staleOf(claims: readonly StaleClaim[], digest: (text: string) => string): string {
  if (claims.length === 0) return 'none';
  const lines = claims.map(({ pool, lock, claim }) => JSON.stringify([pool, lock, claim]));
  const set = [...new Set(lines)].sort();
  return `${set.length}:${digest(set.join('\n')).slice(0, 16)}`;
}

/**
 * What `check` answers. Nothing stale: no version. The given version where it still says the same, so that a job is
 * set off once per change of the set; else the new one. A version without `stale` is accepted and never echoed; that
 * of an `out` that pushed nothing is always there.
 */
export function versionsToEmit(
  given: Version | null,
  givenIsThere: boolean,
  now: Required<Version>,
): Version[] {
  if (now.stale === 'none') return [];
  const isThere = givenIsThere || given?.ref === NO_COMMIT;
  const echo = given !== null && given.stale !== undefined && isThere ? [given] : [];
  return given?.stale === now.stale && echo.length > 0 ? echo : [...echo, now];
}
