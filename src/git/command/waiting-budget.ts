/** Milliseconds that the commands of one run may wait for silent servers, all together. */
export interface WaitingBudget {
  /** What one command may still wait; never nothing, so that each is at least tried. */
  left(): number;
  /** Takes what one silence lasted. The pauses of a server that is at work do not count. */
  spend(silence: number): void;
}

/** What a run waits in all, in patiences of one command: a second server that hangs finds little of it. */
const PATIENCES = 1.25;
/** Silences up to this part of the patience are no sign of trouble, and no command is given less. */
const SHORT = 1 / 24;

/** `patience` is what a single command may wait, in milliseconds. */
export function createWaitingBudget(patience: number): WaitingBudget {
  const short = patience * SHORT;
  let left = patience * PATIENCES;
  return {
    left: () => Math.max(left, short),
    spend(silence) {
      if (silence > short) left -= silence;
    },
  };
}
