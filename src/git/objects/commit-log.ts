import type { Git } from '../command/git-command.ts';
import { readTokens, textOf } from './raw-bytes.ts';

/** One commit of `git log`, and what it changed. */
export interface LogRecord {
  readonly commit: string;
  /** As git sees them: a boundary commit of a shallow clone has none. */
  readonly parents: readonly string[];
  /** The values of `LogQuery.fields`, in the same order. */
  readonly fields: readonly string[];
  /** Against each parent that it differs from; against nothing where it has no parent. */
  readonly changes: readonly Changes[];
  /** Whether a line of its message begins as `LogQuery.lineStart` says. */
  readonly hasLine: boolean;
}

/** Paths that a commit added and removed; a changed content is neither. */
export interface Changes {
  /** The parent compared with; null where there is only one, or none. */
  readonly against: string | null;
  readonly added: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
}

export interface LogQuery {
  /** Options and revisions; also paths, behind `--`. */
  readonly args: readonly string[];
  /** Revisions on standard input, one a line, for `--stdin` in `args`. */
  readonly input?: Buffer;
  /** Placeholders of `git log --format` (`%ct`, `%B`), none of which can yield a zero byte. */
  readonly fields: readonly string[];
  /**
   * Which changes are given: also those of merges, against each parent; only those of other commits, where what a
   * merge joined is in the log as well; or none.
   */
  readonly changes: 'with-merges' | 'without-merges' | 'none';
  /** Marks commits with such a line in their message. Only where changes are given with those of merges. */
  readonly lineStart?: string;
  /** Commits whose paths are wanted. Most commits of a long history concern nobody, and decoding costs. */
  readonly wants: (commit: string) => boolean;
  /** Gets one commit at a time; false ends the command. */
  readonly take: (record: LogRecord) => boolean;
}

const COMMON: readonly string[] = [
  'log',
  '-z',
  '--encoding=UTF-8',
  '--no-abbrev-commit',
  '--no-color',
  '--no-decorate',
  '--no-mailmap',
  '--no-notes',
  '--no-show-signature',
];

const CHANGES: readonly string[] = [
  '-r',
  '-t',
  '--name-status',
  '--no-renames',
  '--no-relative',
  '--ignore-submodules=none',
];

/** Runs one `git log` and hands on each commit as it comes. */
export async function readLog(git: Git, query: LogQuery): Promise<void> {
  const reader = createLogReader(query);
  const { input } = query;
  const { status, end, stderr } = await git({
    args: [...COMMON, ...formatOf(query), ...query.args],
    ...(input === undefined ? {} : { input }),
    onOutput: (chunk) => (reader.read(chunk) ? 'more' : 'enough'),
  });
  if (end === 'had-enough') return;
  if (status !== 0) throw new Error(`git log failed: ${stderr}`);
  reader.end();
}

/** The changes of single commits, also of merges. A commit that is not here is left out. */
export async function readChangesOf(
  git: Git,
  commits: readonly string[],
  take: (record: LogRecord) => void,
): Promise<void> {
  if (commits.length === 0) return;
  await readLog(git, {
    args: ['--no-walk=unsorted', '--ignore-missing', '--stdin'],
    input: Buffer.from(commits.map((commit) => `${commit}\n`).join('')),
    fields: [],
    changes: 'with-merges',
    wants: () => true,
    take: (record) => {
      take(record);
      return true;
    },
  });
}

/**
 * Both formats begin with a line that holds nothing that a committer can write: a subject cannot forge a parent. Only
 * git's own formats say which parent a merge is compared with, and only `--format` gives a message byte for byte.
 */
function formatOf({ fields, changes }: LogQuery): string[] {
  const format = `--format=commit %H %P${fields.map((field) => `%x00${field}`).join('')}%x00`;
  switch (changes) {
    case 'with-merges':
      if (fields.length > 0) throw new Error('git log gives either fields or the changes of merges.');
      // Not `-m`: that means what log.diffMerges says, and a parent left out would count as one without a change.
      return ['--diff-merges=separate', '--parents', '--pretty=medium', ...CHANGES];
    case 'without-merges':
      return ['--diff-merges=off', format, ...CHANGES];
    case 'none':
      return ['--no-patch', format];
  }
}

