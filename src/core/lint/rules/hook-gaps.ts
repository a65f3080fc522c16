import type { Finding } from '../finding.ts';
import { releasedAlways } from '../fix/release-always.ts';
import { jobYaml } from '../fix/yaml.ts';
import { takeoversOf } from '../handover.ts';
import type { LockUse } from '../leaks.ts';
import { handedOnOnly, hookGaps } from '../sentences.ts';
import type { Around } from './around.ts';
import { leakOf } from './leak-kind.ts';
import { makeFinding } from './make-finding.ts';

/** Some outcomes release the lock or hand it on, others do neither. */
export function findHookGaps(use: LockUse, around: Around): Finding[] {
  const leak = leakOf(use, around);
  const { pipeline, job, taking } = use;
  const handsOn = takeoversOf(use).length > 0;
  switch (leak.kind) {
    case 'hook-gaps':
    case 'handed-on-only': {
      const message =
        leak.kind === 'hook-gaps'
          ? hookGaps(taking.step, leak.endings, use.returns)
          : handedOnOnly(taking.step, leak.endings, leak.to);
      const fix = jobYaml(releasedAlways(use, { handsOn }));
      return [makeFinding('hook-gaps', { pipeline, job, step: taking.step }, { message, fix })];
    }
    case 'none':
    case 'no-release':
    case 'not-in-ensure':
    case 'lost':
      return [];
  }
}
