import type { Finding } from '../finding.ts';
import { releasedAlways } from '../fix/release-always.ts';
import { jobYaml } from '../fix/yaml.ts';
import { takeoversOf } from '../handover.ts';
import type { LockUse } from '../leaks.ts';
import { lostInAcross, lostInAttempts, notInEnsure } from '../sentences.ts';
import { stepsIn } from '../step.ts';
import type { Around } from './around.ts';
import { leakOf } from './leak-kind.ts';
import { makeFinding } from './make-finding.ts';

/** The plan releases the lock, but a step in between can fail, error or be aborted. */
export function findNotInEnsure(use: LockUse, around: Around): Finding[] {
  const leak = leakOf(use, around);
  if (leak.kind !== 'not-in-ensure' && leak.kind !== 'lost') return [];
  const { pipeline, job, taking } = use;
  const message = leak.kind === 'lost' ? lost(use) : notInEnsure(taking.step, leak.endings, use.returns);
  const handsOn = takeoversOf(use).length > 0 && use.returns.every(({ hook }) => hook !== null);
  const fix = jobYaml(releasedAlways(use, { handsOn }));
  return [makeFinding('not-in-ensure', { pipeline, job, step: taking.step }, { message, fix })];
}

function lost({ job, taking: { step } }: LockUse): string {
  const isInAcross = stepsIn(job.body).some(
    (one) => one.kind === 'across' && stepsIn(one).some(({ path }) => path === step.path),
  );
  return isInAcross ? lostInAcross(step) : lostInAttempts(step);
}
