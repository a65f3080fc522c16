/** A stretch of time, in unix seconds; `until` is not part of it. */
export interface Period {
  readonly from: number;
  readonly until: number;
}

export function isWithin(at: number, { from, until }: Period): boolean {
  return at >= from && at < until;
}
