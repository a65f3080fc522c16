import type { Finding } from './finding.ts';
import { useOfLock } from './leaks.ts';
import type { Pipeline } from './pipeline.ts';
import type { Around } from './rules/around.ts';
import { findHandedOnUntended } from './rules/handed-on-untended.ts';
import { findHookGaps } from './rules/hook-gaps.ts';
import { findLockOrder } from './rules/lock-order.ts';
import { findNoRelease } from './rules/no-release.ts';
import { findNoTimeout } from './rules/no-timeout.ts';
import { findNotInEnsure } from './rules/not-in-ensure.ts';
import { findSelfWait } from './rules/self-wait.ts';
import { claimsIn } from './taking.ts';

/** In which ways these pipelines can leave a lock claimed, or wait for one forever; in the order of their jobs. */
export function lint(pipelines: readonly Pipeline[], sizeOf: Around['sizeOf'] = () => null): Finding[] {
  const around: Around = { pipelines, sizeOf };
  const ofJobs = pipelines.flatMap((pipeline) =>
    pipeline.jobs.flatMap((job) => [
      ...claimsIn(pipeline, job)
        .map((taking) => useOfLock(pipeline, job, taking))
        .flatMap((use) => [
          ...findNoRelease(use, around),
          ...findNotInEnsure(use, around),
          ...findHookGaps(use, around),
          ...findHandedOnUntended(use, around),
          ...findNoTimeout(use),
        ]),
      ...findSelfWait(pipeline, job, around),
    ]),
  );
  return toldOnce([...ofJobs, ...findLockOrder(around)]);
}

/** What several claims come to is told once, with the jobs of all of them. */
function toldOnce(findings: readonly Finding[]): Finding[] {
  const known = new Map<string, Finding>();
  for (const one of findings) {
    const { rule, team, pipeline, job, step, message } = one;
    const key = JSON.stringify([rule, team, pipeline, job, step, message]);
    const before = known.get(key);
    const claimedBy = [...new Set([...(before?.claimedBy ?? []), ...one.claimedBy])];
    known.set(key, { ...one, claimedBy });
  }
  return [...known.values()];
}
