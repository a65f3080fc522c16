import { parseClaimMessage } from '../core/claim-message.ts';
import type { Claim } from '../core/lock.ts';
import { claimReleasedBy, revertedRelease } from './commit-message.ts';
import { type History, traceClaims } from './history.ts';
import { type CommitText, readCommits } from './read-commits.ts';
import type { Found, LockPlace } from './trace-claims.ts';

/** The claims of locks that lie in `claimed` at a commit, in the same order. No process per lock. */
export async function findClaims(
  history: History,
  commit: string,
  locks: readonly LockPlace[],
): Promise<Claim[]> {
  const found = await traceClaims(history, commit, locks);
  const ids = found.flat().flatMap((one) => [one.commit, ...one.parents]);
  const texts = await readCommits(history.copy.git, ids);
  const newest = found.map((claims) => newestOf(claims, texts));
  const origins = await followReverts(
    history,
    newest.map((one) => textAt(one.commit, texts)),
  );
  return newest.map((one, index) => {
    const text = textAt(one.commit, texts);
    const { owner, bornClaimed } = parseClaimMessage(
      origins[index]?.text.message ?? text.message,
      locks[index]?.name ?? '',
    );
    return {
      commit: one.commit,
      message: text.message,
      author: text.author,
      owner,
      bornClaimed,
      committedAt: text.committedAt,
      parentCommittedAt: latestParent(one, texts),
      restores: origins[index]?.restores ?? null,
    };
  });
}

/** Where a merge joined two claims of one lock, the newer one can have a living holder. */
function newestOf(claims: readonly Found[], texts: ReadonlyMap<string, CommitText>): Found {
  const time = (one: Found) => Math.max(textAt(one.commit, texts).committedAt, latestParent(one, texts) ?? 0);
  const [first, ...others] = claims;
  if (first === undefined) throw new Error('A lock was traced to no claim.');
  return others.reduce((best, one) => (time(one) > time(best) ? one : best), first);
}

function latestParent({ parents }: Found, texts: ReadonlyMap<string, CommitText>): number | null {
  return parents.length === 0
    ? null
    : Math.max(...parents.map((parent) => textAt(parent, texts).committedAt));
}

function textAt(commit: string, texts: ReadonlyMap<string, CommitText>): CommitText {
  const text = texts.get(commit);
  if (text === undefined) throw new Error(`Commit ${commit} is not in the copy.`);
  return text;
}

/**
 * `git revert` of a release of ours gives the lock back to the holder that it was taken from, so the claim that our
 * commit names tells the owner; that claim may be such a revert again. Ids in messages are anybody's text: what is
 * not in the history stays a claim by hand.
 */
async function followReverts(history: History, claims: readonly CommitText[]): Promise<Origin[]> {
  const origins: Origin[] = claims.map((text) => ({ text, restores: null }));
  for (let round = 0; round < 20; round += 1) {
    const reverted = origins.map(({ text }) => revertedRelease(text.message));
    const releases = await readFromHistory(history, reverted);
    const named = reverted.map((id) => claimReleasedBy(releases.get(id ?? '')?.message ?? ''));
    const texts = await readFromHistory(history, named);
    if (texts.size === 0) break;
    named.forEach((id, index) => {
      const text = texts.get(id ?? '');
      if (id !== null && text !== undefined) origins[index] = { text, restores: id };
    });
  }
  return origins;
}

/** What tells the owner of a claim, and the claim that it restores, if it is another one. */
interface Origin {
  readonly text: CommitText;
  readonly restores: string | null;
}

async function readFromHistory(history: History, ids: readonly (string | null)[]) {
  const wanted = ids.filter((id) => id !== null);
  let texts = await readCommits(history.copy.git, wanted);
  while (wanted.some((id) => !texts.has(id)) && (await history.deepen())) {
    texts = await readCommits(history.copy.git, wanted);
  }
  return texts;
}
