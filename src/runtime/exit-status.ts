import { Failure } from '../core/failure.ts';

/**
 * How a program ends: 0, all is well; 1, something failed, and each problem is one sentence on stderr; 2, the command
 * line itself is wrong; 3, `status --exit-code` found stale locks, or `lint --exit-code` a finding.
 */
export type ExitStatus = 0 | 1 | 2 | 3;

/** The command line itself is wrong. */
export class UsageError extends Failure {
  constructor(sentences: string | readonly string[]) {
    super(sentences);
    this.name = 'UsageError';
  }
}

export function exitStatusFor(error: unknown): ExitStatus {
  return error instanceof UsageError ? 2 : 1;
}
