const PROGRESS = /^(Counting|Compressing|Enumerating|Resolving|Unpacking|Writing|Receiving|Total)\b/;

/** What the server itself said (`remote: ...`, or over SSH `ERROR: ...` and the like), in one line. */
export function serverWords(stderr: string): string {
  return stderr
    .split(/[\r\n]+/)
    .map(
      (line) =>
        /^(?:remote: ?|conq: |Access de(?:nied|ined): |(?=ERROR: ))(.*)$/.exec(line)?.[1]?.trim() ?? '',
    )
    .map((line) => line.replace(/^(?:error|ERROR|GitLab): /, ''))
    .filter((line) => /[\p{L}\p{N}]/u.test(line) && !PROGRESS.test(line))
    .join(' ')
    .replace(/[.:]+$/, '');
}
