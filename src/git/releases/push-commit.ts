import type { Step } from '../../core/release-plan.ts';
import type { GitSetting } from '../../core/source/repository-source.ts';
import type { Clone } from '../clone/clone.ts';
import { REMOTE } from '../clone/remote.ts';
import { failureOf } from '../failures/explain-outcome.ts';
import { GitFailure, type RemoteContext } from '../failures/git-failure.ts';
import type { GitOutcome } from '../failures/git-outcome.ts';
import { serverWords } from '../failures/server-words.ts';
import { fastImportStream, type Identity } from './fast-import-stream.ts';
import type { RunInfo } from './release-message.ts';

const PUSH_REF = 'refs/pool-boy/push';

/** Makes one commit a step on top of `base`, in our clone only. Gives their ids in the same order. */
export async function makeCommits(
  { git, context }: Clone,
  steps: readonly Step[],
  base: string,
  made: { readonly identity: Identity; readonly now: number; readonly info: RunInfo },
): Promise<string[]> {
  const input = fastImportStream({ steps, base, ref: PUSH_REF, ...made });
  // An earlier attempt may have left the ref on other commits; it is ours alone.
  const outcome = await git({ args: ['fast-import', '--force', '--quiet'], input });
  const commits = outcome.stdout.toString('latin1').split('\n').filter(isCommit);
  if (outcome.status !== 0 || commits.length !== steps.length) throw failureOf(outcome, context);
  return commits;
}

export type PushAnswer =
  | { readonly kind: 'landed' }
  /** Words of a lost race. Servers and their hooks use them for lasting troubles, too: only a look tells. */
  | { readonly kind: 'moved'; readonly failure: GitFailure }
  | { readonly kind: 'refused'; readonly failure: GitFailure }
  /** No answer that tells: it may have landed or not. */
  | { readonly kind: 'unknown'; readonly failure: GitFailure };

/**
 * One push of `head` to the branch: a compare-and-swap. The lease only adds a check (that the branch is still at
 * `base`, and was not set back to an older commit either); `head` is a descendant of `base`, so nothing is forced.
 */
export async function pushCommit(
  { remoteGit, context }: Clone,
  branch: string,
  base: string,
  head: string,
): Promise<PushAnswer> {
  const ref = `refs/heads/${branch}`;
  const outcome = await remoteGit({
    args: [
      'push',
      '--porcelain',
      '--progress',
      `--force-with-lease=${ref}:${base}`,
      REMOTE,
      `${head}:${ref}`,
    ],
  });
  return answerOf(outcome, { ...context, branch, isPush: true });
}

/**
 * Asks the server to take what it has already: it checks who asks before it looks at what is pushed, so this shows
 * whether the account may write. It cannot show what hooks and protected branches would say to a new commit.
 */
export async function tryToPush(
  { remoteGit, context }: Clone,
  branch: string,
  head: string,
): Promise<GitFailure | null> {
  const args = ['push', '--dry-run', '--porcelain', REMOTE, `${head}:refs/heads/${branch}`];
  const answer = answerOf(await remoteGit({ args }), { ...context, branch, isPush: true });
  switch (answer.kind) {
    case 'landed':
    case 'moved':
      return null;
    case 'refused':
    case 'unknown':
      return answer.failure;
  }
}

/** With `--porcelain` git says what became of a ref in a line of its own: `FLAG\tFROM:TO\tSUMMARY`. */
export function answerOf(outcome: GitOutcome, context: RemoteContext): PushAnswer {
  const result = /^([ +*=!-])\t[^\t\n]*\t(.*)$/m.exec(outcome.stdout.toString('utf8'));
  const [, flag, summary = ''] = result ?? [];
  if (flag === undefined || /\[remote failure\]/.test(summary))
    return withoutResult(failureOf(outcome, context));
  if (flag !== '!') return { kind: 'landed' };
  const failure = refusal(summary, outcome.stderr, context);
  const isLost = isMoved(summary) || isMoved(ownWords(outcome.stderr));
  return { kind: isLost ? 'moved' : 'refused', failure };
}

/** A refusal at the door changed nothing for sure; of everything else nobody knows. */
function withoutResult(failure: GitFailure): PushAnswer {
  const isSure = !failure.isWorthRetry && failure.kind !== 'other' && failure.kind !== 'disk-full';
  return { kind: isSure ? 'refused' : 'unknown', failure };
}

/** What git itself said: a hook can print anything. */
function ownWords(stderr: string): string {
  return stderr
    .split(/[\r\n]+/)
    .filter((line) => /^(?:error|fatal): /.test(line) && /cannot lock ref/.test(line))
    .join('\n');
}

/** Every way in which git and servers say that somebody else was faster. */
function isMoved(words: string): boolean {
  return /non-fast-forward|fetch first|stale info|cannot lock ref|reference already exists|failed to update ref|incorrect old value|remote ref updated since checkout|needs force/i.test(
    words,
  );
}

function refusal(summary: string, stderr: string, { uri, branch }: RemoteContext): GitFailure {
  const why = /\((.*)\)$/.exec(summary)?.[1] ?? summary;
  const words = serverWords(stderr);
  const said = words === '' ? why : `${words} (${why})`;
  return new GitFailure('refused-by-hook', `${uri} refused the push to ${branch}: ${said}.`);
}

/** Who makes the commits, as for every other git command of the same settings. */
export function identityOf(settings: readonly GitSetting[]): Identity {
  const last = (name: string) =>
    settings.findLast((setting) => setting.name.toLowerCase() === name && setting.value.trim() !== '')?.value;
  return { name: last('user.name') ?? 'Pool Boy', email: last('user.email') ?? 'pool-boy@localhost' };
}

function isCommit(line: string): boolean {
  return /^[0-9a-f]{40}$/.test(line);
}
