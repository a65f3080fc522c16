import { textOf } from './name-bytes.ts';
import { readTokens } from './nul-tokens.ts';

/** One commit, and what it changed. */
export interface LogRecord {
  readonly commit: string;
  /** As git sees them: a boundary commit of a shallow repository has none. */
  readonly parents: readonly string[];
  /** Against each parent that it differs from; against nothing, where it has none. */
  readonly changes: readonly Changes[];
}

export interface Changes {
  /** Null where there is only one parent, or none. */
  readonly against: string | null;
  readonly added: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
}

/**
 * The arguments whose output the reader below reads. Every commit appears, in an order that has children before
 * parents; a merge appears once for each parent that it differs from. The pretty format is one of those whose first
 * line holds nothing that a committer can write: a subject cannot forge a parent.
 */
export const LOG_ARGUMENTS: readonly string[] = [
  'log',
  '--topo-order',
  '--parents',
  '--pretty=short',
  // Not `-m`: that means what log.diffMerges says, and a parent that is left out would count as one without a change.
  '--diff-merges=separate',
  '-r',
  '-t',
  '-z',
  '--name-status',
  '--no-renames',
  '--no-relative',
  '--ignore-submodules=none',
  '--encoding=UTF-8',
  '--no-abbrev-commit',
  '--no-color',
  '--no-decorate',
  '--no-mailmap',
  '--no-notes',
  '--no-show-signature',
];

const HEADER = /^commit ([0-9a-f]{40,64})((?: [0-9a-f]{40,64})*)(?: \(from ([0-9a-f]{40,64})\))?$/;

export interface LogReader {
  /** Takes the next piece of output; false when `take` wants no more. */
  read(chunk: Buffer): boolean;
  end(): void;
}

/**
 * Reads the output as it comes and hands on one commit at a time. Paths are decoded only where `wants` says so: most
 * commits of a long history concern nobody.
 */
export function readLog(wants: (commit: string) => boolean, take: (record: LogRecord) => boolean): LogReader {
  let draft: Draft | null = null;
  let status: string | null = null;
  let goesOn = true;

  const finish = () => {
    if (draft !== null && goesOn) goesOn = take(draft);
    draft = null;
  };
  const readHeader = (bytes: Buffer) => {
    const { commit, parents, against } = headerOf(bytes);
    if (draft?.commit !== commit) {
      finish();
      draft = { commit, parents, changes: [], isWanted: wants(commit) };
    }
    status = statusBehind(bytes);
    if (status !== null && parents.length > 1 && !parents.includes(against ?? '')) {
      throw new Error(`git log did not say which parent of ${commit} it compares with.`);
    }
    if (status !== null) draft.changes.push({ against, added: new Set(), removed: new Set() });
  };
  const readToken = (bytes: Buffer) => {
    if (status !== null) {
      if (draft?.isWanted) noteChange(draft, status, bytes);
      status = null;
    } else if (bytes.length === 1) {
      status = bytes.toString('latin1');
    } else if (bytes.length > 1) {
      readHeader(bytes);
    }
  };
  return {
    read: readTokens((bytes) => {
      readToken(bytes);
      return goesOn;
    }),
    end: finish,
  };
}

interface Draft extends LogRecord {
  readonly isWanted: boolean;
  readonly changes: { against: string | null; added: Set<string>; removed: Set<string> }[];
}

function noteChange(draft: Draft, status: string, path: Buffer): void {
  const changes = draft.changes.at(-1);
  if (status === 'A') changes?.added.add(textOf(path));
  if (status === 'D') changes?.removed.add(textOf(path));
}

function headerOf(bytes: Buffer): { commit: string; parents: string[]; against: string | null } {
  const end = bytes.indexOf(10);
  const line = bytes.toString('latin1', 0, end === -1 ? bytes.length : end);
  const header = HEADER.exec(line);
  if (header === null) throw new Error(`git log printed an unexpected line: ${line}`);
  const [, commit = '', parents = '', against = null] = header;
  return { commit, parents: parents.split(' ').filter((parent) => parent !== ''), against };
}

/** The first change's letter stands in a line of its own under the message, whose lines are all indented. */
function statusBehind(bytes: Buffer): string | null {
  const isLetter = bytes.length >= 2 && bytes.at(-2) === 10 && bytes.at(-1) !== 10;
  return isLetter ? bytes.toString('latin1', bytes.length - 1) : null;
}
