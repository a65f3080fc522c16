import { createTrace, type Found, type LockPlace, startAt, type Traced } from '../claims/trace-claims.ts';
import { GitFailure } from '../failures/git-failure.ts';
import { LOG_ARGUMENTS, type LogRecord, readLog } from '../objects/log-records.ts';
import { boundaryOf, type Copy, fetchBranch } from './remote.ts';

/** What is asked for first: about a day of a busy repository, in one pack of a few hundred KB. */
export const FIRST_DEPTH = 128;
const GROWTH = 4;
const FULL_DEPTH = 2_147_483_647;

/** The history of one branch in our copy, as far as it was needed yet. */
export interface History {
  readonly copy: Copy;
  readonly branch: string;
  /** Fetches more of it; false when all of it is here. */
  deepen(): Promise<boolean>;
}

export function createHistory(copy: Copy, branch: string): History {
  let step = FIRST_DEPTH * (GROWTH - 1);
  return {
    copy,
    branch,
    async deepen() {
      const before = boundaryOf(copy);
      if (before.size === 0) return false;
      // A contact costs more than some bytes: after each step there is four times as much as before.
      await fetchBranch(copy, branch, { kind: 'deepen', commits: Math.min(step, FULL_DEPTH) });
      step *= GROWTH;
      const after = boundaryOf(copy);
      if (after.size === before.size && [...after].every((commit) => before.has(commit))) {
        throw new GitFailure(
          'rewritten',
          `The branch ${branch} of ${copy.place.uri} was rewritten while it was read; run again.`,
        );
      }
      return true;
    },
  };
}

/** Claims that an earlier run found at a head that the branch had then, by the lock's path there. */
export interface Earlier<T> {
  readonly head: string;
  readonly claims: Readonly<Record<string, T>>;
}

/** What tracing one lock gave: claims found now, and claims known before. More than one where a merge joined them. */
export interface TracedLock<T> {
  readonly found: Found[];
  readonly known: T[];
}

/**
 * Traces locks that lie in `claimed` at a commit. Each round goes on where the one before it came to the end of what
 * is here. With `earlier` the first round walks only what is new, and takes over what is known at the earlier head.
 */
export async function traceClaims<T>(
  history: History,
  commit: string,
  locks: readonly LockPlace[],
  earlier: Earlier<T> | null,
): Promise<TracedLock<T>[]> {
  const traced: TracedLock<T>[] = locks.map(() => ({ found: [], known: [] }));
  let left: Traced = locks.length === 0 ? new Map() : startAt(commit, locks);
  let stop = earlier;
  if (stop !== null) takeOver(left, stop, traced);
  while (left.size > 0) {
    const round = await walk(history.copy, left, stop?.head ?? null);
    for (const [lock, claims] of round.found) traced[lock]?.found.push(...claims);
    left = round.left;
    if (stop === null && left.size > 0 && !(await history.deepen())) {
      throw new Error('A lock has no claim in the whole history.');
    }
    if (stop !== null) takeOver(left, stop, traced);
    stop = null;
  }
  return traced;
}

/** What was traced to the earlier head and is known there is done. */
function takeOver<T>(left: Traced, { head, claims }: Earlier<T>, traced: readonly TracedLock<T>[]): void {
  const there = left.get(head);
  for (const [path, locks] of there ?? []) {
    const claim = claims[path];
    if (claim === undefined) continue;
    for (const lock of locks) traced[lock]?.known.push(claim);
    there?.delete(path);
  }
  if (there?.size === 0) left.delete(head);
}

async function walk(copy: Copy, start: Traced, stop: string | null) {
  const boundary = boundaryOf(copy);
  const trace = createTrace(start, (commit) => boundary.has(commit));
  const starts = [...start.keys()];
  if (starts.some((commit) => !boundary.has(commit))) {
    const revisions = stop === null ? starts : [...starts, `^${stop}`];
    await log(copy, ['--stdin'], revisions, trace.wants, trace.take);
  }
  return trace.result();
}

/** The changes of single commits. What is not here is left out. */
export async function readChanges(copy: Copy, commits: readonly string[]): Promise<LogRecord[]> {
  const boundary = boundaryOf(copy);
  const wanted = commits.filter((commit) => /^[0-9a-f]{40}$/.test(commit) && !boundary.has(commit));
  const records: LogRecord[] = [];
  if (wanted.length === 0) return records;
  const keep = (record: LogRecord) => records.push(record) > 0;
  await log(copy, ['--no-walk=unsorted', '--ignore-missing', '--stdin'], wanted, () => true, keep);
  return records;
}

async function log(
  { git }: Copy,
  options: readonly string[],
  commits: readonly string[],
  wants: (commit: string) => boolean,
  take: (record: LogRecord) => boolean,
): Promise<void> {
  const reader = readLog(wants, take);
  const { status, end, stderr } = await git({
    args: [...LOG_ARGUMENTS, ...options],
    input: Buffer.from(commits.map((commit) => `${commit}\n`).join('')),
    onOutput: (chunk) => (reader.read(chunk) ? 'more' : 'enough'),
  });
  if (end === 'had-enough') return;
  if (status !== 0) throw new Error(`git log failed: ${stderr}`);
  reader.end();
}
