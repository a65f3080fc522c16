import type * as z from 'zod/mini';
import { asSentence } from '../core/text.ts';

/** One thing that is wrong with a value: at which of its keys, and the rest of the sentence. */
export interface KeyProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** One issue of zod can be about several keys, a line of its message each. */
export function problemsOf(error: z.core.$ZodError): KeyProblem[] {
  return error.issues.flatMap(({ path, message }) =>
    message.split('\n').map((line) => ({ path, message: line })),
  );
}

/** `root` is the name of what was read: `source`, `--pools`. */
export function problemSentence(root: string, { path, message }: KeyProblem): string {
  const key = path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}.${String(part)}`),
    root,
  );
  return asSentence(`${key}${/^[.: ]/.test(message) ? message : `: ${message}`}`);
}

/** One sentence for each problem, with the path of the key. */
export function sentencesOf(error: z.core.$ZodError, root: string): string[] {
  return [...new Set(problemsOf(error).map((problem) => problemSentence(root, problem)))];
}
