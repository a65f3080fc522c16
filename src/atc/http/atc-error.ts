import { Failure } from '../../core/failure.ts';
import type { AtcFailure } from './atc-failure.ts';
import { describeFailure } from './failure-sentences.ts';

/** No usable answer from a Concourse. The message is one sentence for people. */
export class AtcError extends Error {
  readonly failure: AtcFailure;

  constructor(url: string, failure: AtcFailure, options?: ErrorOptions) {
    super(describeFailure(url, failure), options);
    this.name = 'AtcError';
    this.failure = failure;
  }
}

/** The same, where the whole run fails for it. */
export class ConcourseFailure extends Failure {
  constructor(sentences: string | readonly string[], options?: ErrorOptions) {
    super(sentences, options);
    this.name = 'ConcourseFailure';
  }
}
