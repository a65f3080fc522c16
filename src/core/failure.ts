/**
 * Something that went wrong outside this program, said for people: what, where, and what to do, one sentence for
 * each problem. Anything else that is thrown is a bug.
 */
export class Failure extends Error {
  readonly sentences: readonly string[];

  constructor(sentences: string | readonly string[], options?: ErrorOptions) {
    const list = typeof sentences === 'string' ? [sentences] : sentences;
    super(list.join('\n'), options);
    this.name = 'Failure';
    this.sentences = list;
  }
}
