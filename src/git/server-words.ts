const PROGRESS = /^(Counting|Compressing|Enumerating|Resolving|Unpacking|Writing|Receiving|Total)\b/;

/** What the server itself said (`remote: ...`, or `ERROR: ...` over SSH), in one line. */
export function serverWords(stderr: string): string {
  return stderr
    .split(/[\r\n]+/)
    .map((line) => /^(?:remote: ?|(?=ERROR: ))(.*)$/.exec(line)?.[1]?.trim() ?? '')
    .map((line) => line.replace(/^(?:error|ERROR|GitLab): /, ''))
    .filter((line) => /[\p{L}\p{N}]/u.test(line) && !PROGRESS.test(line))
    .join(' ')
    .replace(/[.:]+$/, '');
}
