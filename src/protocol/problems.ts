import type { z } from 'zod';

/** One sentence for each problem of a request, with the path of the key. `root` is what was read: `source`. */
export function sentencesOf(error: z.ZodError, root: string): string[] {
  const sentences = error.issues.flatMap(({ path, message }) =>
    message.split('\n').map((line) => `${pathText(root, path)}${endOfSentence(line)}`),
  );
  return [...new Set(sentences)];
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
