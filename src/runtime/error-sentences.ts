import { Failure } from '../core/failure.ts';

/** What went wrong, for people: one sentence for each problem. `debugging` is how to get the log of a bug. */
export function sentencesFor(error: unknown, stoppedBy: string | null, debugging: string): readonly string[] {
  if (stoppedBy !== null) return [`Stopped by ${stoppedBy}; what was not pushed yet was not done.`];
  if (error instanceof Failure) return error.sentences;
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return [
    `Something went wrong inside Pool Boy (${what}): this is a bug, please report it with the log of a run with ${debugging}.`,
  ];
}
