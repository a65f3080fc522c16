/** How a command ended. A status other than 0 is for the caller to judge. */
export interface GitOutcome {
  /** Null when a signal ended it. */
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly end: 'exited' | 'timed-out' | 'out-of-memory' | 'had-enough';
}
