import { onOneLine } from '../../core/text.ts';

/** How much of what a server says fits into a sentence, in characters. */
const MOST = 400;
/** How much of it the debug log gets, in lines. */
const MOST_LINES = 60;

const PROGRESS =
  /^(Counting|Compressing|Enumerating|Resolving|Unpacking|Writing|Receiving|Total|Delta|Analyzing|Storing|Processing|Updating references|Checking connectivity)\b.*(\d|done)/;

/** What git and ssh say themselves whatever the server said, and what they say after it. */
const OWN_LINES: readonly RegExp[] = [
  /^(fatal(?!: remote error:)|error|warning|hint): /,
  /^Cloning into /,
  /^Pushing to /,
  /^To \S+$/,
  /^ ! \[/,
  /^Please make sure you have the correct access rights$/,
  /^and the repository exists\.$/,
  /^Warning: Permanently added /,
  /^debug[123]: /,
  // OpenSSH 10 about key exchanges that a quantum computer may break.
  /^\*\* /,
  /^send-pack: /,
  /^fetch-pack: /,
];

/** The words with which the large hosts start what decides; a banner of the server may stand before them. */
const DECISIVE =
  /^(ERROR|conq|Access de(?:nied|ined)|GitLab|Gitea|Gogs|Forgejo|Bitbucket|TF\d{6}|fatal|Unauthorized|Forbidden|You )\b/;

/**
 * What the server, ssh or a proxy said, in one line that fits into a sentence: `remote: ...`, which git writes before
 * what comes over the protocol, or else everything that neither git nor its progress wrote. Over SSH the server's
 * words come without any mark.
 */
export function remoteWords(stderr: string): string {
  const lines = linesOf(stderr);
  const marked = lines.flatMap((line) => /^remote: ?(.*)$/s.exec(line)?.[1] ?? []);
  const said = (marked.length > 0 ? marked : lines.filter((line) => !OWN_LINES.some((own) => own.test(line))))
    .map((line) => line.trim())
    .filter((line) => /[\p{L}\p{N}]/u.test(line) && !PROGRESS.test(line));
  const start = said.findIndex((line) => DECISIVE.test(line));
  const words = said
    .slice(Math.max(0, start))
    .map((line) =>
      line.replace(/^(?:(?:fatal|remote error|error|ERROR|GitLab|conq|Access de(?:nied|ined)): ?)+/, ''),
    );
  return shortened(words.join(' '));
}

/** On one line, without a full stop, and no longer than a sentence can bear. */
export function shortened(words: string): string {
  const line = onOneLine(words)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[.:]+$/, '');
  return line.length <= MOST ? line : `${line.slice(0, MOST).trimEnd()}…`;
}

/** All that a command wrote to stderr, line by line, for the debug log. Progress is left out. */
export function debugLines(stderr: string): readonly string[] {
  const lines = linesOf(stderr).filter(
    (line) => line.trim() !== '' && !PROGRESS.test(line.replace(/^remote: /, '')),
  );
  if (lines.length <= MOST_LINES) return lines;
  const half = MOST_LINES / 2;
  return [...lines.slice(0, half), `(${lines.length - MOST_LINES} lines left out)`, ...lines.slice(-half)];
}

/** Progress overwrites its line, colours are for terminals. */
function linesOf(stderr: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for.
  return stderr.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '').split(/[\r\n]+/);
}
