import { timeOfCommit } from '../../core/time.ts';
import type { Git } from '../command/git-command.ts';

/** A commit's own words. Times in unix seconds. */
export interface CommitText {
  readonly parents: readonly string[];
  readonly author: string;
  /** Null where the date cannot be read, or is none that a calendar holds. */
  readonly committedAt: number | null;
  readonly message: string;
}

/** So many commits are read by one process, whose whole output is in memory at once. */
const AT_ONCE = 1_000;

/** Reads any number of commits (`git cat-file --batch`). What is not here, or is no commit, is left out. */
export async function readCommits(git: Git, commits: Iterable<string>): Promise<Map<string, CommitText>> {
  const wanted = [...new Set(commits)];
  const texts = new Map<string, CommitText>();
  for (let start = 0; start < wanted.length; start += AT_ONCE) {
    const lines = wanted.slice(start, start + AT_ONCE).map((commit) => `${commit}\n`);
    const input = Buffer.from(lines.join(''));
    const { status, stdout, stderr } = await git({ args: ['cat-file', '--batch', '--buffer'], input });
    if (status !== 0) throw new Error(`git cat-file failed: ${stderr}`);
    for (const [id, text] of objectsIn(stdout)) texts.set(id, text);
  }
  return texts;
}

/**
 * Those of the commits, in their order, that are no larger than `each`, up to `all` together (in bytes): whoever can
 * push can write any number of any size.
 */
export async function commitsWithin(
  git: Git,
  commits: readonly string[],
  { each, all }: { readonly each: number; readonly all: number },
): Promise<string[]> {
  if (commits.length === 0) return [];
  const input = Buffer.from(commits.map((commit) => `${commit}\n`).join(''));
  const args = ['cat-file', '--batch-check=%(objectname) %(objectsize)', '--buffer'];
  const { status, stdout, stderr } = await git({ args, input });
  if (status !== 0) throw new Error(`git cat-file failed: ${stderr}`);
  let total = 0;
  return stdout
    .toString('latin1')
    .split('\n')
    .flatMap((line) => {
      const [commit = '', size = ''] = line.split(' ');
      if (!/^\d+$/.test(size) || Number(size) > each || total + Number(size) > all) return [];
      total += Number(size);
      return [commit];
    });
}

/** `ID TYPE SIZE\n<bytes>\n`, or `ID missing\n`. */
function* objectsIn(output: Buffer): Generator<[string, CommitText]> {
  for (let start = 0; start < output.length; ) {
    const end = output.indexOf(10, start);
    const [id = '', type = '', size = ''] = output.toString('latin1', start, end).split(' ');
    start = end + 1;
    if (!/^\d+$/.test(size)) continue;
    const bytes = output.subarray(start, start + Number(size));
    if (type === 'commit') yield [id, commitOf(bytes)];
    start += Number(size) + 1;
  }
}

function commitOf(bytes: Buffer): CommitText {
  const split = bytes.indexOf('\n\n');
  const head = split === -1 ? bytes : bytes.subarray(0, split);
  const decode = decoderFor(head);
  const lines = decode(head).split('\n');
  const valuesOf = (key: string) =>
    lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  return {
    parents: valuesOf('parent'),
    author: (valuesOf('author')[0] ?? '').replace(/ ?<[^<]*$/, ''),
    committedAt: dateOf(valuesOf('committer')[0] ?? ''),
    message: split === -1 ? '' : decode(bytes.subarray(split + 2)),
  };
}

/** As git reads it: any number of blanks stands around the seconds, and a date needs its time zone. */
function dateOf(committer: string): number | null {
  const seconds = /^.*>\s*(\d+)\s*[+-]\d+$/.exec(committer)?.[1];
  return seconds === undefined ? null : timeOfCommit(seconds);
}

/** A commit may say that it is not written in UTF-8. An encoding that nobody knows is read as if it were. */
function decoderFor(head: Buffer): (bytes: Buffer) => string {
  const label = /^encoding (.+)$/m.exec(head.toString('latin1'))?.[1];
  // Most commits name none, and a decoder for each of thousands costs more than their text.
  if (label === undefined) return (bytes) => bytes.toString('utf8');
  try {
    const decoder = new TextDecoder(label, { ignoreBOM: true });
    return (bytes) => decoder.decode(bytes);
  } catch {
    return (bytes) => bytes.toString('utf8');
  }
}

/** When a commit was made, in unix seconds; null where it is not here. */
export async function committedAt(git: Git, commit: string): Promise<number | null> {
  return (await readCommits(git, [commit])).get(commit)?.committedAt ?? null;
}
