import { textOf } from '../objects/name-bytes.ts';
import { readTokens } from '../objects/nul-tokens.ts';

/** What one commit says, and which paths of locks it made and took away. */
export interface OperationRecord {
  readonly commit: string;
  /** Unix seconds. */
  readonly at: number;
  readonly author: string;
  readonly message: string;
  readonly added: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
}

/**
 * The arguments whose output the reader below reads. Children come before parents. A merge shows no changes of its
 * own: what it brought together was done by the commits that it merged, and each of them is here.
 */
export const OPERATION_ARGUMENTS: readonly string[] = [
  'log',
  '--diff-merges=off',
  '--date-order',
  '-r',
  '-t',
  '-z',
  '--name-status',
  '--no-renames',
  '--no-relative',
  '--ignore-submodules=none',
  '--no-color',
  '--no-decorate',
  '--no-mailmap',
  '--no-notes',
  '--no-show-signature',
  '--encoding=UTF-8',
  '--format=commit %H%x00%ct%x00%an%x00%B%x00',
];

const HEADER = /^commit ([0-9a-f]{40,64})$/;

export interface OperationReader {
  /** Takes the next piece of output; false when `take` wants no more. */
  read(chunk: Buffer): boolean;
  end(): void;
}

/**
 * Reads the output as it comes. What a token is follows from the ones before it: nothing that a committer writes can pass for something else.
 */
export function readOperations(
  wantsPath: (path: string) => boolean,
  take: (record: OperationRecord) => boolean,
): OperationReader {
  let draft: Draft | null = null;
  let fields: Buffer[] = [];
  let status: string | null = null;
  let goesOn = true;

  const finish = () => {
    if (draft !== null && goesOn) goesOn = take(draft);
    draft = null;
  };
  const readToken = (bytes: Buffer) => {
    if (status !== null) {
      if (draft !== null) noteChange(draft, status, bytes, wantsPath);
      status = null;
      return;
    }
    if (draft === null) {
      fields.push(bytes);
      // The header, three fields, and the empty token that ends them.
      if (fields.length < 5) return;
      draft = draftOf(fields);
      fields = [];
      return;
    }
    const word = bytes.toString('latin1').replace(/^\n/, '');
    if (word.length === 1) {
      status = word;
      return;
    }
    finish();
    fields = [bytes];
  };
  return {
    read: readTokens((bytes) => {
      readToken(bytes);
      return goesOn;
    }),
    end: finish,
  };
}

interface Draft extends OperationRecord {
  readonly added: Set<string>;
  readonly removed: Set<string>;
}

function draftOf([header, at, author, message]: readonly Buffer[]): Draft {
  const line = header?.toString('latin1').replace(/^\n/, '') ?? '';
  const commit = HEADER.exec(line)?.[1];
  if (commit === undefined) throw new Error(`git log printed an unexpected line: ${line}`);
  return {
    commit,
    at: Number(at?.toString('latin1')),
    author: author?.toString('utf8') ?? '',
    message: message?.toString('utf8') ?? '',
    added: new Set(),
    removed: new Set(),
  };
}

function noteChange(
  { added, removed }: Draft,
  status: string,
  bytes: Buffer,
  wantsPath: (path: string) => boolean,
): void {
  if (status !== 'A' && status !== 'D') return;
  const path = textOf(bytes);
  if (wantsPath(path)) (status === 'A' ? added : removed).add(path);
}
