import type { Git } from '../command/git-command.ts';
import { readTokens, textOf } from './raw-bytes.ts';

/**
 * Compares one tree with others, by one process, and hands on what each of them lacks of some paths, in their order; a
 * tree that lacks nothing is left out. What is a file in one and a folder in the other is there in both. `take` ends
 * the command by false. The paths go to git as arguments: they have to be well-formed strings.
 */
export async function findMissing(
  git: Git,
  query: { readonly tree: string; readonly others: readonly string[]; readonly paths: readonly string[] },
  take: (other: string, missing: ReadonlySet<string>) => boolean,
): Promise<void> {
  const { tree, others, paths } = query;
  const reader = createComparisonReader(take);
  const { status, end, stderr } = await git({
    args: [
      ...[
        'diff-tree',
        '--stdin',
        '-r',
        '-t',
        '-z',
        '--name-status',
        '--no-renames',
        '--diff-filter=AD',
        '--',
      ],
      ...paths.map((path) => `:(top,literal)${path}`),
    ],
    input: Buffer.from(others.map((other) => `${tree} ${other}\n`).join('')),
    onOutput: (chunk) => (reader.read(chunk) ? 'more' : 'enough'),
  });
  if (end === 'had-enough') return;
  if (status !== 0) throw new Error(`git diff-tree failed: ${stderr}`);
  reader.end();
}

/** For each pair of trees a line, `TREE OTHER`, and then, for each difference, a letter and a path, each with a zero byte. */
function createComparisonReader(take: (other: string, missing: ReadonlySet<string>) => boolean) {
  let other = '';
  let letter: string | null = null;
  let missing = new Set<string>();
  let added = new Set<string>();
  let goesOn = true;

  const finish = () => {
    const gone = new Set([...missing].filter((path) => !added.has(path)));
    if (gone.size > 0 && goesOn) goesOn = take(other, gone);
    missing = new Set();
    added = new Set();
  };
  return {
    read: readTokens((bytes) => {
      if (letter !== null) {
        (letter === 'D' ? missing : added).add(textOf(bytes));
        letter = null;
        return goesOn;
      }
      const end = bytes.lastIndexOf(10);
      if (end !== -1) finish();
      // Pairs without a difference may stand before the one that has some.
      if (end !== -1) other = bytes.toString('latin1', bytes.lastIndexOf(32, end) + 1, end);
      letter = bytes.toString('latin1', end + 1);
      return goesOn;
    }),
    end: finish,
  };
}
