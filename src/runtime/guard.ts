import { sentencesFor } from './error-sentences.ts';
import type { OwnedLifetime } from './lifetime.ts';
import type { Log } from './log.ts';

export interface Guard {
  readonly lifetime: OwnedLifetime;
  readonly log: Log;
  /** How to get the log of a bug. */
  readonly debugging: string;
  readonly stoppedBy: () => string | null;
}

/**
 * Whatever breaks outside of the program's own course, the process ends in order: temporary files and children go.
 * A log that nobody reads any more (`2>&1 | head`) breaks nothing: what was begun is done all the same.
 */
export function guardProcess({ lifetime, log, debugging, stoppedBy }: Guard): void {
  process.stderr.on('error', () => undefined);
  const giveUp = (error: unknown) => {
    lifetime.end();
    for (const sentence of sentencesFor(error, stoppedBy(), debugging)) log.error(sentence);
    process.exit(1);
  };
  process.on('uncaughtException', giveUp);
  process.on('unhandledRejection', giveUp);
}

export type OutputError = Error & { readonly code?: unknown };

/** Answers what broke stdout, or null so far. */
export function watchOutput(): () => OutputError | null {
  let first: OutputError | null = null;
  process.stdout.on('error', (error) => {
    first ??= error;
  });
  return () => first;
}

/** Calls back once all was written, or could not be. */
export function whenWritten(text: string, then: () => void): void {
  // A stream tells of its errors only after it has called back.
  process.stdout.write(text, () => void setImmediate(then));
}

export function unwritten(error: OutputError): string {
  return `The answer could not be written to stdout (${error.message}).`;
}
