export interface FailureOptions extends ErrorOptions {
  readonly isOutcomeUnknown?: boolean;
}

/**
 * Something that went wrong outside this program, said for people: what, where, and what to do, one sentence for
 * each problem. Anything else that is thrown is a bug.
 */
export class Failure extends Error {
  readonly sentences: readonly string[];
  /** Something was being changed when it failed, and nobody can say whether the change was made. */
  readonly isOutcomeUnknown: boolean;

  constructor(sentences: string | readonly string[], options: FailureOptions = {}) {
    const list = typeof sentences === 'string' ? [sentences] : sentences;
    super(list.join('\n'), options);
    this.name = 'Failure';
    this.sentences = list;
    this.isOutcomeUnknown = options.isOutcomeUnknown ?? false;
  }
}
