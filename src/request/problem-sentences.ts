import type * as z from 'zod';

/**
 * One sentence for each problem of a request, with the path of the key. `root` is what was read: `source`. `labelOf`
 * knows other names for keys (`a.b`) that did not come from there, or null.
 */
export function sentencesOf(
  error: z.ZodError,
  root: string,
  labelOf: (key: string) => string | null = () => null,
): string[] {
  const sentences = error.issues.flatMap(({ path, message }) =>
    message.split('\n').map((line) => `${labelled(root, path, labelOf)}${endOfSentence(line)}`),
  );
  return [...new Set(sentences)];
}

function labelled(
  root: string,
  path: readonly PropertyKey[],
  labelOf: (key: string) => string | null,
): string {
  for (let length = path.length; length > 0; length -= 1) {
    const label = labelOf(path.slice(0, length).map(String).join('.'));
    if (label !== null) return pathText(label, path.slice(length));
  }
  return pathText(root, path);
}

function pathText(root: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}.${String(part)}`),
    root,
  );
}

function endOfSentence(line: string): string {
  const text = /^[.: ]/.test(line) ? line : `: ${line}`;
  return /[.?…]$/.test(text) ? text : `${text}.`;
}
