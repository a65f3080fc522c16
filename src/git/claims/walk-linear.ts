import { boundaryOf, type Clone } from '../clone/clone.ts';
import { type LogRecord, readChangesOf, readLog } from '../objects/commit-log.ts';
import { findMissing } from '../objects/compare-trees.ts';
import { addTo, createTrace, type Traced } from './trace-claims.ts';
import { HOLD_LINE, MOST_HOLD_COMMITS, type Walk } from './walk-history.ts';

/** More paths make git slower than a look at every commit's changes. */
const MOST_PATHS = 64;

/** So many commits are read before their trees are looked at. Each may have a tree of its own to remember. */
const MOST_COMMITS = 32_768;

/** Whether `walkLinear` can go on from here: with one starting point, few locks, and names that can be arguments. */
export function canWalkLinear(start: Traced): boolean {
  const [paths, ...others] = start.values();
  if (paths === undefined || others.length > 0 || paths.size > MOST_PATHS) return false;
  return [...paths.keys()].every((path) => path.isWellFormed());
}

/**
 * The same as `walk` for a long way through a linear history. Locks go to and fro, so few of its trees are different,
 * and looking once at each of those costs less than comparing every commit with its parent. `isLinear` is false when a
 * merge came up, from which `walk` has to go on.
 */
export async function walkLinear(
  clone: Clone,
  start: Traced,
): Promise<Walk & { readonly isLinear: boolean }> {
  const boundary = boundaryOf(clone);
  const [first] = start;
  const [commit, paths] = first ?? ['', new Map<string, readonly number[]>()];
  if (boundary.has(commit)) return { found: new Map(), left: start, holdCommits: [], isLinear: true };
  const { trees, end, holdCommits } = await readLine(clone, commit);
  const moved: Traced = new Map();
  const open = new Set(paths.keys());
  const [tree = '', ...others] = trees.keys();
  // The child of the newest commit that lacks a lock is the one that added it.
  await findMissing(clone.git, { tree, others, paths: [...open] }, (other, missing) => {
    for (const path of missing) {
      if (open.delete(path)) addTo(moved, trees.get(other) ?? end.commit, path, paths.get(path) ?? []);
    }
    return open.size > 0;
  });
  for (const path of open) addTo(moved, end.commit, path, paths.get(path) ?? []);
  const trace = createTrace(moved, (one) => boundary.has(one));
  const isWhole = end.parents.length === 0 && !boundary.has(end.commit);
  const whole = [...moved.keys()].filter((one) => one !== end.commit || isWhole);
  await readChangesOf(clone.git, whole, (record) => void trace.take(record));
  return { ...trace.result(), holdCommits, isLinear: end.parents.length < 2 };
}

type CommitOfLine = Pick<LogRecord, 'commit' | 'parents'>;

interface Line {
  /** Its trees, the newest first, each with the child of the newest commit that has it. */
  readonly trees: ReadonlyMap<string, string>;
  /** Its last commit: a merge, the last one that is here, or only the last one that was read. */
  readonly end: CommitOfLine;
  readonly holdCommits: readonly string[];
}

async function readLine({ git }: Clone, start: string): Promise<Line> {
  const trees = new Map<string, string>();
  const holdCommits: string[] = [];
  let end: CommitOfLine = { commit: start, parents: [] };
  await readLog(git, {
    args: [`--max-count=${MOST_COMMITS}`, start, '--'],
    fields: ['%T', '%B'],
    changes: 'none',
    wants: () => false,
    take: ({ commit, parents, fields: [tree = '', message = ''] }) => {
      if (!trees.has(tree)) trees.set(tree, end.commit);
      if (isHold(message) && holdCommits.length < MOST_HOLD_COMMITS) holdCommits.push(commit);
      end = { commit, parents };
      return parents.length < 2;
    },
  });
  return { trees, end, holdCommits };
}

function isHold(message: string): boolean {
  return message.startsWith(HOLD_LINE) || message.includes(`\n${HOLD_LINE}`);
}
