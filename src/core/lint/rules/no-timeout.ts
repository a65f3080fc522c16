import type { Finding } from '../finding.ts';
import { stepYaml } from '../fix/yaml.ts';
import { lockNamed, waits } from '../held-together.ts';
import type { LockUse } from '../leaks.ts';
import { poolTitle } from '../pool-identity.ts';
import { noTimeout } from '../sentences.ts';
import { hasTimeLimit } from '../time-limit.ts';
import { makeFinding } from './make-finding.ts';

/** The put waits for a lock as long as it takes. */
export function findNoTimeout({ pipeline, job, taking }: LockUse): Finding[] {
  const { step, pool } = taking;
  if (step.kind !== 'put' || !waits(taking) || hasTimeLimit(job.body, step.path)) return [];
  const lock = lockNamed(taking);
  const what =
    lock === null ? `a free lock of pool ${poolTitle(pool, step.resource)}` : `lock ${lock} to be free`;
  const fix = stepYaml({ ...step, timeout: '1h' });
  return [
    makeFinding(
      'no-timeout',
      { pipeline, job, step },
      { message: noTimeout(step, what), fix, claimedBy: [] },
    ),
  ];
}
