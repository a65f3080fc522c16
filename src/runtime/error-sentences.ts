import { Failure } from '../core/failure.ts';

export interface ErrorContext {
  /** The signal that stopped the run; null while there was none. */
  readonly stoppedBy: string | null;
  /** `pool-boy 1.1.0 check`. */
  readonly program: string;
  /** What turns on the log that a report of a bug needs: `log_level: debug`. */
  readonly debugSwitch: string;
}

/** What went wrong, for people: one sentence for each problem. */
export function sentencesFor(error: unknown, context: ErrorContext): readonly string[] {
  const { stoppedBy, program, debugSwitch } = context;
  if (stoppedBy !== null) {
    return error instanceof Failure && error.isOutcomeUnknown
      ? [`Stopped by ${stoppedBy}.`, ...error.sentences]
      : [`Stopped by ${stoppedBy}; anything not yet pushed was not released.`];
  }
  if (error instanceof Failure) return error.sentences;
  const unwritable = unwritableFile(error);
  if (unwritable !== null) return [unwritable];
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return [
    `Internal error in ${program} (${what}): this is a bug; report it on the issue tracker of the repository that you got Pool Boy from, with this line and the log of a run with ${debugSwitch}.`,
  ];
}

/** A write of our own that failed for want of room, wherever in the program it came up. */
function unwritableFile(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  const path = 'path' in error && typeof error.path === 'string' ? error.path : 'a temporary file';
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `The disk is full: ${path} could not be written (${error.code}); free some space.`;
    case 'EROFS':
      return `The file system is read-only: ${path} could not be written (${error.code}); set TMPDIR to a folder that can be written to.`;
    default:
      return null;
  }
}
