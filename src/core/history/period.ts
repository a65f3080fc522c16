/** A period of time, in unix seconds; `until` is not part of it. */
export interface Period {
  readonly from: number;
  readonly until: number;
}

/** Whether the time lies in the period; one that is not known lies in none. */
export function isWithin(at: number | null, { from, until }: Period): boolean {
  return at !== null && at >= from && at < until;
}
