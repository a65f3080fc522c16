import { Failure } from '../core/failure.ts';

/** The command line itself is wrong: exit status 2. */
export class UsageError extends Failure {
  constructor(sentences: string | readonly string[]) {
    super(sentences);
    this.name = 'UsageError';
  }
}
