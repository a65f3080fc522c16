import type { Finding } from '../finding.ts';
import { releasedAlways } from '../fix/release-always.ts';
import { jobYaml } from '../fix/yaml.ts';
import type { LockUse } from '../leaks.ts';
import { poolTitle } from '../pool-identity.ts';
import { noRelease } from '../sentences.ts';
import type { Around } from './around.ts';
import { leakOf } from './leak-kind.ts';
import { makeFinding } from './make-finding.ts';

/** Nothing releases the lock: no step of the job, and no job behind it. */
export function findNoRelease(use: LockUse, around: Around): Finding[] {
  if (leakOf(use, around).kind !== 'no-release') return [];
  const { pipeline, job, taking } = use;
  const message = noRelease(taking.step, poolTitle(taking.pool, taking.step.resource), job.name);
  const fix = jobYaml(releasedAlways(use, { handsOn: false }));
  return [makeFinding('no-release', { pipeline, job, step: taking.step }, { message, fix })];
}
