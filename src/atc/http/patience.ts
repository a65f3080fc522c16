/**
 * The time that a run may lose to a Concourse that does not answer as it should, over all requests and judgements.
 * Requests run side by side, so time that several of them lose together counts once.
 */
export interface Patience {
  /** Milliseconds that may still be lost. */
  left(): number;
  /** Counts what lies between two points of `performance.now()` as lost. */
  lose(from: number, to: number): void;
}

/** `total`: in milliseconds. */
export function createPatience(total: number): Patience {
  let lost = 0;
  let countedUpTo = 0;
  return {
    left: () => Math.max(0, total - lost),
    lose: (from, to) => {
      lost += Math.max(0, to - Math.max(from, countedUpTo));
      countedUpTo = Math.max(countedUpTo, to);
    },
  };
}
