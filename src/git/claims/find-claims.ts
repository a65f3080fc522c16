import { holdWithClaim } from '../../core/hold.ts';
import { CLAIM_BEYOND_HISTORY, type Claim, type Name } from '../../core/lock.ts';
import { parseClaimMessage } from '../../core/messages/claim-message.ts';
import { type History, isTooShallow } from '../clone/history.ts';
import { type LockPlace, lockAt } from '../objects/lock-path.ts';
import { type CommitText, commitsWithin, readCommits } from '../objects/read-commits.ts';
import { claimReleasedBy, revertedRelease } from '../releases/release-message.ts';
import { holdOn, holdsIn } from './find-holds.ts';
import { type EarlierClaims, followClaims } from './follow-claims.ts';
import type { Found } from './trace-claims.ts';

export interface FoundClaims {
  /** One for each lock, in the same order. */
  readonly claims: readonly Claim[];
  /** When the commit that the locks are claimed at was made, in unix seconds; null where its date cannot be read. */
  readonly committedAt: number | null;
}

/** In bytes. No person's hold is near the one, and no history's holds are near the other. */
const HOLD_SIZES = { each: 64 * 1024, all: 16 * 1024 * 1024 };

/** The claims of locks that are in `claimed` at a commit. No process per lock. */
export async function findClaims(
  history: History,
  commit: string,
  locks: readonly LockPlace[],
  earlier: EarlierClaims<Claim> | null,
): Promise<FoundClaims> {
  const { git } = history.clone;
  const { locks: traced, holdCommits } = await followClaims(history, commit, locks, earlier);
  const holding = await commitsWithin(git, holdCommits, HOLD_SIZES);
  const ids = traced.flatMap(({ found }) => found).flatMap((one) => [one.commit, ...one.parents]);
  const texts = await readCommits(git, [commit, ...ids, ...holding]);
  const holds = holdsIn(holding, texts);
  const claims = traced.flatMap(({ found }, index) =>
    found.map((one) => ({ index, found: one, text: textAt(one.commit, texts) })),
  );
  const origins = await followReverts(
    history,
    claims.map(({ text }) => text),
  );
  const made = claims.map(({ index, found, text }, at) => ({
    index,
    claim: claimOf(found, text, origins[at] ?? { text, restores: null }, locks[index]?.name ?? '', texts),
    path: found.path,
  }));
  const madeOf = traced.map((): (typeof made)[number][] => []);
  for (const one of made) madeOf[one.index]?.push(one);
  const claimsOfLocks = traced.map(({ known, isBeyondHistory }, index) => {
    const mine = madeOf[index] ?? [];
    const all = [...known, ...mine.map((one) => one.claim)];
    // One that is known is newer than all that lies beyond the history.
    const claim = all.length === 0 && isBeyondHistory ? CLAIM_BEYOND_HISTORY : newestOf(all);
    const paths = [locks[index], ...mine.map(({ path }) => lockAt(path))];
    return { ...claim, hold: holdOn(claim.commit, paths, holds) ?? claim.hold };
  });
  return { claims: claimsOfLocks, committedAt: texts.get(commit)?.committedAt ?? null };
}

function claimOf(
  { commit, parents }: Found,
  text: CommitText,
  origin: Origin,
  lock: Name,
  texts: ReadonlyMap<string, CommitText>,
): Claim {
  const { owner, bornClaimed } = parseClaimMessage(text.message, lock);
  const dates = parents.flatMap((parent) => textAt(parent, texts).committedAt ?? []);
  return {
    commit,
    message: text.message,
    author: text.author,
    owner,
    bornClaimed,
    committedAt: text.committedAt,
    parentCommittedAt: dates.length === 0 ? null : Math.max(...dates),
    isRoot: parents.length === 0,
    restores: origin.restores,
    hold: owner.kind === 'person' ? holdWithClaim({ commit, ...text }) : null,
  };
}

/** Where a merge joined two claims of one lock, the newer one can have a living holder. An unknown date is never old. */
function newestOf(claims: readonly Claim[]): Claim {
  const time = ({ committedAt, parentCommittedAt }: Claim) =>
    committedAt === null ? Number.POSITIVE_INFINITY : Math.max(committedAt, parentCommittedAt ?? 0);
  const [first, ...others] = claims;
  if (first === undefined) throw new Error('A lock was traced to no claim.');
  return others.reduce((best, one) => (time(one) > time(best) ? one : best), first);
}

function textAt(commit: string, texts: ReadonlyMap<string, CommitText>): CommitText {
  const text = texts.get(commit);
  if (text === undefined) throw new Error(`Commit ${commit} is not in the clone.`);
  return text;
}

/** How long before its revert a release is looked for, in seconds. */
const MOST_AGE = 30 * 24 * 3600;
/** How often the history is fetched deeper for what messages name. */
const MOST_FETCHES = 3;

/**
 * `git revert` of a release of ours gives the lock back to the holder that it was taken from. It is a claim by hand,
 * from then on: whoever takes a release back still needs the lock. But builds know the lock by the claim that our commit
 * names, which may be such a revert again. Ids in messages are anybody's text: what is not in the history, as far as it
 * is worth fetching, is not followed.
 */
async function followReverts(history: History, claims: readonly CommitText[]): Promise<Origin[]> {
  const origins: Origin[] = claims.map((text) => ({ text, restores: null }));
  const read = readerOf(history);
  for (let round = 0; round < 20; round += 1) {
    const reverted = origins.map(({ text }) => revertedRelease(text.message));
    const times = origins.flatMap(({ text }, at) => (reverted[at] === null ? [] : (text.committedAt ?? [])));
    const releases = await read(reverted, Math.min(...times) - MOST_AGE);
    const named = reverted.map((id) => claimReleasedBy(releases.get(id ?? '')?.message ?? ''));
    const texts = await read(named, 0);
    if (texts.size === 0) break;
    named.forEach((id, index) => {
      const text = texts.get(id ?? '');
      if (id !== null && text !== undefined) origins[index] = { text, restores: id };
    });
  }
  return origins;
}

/** The commit that a claim goes back to, and the claim that it restores, if it is another one. */
interface Origin {
  readonly text: CommitText;
  readonly restores: string | null;
}

/** Reads commits that messages name, fetching deeper for them, but neither often nor back beyond a time. */
function readerOf(history: History) {
  let fetches = 0;
  return async (ids: readonly (string | null)[], since: number) => {
    const wanted = ids.filter((id) => id !== null);
    let texts = await readCommits(history.clone.git, wanted);
    while (wanted.some((id) => !texts.has(id)) && fetches < MOST_FETCHES) {
      if (!(await isTooShallow(history, since)) || !(await history.deepen())) break;
      fetches += 1;
      texts = await readCommits(history.clone.git, wanted);
    }
    return texts;
  };
}
