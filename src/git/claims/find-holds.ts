import { type Hold, type HoldOnClaim, holdsMadeBy, isHoldOn } from '../../core/hold.ts';
import type { LockPlace } from '../objects/lock-path.ts';
import type { CommitText } from '../objects/read-commits.ts';

/** The holds that commits make, in the same order. */
export function holdsIn(
  commits: readonly string[],
  texts: ReadonlyMap<string, CommitText>,
): readonly HoldOnClaim[] {
  return commits.flatMap((commit) => {
    const text = texts.get(commit);
    return text === undefined ? [] : holdsMadeBy({ commit, ...text });
  });
}

/**
 * The newest hold on one claim of a lock; `places` are the names under which the lock was known since. Null where
 * there is none.
 */
export function holdOn(
  claim: string,
  places: readonly (LockPlace | null | undefined)[],
  holds: readonly HoldOnClaim[],
): Hold | null {
  const made = holds.find(
    (one) =>
      one.claim === claim && places.some((place) => place && isHoldOn(one.path, place.pool, place.name)),
  );
  return made?.hold ?? null;
}
