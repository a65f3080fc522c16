import type { ClaimedReport, LockReport, Report } from './model.ts';

/**
 * The report as `report.json` has it. `handed_to` is for people: it says nothing that `holders` does not say,
 * and the form that programs read is fixed.
 */
export function jsonReport(report: Report): string {
  const pools = report.pools.map((pool) => ({ ...pool, locks: pool.locks.map(documented) }));
  return JSON.stringify({ ...report, pools }, null, 2);
}

function documented(lock: LockReport): Omit<ClaimedReport, 'handed_to'> | LockReport {
  if (lock.state === 'unclaimed') return lock;
  const { handed_to: _, ...rest } = lock;
  return rest;
}