const HEADER = /^\n?commit ([0-9a-f]{40,64})((?: [0-9a-f]{40,64})*) ?(?: \(from ([0-9a-f]{40,64})\))?$/;

export interface LogReader {
  /** Takes the next piece of output; false when `take` wants no more. */
  read(chunk: Buffer): boolean;
  end(): void;
}

interface Draft extends LogRecord {
  readonly fields: string[];
  readonly changes: { against: string | null; added: Set<string>; removed: Set<string> }[];
  readonly against: string | null;
}

/**
 * Reads the output as it comes. What a token is follows from the ones before it: nothing that a committer writes can
 * pass for something else.
 */
export function createLogReader({
  fields,
  lineStart,
  wants,
  take,
}: Pick<LogQuery, 'fields' | 'lineStart' | 'wants' | 'take'>): LogReader {
  // git indents the lines of a message.
  const wantedLine = lineStart === undefined ? null : Buffer.from(`\n    ${lineStart}`);
  let draft: Draft | null = null;
  let isWanted = false;
  let fieldsLeft = 0;
  let status: string | null = null;
  let goesOn = true;

  const finish = () => {
    if (draft !== null && goesOn) goesOn = take(draft);
    draft = null;
  };
  const begin = (bytes: Buffer) => {
    const header = headerOf(bytes);
    // A merge has a header for each parent that it differs from.
    if (draft?.commit === header.commit && fields.length === 0) {
      draft = { ...draft, against: header.against };
    } else {
      finish();
      const hasLine = wantedLine !== null && bytes.includes(wantedLine);
      draft = { ...header, fields: [], changes: [], hasLine };
      isWanted = wants(draft.commit);
    }
    // Behind the last field stands one more zero byte.
    fieldsLeft = fields.length === 0 ? 0 : fields.length + 1;
    if (fieldsLeft === 0) status = statusBehind(bytes);
    if (status !== null) addChanges(draft);
  };
  const readToken = (bytes: Buffer) => {
    if (status !== null) {
      if (isWanted && draft !== null) noteChange(draft, status, bytes);
      status = null;
    } else if (draft !== null && fieldsLeft > 0) {
      fieldsLeft -= 1;
      if (fieldsLeft > 0) draft.fields.push(bytes.toString('utf8'));
    } else if (bytes.length === 1 || (bytes.length === 2 && bytes[0] === 10)) {
      status = bytes.toString('latin1').trimStart();
      if (draft !== null && draft.changes.length === 0) addChanges(draft);
    } else if (bytes.length > 1) {
      begin(bytes);
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

function addChanges({ commit, parents, against, changes }: Draft): void {
  if (parents.length > 1 && !parents.includes(against ?? '')) {
    throw new Error(`git log did not say which parent of ${commit} it compares with.`);
  }
  changes.push({ against, added: new Set(), removed: new Set() });
}

function noteChange({ changes }: Draft, status: string, path: Buffer): void {
  const last = changes.at(-1);
  if (status === 'A') last?.added.add(textOf(path));
  if (status === 'D') last?.removed.add(textOf(path));
}

function headerOf(bytes: Buffer): { commit: string; parents: string[]; against: string | null } {
  const end = bytes.indexOf(10, 1);
  const line = bytes.toString('latin1', 0, end === -1 ? bytes.length : end);
  const header = HEADER.exec(line);
  if (header === null) throw new Error(`git log printed an unexpected line: ${line}`);
  const [, commit = '', parents = '', against = null] = header;
  return { commit, parents: parents.split(' ').filter((parent) => parent !== ''), against };
}

/** The first change's letter stands in a line of its own below the message, whose lines are all indented. */
function statusBehind(bytes: Buffer): string | null {
  const isLetter = bytes.length >= 2 && bytes.at(-2) === 10 && bytes.at(-1) !== 10;
  return isLetter ? bytes.toString('latin1', bytes.length - 1) : null;
}
