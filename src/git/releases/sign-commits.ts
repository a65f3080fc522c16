import type { GitSetting } from '../../core/source/repository-source.ts';
import type { Clone } from '../clone/clone.ts';
import { GitFailure } from '../failures/git-failure.ts';
import type { GitOutcome } from '../failures/git-outcome.ts';
import { shortened } from '../failures/remote-words.ts';

/** Whether `commit.gpgSign` asks for signed commits, in any of git's spellings of a boolean; the last one counts. */
export function wantsSignedCommits(settings: readonly GitSetting[]): boolean {
  const value = settings.findLast(({ name }) => name.toLowerCase() === 'commit.gpgsign')?.value;
  return value !== undefined && /^(true|yes|on|[1-9]\d*)$/i.test(value.trim());
}

/**
 * Makes the commits of a chain again with a signature, on top of `base`; gives their ids in the same order. Git signs
 * one commit a process, by `gpg.format` with gpg, gpgsm or ssh-keygen.
 */
export async function signCommits(clone: Clone, commits: readonly string[], base: string): Promise<string[]> {
  const signed: string[] = [];
  for (const { tree, author, committer, message } of await readUnsigned(clone, commits)) {
    const outcome = await clone.git({
      args: ['-c', 'i18n.commitEncoding=UTF-8', 'commit-tree', '-S', '-p', signed.at(-1) ?? base, tree],
      input: message,
      variables: { ...variablesFor('AUTHOR', author), ...variablesFor('COMMITTER', committer) },
    });
    if (outcome.status !== 0) throw cannotSign(outcome);
    signed.push(outcome.stdout.toString('latin1').trim());
  }
  return signed;
}

interface Unsigned {
  readonly tree: string;
  /** `NAME <EMAIL> SECONDS ZONE`, as in the commit. */
  readonly author: string;
  readonly committer: string;
  readonly message: Buffer;
}

async function readUnsigned({ git }: Clone, commits: readonly string[]): Promise<Unsigned[]> {
  const input = Buffer.from(commits.map((commit) => `${commit}\n`).join(''));
  const { status, stdout, stderr } = await git({ args: ['cat-file', '--batch'], input });
  if (status !== 0) throw new Error(`git cat-file failed: ${stderr}`);
  let rest = stdout;
  return commits.map((commit) => {
    const end = rest.indexOf('\n');
    const [, length] = /^[0-9a-f]+ commit (\d+)$/.exec(rest.toString('latin1', 0, end)) ?? [];
    if (length === undefined) throw new Error(`git cat-file does not know ${commit}.`);
    const content = rest.subarray(end + 1, end + 1 + Number(length));
    rest = rest.subarray(end + 1 + Number(length) + 1);
    const blank = content.indexOf('\n\n');
    const header = content.toString('utf8', 0, blank);
    const field = (name: string) => new RegExp(`^${name} (.*)$`, 'm').exec(header)?.[1] ?? '';
    return {
      tree: field('tree'),
      author: field('author'),
      committer: field('committer'),
      message: content.subarray(blank + 2),
    };
  });
}

function variablesFor(role: 'AUTHOR' | 'COMMITTER', person: string): Record<string, string> {
  const [, name = '', email = '', date = ''] = /^(.*) <(.*)> (\d+ [+-]\d{4})$/.exec(person) ?? [];
  return { [`GIT_${role}_NAME`]: name, [`GIT_${role}_EMAIL`]: email, [`GIT_${role}_DATE`]: `@${date}` };
}

/** What git says after the reason, and what gpg says for programs. */
const AFTERTHOUGHTS =
  /^(fatal: failed to write commit object|error: gpg failed to sign the data:?|\(no gpg output\)|\[GNUPG:\].*|)$/;

function cannotSign({ stderr, end }: GitOutcome): GitFailure {
  const words = stderr
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => !AFTERTHOUGHTS.test(line))
    .map((line) => line.replace(/^(error|fatal): /, ''));
  const why = end === 'timed-out' ? 'the program that signs did not answer' : shortened(words.join(' '));
  return new GitFailure(
    'cannot-sign',
    `The commits cannot be signed, as commit.gpgsign in git_config asks (${why || 'the program that signs gives no reason'}), so nothing was pushed; check user.signingkey and gpg.format in git_config.`,
  );
}
