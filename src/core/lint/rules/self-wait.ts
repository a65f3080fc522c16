import type { Finding } from '../finding.ts';
import { without } from '../fix/rewrite.ts';
import { jobYaml } from '../fix/yaml.ts';
import { areSideBySide, isSamePool, lockNamed, pathsWhileHeld, waits } from '../held-together.ts';
import type { Job, Pipeline } from '../pipeline.ts';
import { poolTitle } from '../pool-identity.ts';
import { sameLockTwice, selfWait } from '../sentences.ts';
import { claimsIn, directoryOf, type Taking, takeoversIn } from '../taking.ts';
import type { Around } from './around.ts';
import { makeFinding } from './make-finding.ts';

/** One build claims more locks of a pool than it has, or the same lock twice, before it returns the first. */
export function findSelfWait(pipeline: Pipeline, job: Job, { sizeOf }: Around): Finding[] {
  const claims = claimsIn(pipeline, job);
  const takings: readonly Taking[] = [...takeoversIn(pipeline, job), ...claims];
  const told: Taking[] = [];
  return claims.filter(waits).flatMap((second) => {
    const held = takings.filter((first) => first !== second && isHeld(pipeline, job, first, second));
    const inPool = held.filter((first) => isSamePool(first, second));
    // Of two that run side by side only one is told.
    if (inPool.some((first) => told.includes(first))) return [];
    const message = problemOf(second, inPool, sizeOf(second.pool));
    if (message === null || second.step.kind !== 'put') return [];
    told.push(second);
    const fix = jobYaml(withoutClaim(job, second));
    return [makeFinding('self-wait', { pipeline, job, step: second.step }, { message, fix, claimedBy: [] })];
  });
}

function isHeld(pipeline: Pipeline, job: Job, first: Taking, second: Taking): boolean {
  return (
    pathsWhileHeld(pipeline, job, first).has(second.step.path) ||
    areSideBySide(job.body, first.step, second.step)
  );
}

function problemOf(second: Taking, held: readonly Taking[], size: number | null): string | null {
  const lock = lockNamed(second);
  if (lock !== null && held.some((first) => lockNamed(first) === lock))
    return sameLockTwice(second.step, lock);
  const wanted = held.length + 1;
  if (held.length === 0 || size === null || wanted <= size) return null;
  return selfWait(second.step, poolTitle(second.pool, second.step.resource), wanted, size);
}

function withoutClaim(job: Job, { step }: Taking): Job {
  const body = without(
    job.body,
    (one) =>
      one.path === step.path ||
      (one.kind === 'put' && one.use?.kind === 'return' && directoryOf(one.use.value) === step.name),
  );
  return body === null ? job : { ...job, body };
}
