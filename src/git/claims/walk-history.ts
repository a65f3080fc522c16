import { quoteName } from '../../core/quote-name.ts';
import { boundaryOf, type Clone } from '../clone/clone.ts';
import type { History } from '../clone/history.ts';
import { GitFailure } from '../failures/git-failure.ts';
import { readLog } from '../objects/commit-log.ts';
import type { LockPlace } from '../objects/lock-path.ts';
import { createTrace, type Found, startAt, type Traced } from './trace-claims.ts';

/** Claims that an earlier run found at a head that the branch had then, by the lock's path there. */
export interface EarlierClaims<T> {
  readonly head: string;
  readonly claims: Readonly<Record<string, T>>;
}

/** What tracing one lock gave: claims found now, and claims known before. More than one where a merge joined them. */
export interface TracedLock<T> {
  readonly found: Found[];
  readonly known: T[];
}

/** What one walk gave. */
export interface TracedLocks<T> {
  /** For each lock, in the same order. */
  readonly locks: readonly TracedLock<T>[];
  /** Commits that may hold a claim of these locks (see `core/hold.ts`), the newest first. */
  readonly holdCommits: readonly string[];
}

/** No history has this many; whoever can push could write any number. */
const MOST_HOLD_COMMITS = 10_000;

/**
 * Traces locks that are in `claimed` at a commit. Each round goes on where the one before it came to the end of what
 * is here. With `earlier` the first round walks only what is new, and takes over what is known at the earlier head.
 */
export async function traceClaims<T>(
  history: History,
  commit: string,
  locks: readonly LockPlace[],
  earlier: EarlierClaims<T> | null,
): Promise<TracedLocks<T>> {
  const traced: TracedLock<T>[] = locks.map(() => ({ found: [], known: [] }));
  let left: Traced = locks.length === 0 ? new Map() : startAt(commit, locks);
  let stop = earlier;
  const holdCommits: string[] = [];
  if (stop !== null) takeOver(left, stop, traced);
  while (left.size > 0) {
    const round = await walk(history.clone, left, stop?.head ?? null, holdCommits);
    for (const [lock, claims] of round.found) traced[lock]?.found.push(...claims);
    left = round.left;
    if (stop === null && left.size > 0 && !(await history.deepen())) {
      throw beyondHistory(history, left);
    }
    if (stop !== null) takeOver(left, stop, traced);
    stop = null;
  }
  return { locks: traced, holdCommits };
}

/** Where the remote is itself a shallow clone, a claim can be older than all that it has. */
function beyondHistory({ clone }: History, left: Traced): Error {
  if (boundaryOf(clone).size === 0) return new Error('A lock has no claim in the whole history.');
  const locks = [...left.values()].flatMap((paths) => [...paths.keys()].map(quoteName));
  return new GitFailure(
    'too-shallow',
    `${clone.context.uri} is itself a shallow clone, and ${locks.slice(0, 5).join(', ')} was claimed before its history begins, so the claim is not known; fetch more of the history there, or use a full clone.`,
  );
}

/** What was traced to the earlier head and is known there is done. */
function takeOver<T>(
  left: Traced,
  { head, claims }: EarlierClaims<T>,
  traced: readonly TracedLock<T>[],
): void {
  const there = left.get(head);
  for (const [path, locks] of there ?? []) {
    const claim = claims[path];
    if (claim === undefined) continue;
    for (const lock of locks) traced[lock]?.known.push(claim);
    there?.delete(path);
  }
  if (there?.size === 0) left.delete(head);
}

/** A hold is made after its claim, so whoever walks from the head to the claims comes by every one. */
async function walk(clone: Clone, start: Traced, stop: string | null, holdCommits: string[]) {
  const boundary = boundaryOf(clone);
  const trace = createTrace(start, (commit) => boundary.has(commit));
  const starts = [...start.keys()];
  if (starts.some((commit) => !boundary.has(commit))) {
    const revisions = stop === null ? starts : [...starts, `^${stop}`];
    await readLog(clone.git, {
      args: ['--topo-order', '--stdin'],
      input: Buffer.from(revisions.map((revision) => `${revision}\n`).join('')),
      fields: [],
      changes: 'with-merges',
      wants: trace.wants,
      lineStart: 'Hold: ',
      take: (record) => {
        if (record.hasLine && holdCommits.length < MOST_HOLD_COMMITS) holdCommits.push(record.commit);
        return trace.take(record);
      },
    });
  }
  return trace.result();
}
