/** Milliseconds on a clock that only goes forward. `performance.now()` would load more of Node than a run needs. */
export function milliseconds(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
