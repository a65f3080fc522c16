import { boundaryOf, type Clone } from '../clone/clone.ts';
import { readChangesOf, readLog } from '../objects/commit-log.ts';
import { bytesOf } from '../objects/raw-bytes.ts';
import { addTo, createTrace, type Trace, type Traced } from './trace-claims.ts';

/** What one walk gave. */
export interface Walk extends Trace {
  /** Commits with a line that may hold a claim (see `core/hold.ts`), the newest first. */
  readonly holdCommits: readonly string[];
}

/** No history has this many; whoever can push could write any number. */
const MOST_HOLD_COMMITS = 10_000;
const HOLD_LINE = 'Hold: ';

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

/** More paths make git slower than a look at every commit's changes. */
const MOST_PATHS = 64;

/**
 * Whether `walkByPath` can go on from here: with one starting point, few locks, and names that git can read as a line.
 */
export function canWalkByPath(start: Traced): boolean {
  const [paths, ...others] = start.values();
  if (paths === undefined || others.length > 0 || paths.size > MOST_PATHS) return false;
  return [...paths.keys()].every((path) => !path.includes('\n'));
}

/**
 * The same for a long way through a straight line of commits: git looks at the locks' own paths alone, and only the
 * commits that seem to have added one are read as a whole. `isStraight` is false when a merge came up: there git's
 * simplified history is not the one that locks are traced through, and `walk` has to go on.
 */
export async function walkByPath(
  clone: Clone,
  start: Traced,
): Promise<Walk & { readonly isStraight: boolean }> {
  const boundary = boundaryOf(clone);
  const [first] = start;
  const [commit, paths] = first ?? ['', new Map<string, readonly number[]>()];
  if (boundary.has(commit)) return { found: new Map(), left: start, holdCommits: [], isStraight: true };
  const [{ stops, isStraight }, holdCommits] = await Promise.all([
    stopsOf(clone, commit, [...paths.keys()]),
    commitsWithHolds(clone, commit),
  ]);
  const moved: Traced = new Map();
  for (const [path, stop] of stops) addTo(moved, stop, path, paths.get(path) ?? []);
  const trace = createTrace(moved, (one) => boundary.has(one));
  const whole = [...moved.keys()].filter((one) => !boundary.has(one));
  await readChangesOf(clone.git, whole, (record) => void trace.take(record));
  return { ...trace.result(), holdCommits, isStraight };
}

/** For each path the newest commit that seems to have added it, or the merge or the start where that is not known. */
async function stopsOf(
  { git }: Clone,
  start: string,
  paths: readonly string[],
): Promise<{ readonly stops: ReadonlyMap<string, string>; readonly isStraight: boolean }> {
  const open = new Set(paths);
  const stops = new Map<string, string>();
  const settle = (path: string, commit: string) => {
    if (open.delete(path)) stops.set(path, commit);
  };
  let isStraight = true;
  const lines = [start, '--', ...paths.map((path) => `:(top,literal)${path}`)];
  await readLog(git, {
    // With parents, every merge is shown; without them those that brought nothing new would be left out.
    args: ['--full-history', '--parents', '--stdin'],
    input: Buffer.concat(lines.map((line) => bytesOf(`${line}\n`))),
    fields: [],
    changes: 'without-merges',
    wants: () => true,
    take: ({ commit, parents, changes: [change] }) => {
      isStraight &&= parents.length < 2;
      for (const path of isStraight ? (change?.added ?? []) : open) settle(path, commit);
      return isStraight && open.size > 0;
    },
  });
  if (open.size > 0) isStraight = false;
  for (const path of open) settle(path, start);
  return { stops, isStraight };
}

async function commitsWithHolds({ git }: Clone, start: string): Promise<string[]> {
  const commits: string[] = [];
  await readLog(git, {
    args: ['--topo-order', `--grep=^${HOLD_LINE}`, start, '--'],
    fields: [],
    changes: 'none',
    wants: () => false,
    take: ({ commit }) => commits.push(commit) < MOST_HOLD_COMMITS,
  });
  return commits;
}
