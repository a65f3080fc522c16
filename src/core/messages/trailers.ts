/** One trailer of a commit message, as git writes it: `Key: value`. */
export interface Trailer {
  readonly key: string;
  readonly value: string;
}

/**
 * The trailers of a commit message: the lines of its last paragraph, where every one of them has that form (git's own
 * rule is laxer; text that people write must not be taken for one). A message of one paragraph has none.
 */
export function trailersIn(message: string): readonly Trailer[] {
  const paragraphs = paragraphsOf(message);
  const last = paragraphs.length > 1 ? (paragraphs.at(-1) ?? '') : '';
  const trailers: Trailer[] = [];
  for (const line of last.split('\n')) {
    const [, key, value] = /^([A-Za-z][A-Za-z-]*): ?(.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) return [];
    trailers.push({ key, value: value.trim() });
  }
  return trailers;
}

/** What stands between the subject and the trailers; empty where there is nothing. */
export function bodyOf(message: string): string {
  const paragraphs = paragraphsOf(message);
  const end = trailersIn(message).length > 0 ? -1 : undefined;
  return paragraphs.slice(1, end).join('\n\n').trim();
}

/** Commits that are made through a host's API or by programs on Windows can have both characters at a line's end. */
function paragraphsOf(message: string): string[] {
  return message
    .replaceAll('\r\n', '\n')
    .trimEnd()
    .split(/\n{2,}/);
}
