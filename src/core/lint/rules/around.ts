import type { Pipeline } from '../pipeline.ts';
import type { PoolIdentity } from '../pool-identity.ts';

/** What is known beside the one job that a rule looks at. */
export interface Around {
  /** All pipelines that are looked at: locks can be returned in another one. */
  readonly pipelines: readonly Pipeline[];
  /** How many locks a pool has; null where nobody has looked. */
  readonly sizeOf: (pool: PoolIdentity) => number | null;
}
