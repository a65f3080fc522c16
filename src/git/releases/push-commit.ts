import type { Clone } from '../clone/clone.ts';
import { REMOTE } from '../clone/remote.ts';
import { failureOf } from '../failures/explain-outcome.ts';
import { GitFailure, type RemoteContext } from '../failures/git-failure.ts';
import type { GitOutcome } from '../failures/git-outcome.ts';
import { remoteWords } from '../failures/remote-words.ts';
import { tracePackets } from './push-trace.ts';

export type PushAnswer =
  /** The server itself said so. */
  | { readonly kind: 'landed' }
  /** Words of a lost race. Servers and hooks use them for permanent problems, too: only a look at the branch tells. */
  | { readonly kind: 'moved'; readonly failure: GitFailure }
  | { readonly kind: 'refused'; readonly failure: GitFailure }
  /** No answer, or one that does not tell: the push may have landed or not. */
  | { readonly kind: 'unknown'; readonly failure: GitFailure };

/**
 * One push of `head` to the branch: a compare-and-swap. The lease only adds a check (that the branch is still at
 * `base`, and was not set back to an older commit either); `head` is a descendant of `base`, so nothing is forced.
 */
export async function pushCommit(
  clone: Clone,
  branch: string,
  base: string,
  head: string,
): Promise<PushAnswer> {
  const { remoteGit, context } = clone;
  const ref = `refs/heads/${branch}`;
  const trace = tracePackets(clone.directory);
  const lease = `--force-with-lease=${ref}:${base}`;
  const args = ['push', '--porcelain', '--progress', lease, REMOTE, `${head}:${ref}`];
  const outcome = await remoteGit({ args, variables: trace.variables });
  const { isReported, offersReports } = trace.read();
  const answer = answerOf(outcome, { ...context, branch, isPush: true });
  // Git takes the silence of a server for success, such as that of a git-upload-pack in place of git-receive-pack.
  // Whether that one ends before git has sent its pack, which breaks the connection, is up to the two processes.
  const isSilent = answer.kind === 'landed' || (answer.kind === 'unknown' && offersReports === false);
  if (!isSilent || isReported) return answer;
  return { kind: 'unknown', failure: noReport(context.uri, branch) };
}

/**
 * Asks the server to take what it has already: it checks who asks before it looks at what is pushed, so this shows
 * whether the account may write. It cannot show what hooks and protected branches would say to a new commit.
 */
export async function tryToPush(clone: Clone, branch: string, head: string): Promise<GitFailure | null> {
  const { remoteGit, context } = clone;
  const trace = tracePackets(clone.directory);
  const args = ['push', '--dry-run', '--porcelain', REMOTE, `${head}:refs/heads/${branch}`];
  const outcome = await remoteGit({ args, variables: trace.variables });
  const { offersReports } = trace.read();
  const answer = answerOf(outcome, { ...context, branch, isPush: true });
  switch (answer.kind) {
    case 'landed':
    case 'moved':
      return offersReports ? null : noReport(context.uri, branch);
    case 'unknown':
      if (offersReports === false) return noReport(context.uri, branch);
      return clone.explain(answer.failure);
    case 'refused':
      return clone.explain(answer.failure);
  }
}

function noReport(uri: string, branch: string): GitFailure {
  return new GitFailure(
    'not-allowed-to-push',
    `${uri} does not report what becomes of a push to ${branch}, as where a key may only run git-upload-pack; give the account the right to write.`,
  );
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

/** Whoever is refused before the push has certainly changed nothing; after other failures nobody knows. */
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

/** Every way in which git and servers say that another push was faster. */
function isMoved(words: string): boolean {
  return /non-fast-forward|fetch first|stale info|cannot lock ref|reference already exists|failed to update ref|incorrect old value|remote ref updated since checkout|needs force/i.test(
    words,
  );
}

function refusal(summary: string, stderr: string, { uri, branch }: RemoteContext): GitFailure {
  const why = /\((.*)\)$/.exec(summary)?.[1] ?? summary;
  const words = remoteWords(stderr);
  const said = words === '' ? why : `${words} (${why})`;
  return new GitFailure('refused-by-hook', `${uri} refused the push to ${branch}: ${said}.`);
}
