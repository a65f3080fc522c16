import { boundaryOf, type Clone } from '../clone/clone.ts';
import { readLog } from '../objects/commit-log.ts';
import { createTrace, type Trace, type Traced } from './trace-claims.ts';

/** What one walk gave. */
export interface Walk extends Trace {
  /** Commits with a line that may hold a claim (see `core/hold.ts`), the newest first. */
  readonly holdCommits: readonly string[];
}

/** No history has this many; whoever can push could write any number. */
export const MOST_HOLD_COMMITS = 10_000;
/** A line of a commit's message that begins so may hold a claim. */
export const HOLD_LINE = 'Hold: ';

/**
 * Walks from where locks are being traced, with every commit's changes, up to the claims, the boundary of what is here,
 * or `stop`. A hold is made after its claim, so whoever walks from the head to the claims comes by every one.
 */
export async function walk(clone: Clone, start: Traced, stop: string | null): Promise<Walk> {
  const boundary = boundaryOf(clone);
  const trace = createTrace(start, (commit) => boundary.has(commit));
  const holdCommits: string[] = [];
  const starts = [...start.keys()];
  if (starts.some((commit) => !boundary.has(commit))) {
    const revisions = stop === null ? starts : [...starts, `^${stop}`];
    await readLog(clone.git, {
      args: ['--topo-order', '--stdin'],
      input: Buffer.from(revisions.map((revision) => `${revision}\n`).join('')),
      fields: [],
      changes: 'with-merges',
      wants: trace.wants,
      lineStart: HOLD_LINE,
      take: (record) => {
        if (record.hasLine && holdCommits.length < MOST_HOLD_COMMITS) holdCommits.push(record.commit);
        return trace.take(record);
      },
    });
  }
  return { ...trace.result(), holdCommits };
}
