import type { GitProblem, RemoteContext } from './git-failure.ts';
import { remoteWords, shortened } from './remote-words.ts';

/** What a message stands for. */
export interface MessagePattern {
  /** Matched against all of stderr; with `isSaidByRemote` against the remote's words alone. */
  readonly pattern: RegExp;
  /** Nothing that git prints itself, such as the URL, may be taken for a word of the server. */
  readonly isSaidByRemote?: boolean;
  readonly kind: GitProblem | ((context: RemoteContext, stderr: string) => GitProblem);
  readonly sentence: (context: RemoteContext, match: RegExpExecArray, stderr: string) => string;
}

/** The kind of a refusal, by what was tried. */
export function notAllowed({ isPush = false }: RemoteContext): GitProblem {
  return isPush ? 'not-allowed-to-push' : 'not-allowed-to-read';
}

/** ` (WORDS)` of what the server said, or nothing. */
export function inBrackets(stderr: string): string {
  const words = remoteWords(stderr);
  return words === '' ? '' : ` (${words})`;
}

/** A line of git's or ssh's, without its prefix, as it fits into a sentence. */
export function ownLine(line: string): string {
  return shortened(line.replace(/^(?:(?:fatal|error): )+/, ''));
}
