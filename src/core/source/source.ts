import type { PolicyKeys } from '../policy.ts';
import type { PoolEntry } from '../pool-selection.ts';
import type { ConcourseSource } from './concourse-source.ts';
import type { RepositorySource } from './repository-source.ts';

/** What a resource's `source` says, once it is read and valid. */
export interface Source {
  readonly repository: RepositorySource;
  /** Null: every pool that is found. */
  readonly pools: readonly PoolEntry[] | null;
  /** The policy keys at the top level. */
  readonly policy: PolicyKeys;
  readonly concourses: readonly ConcourseSource[];
  readonly pushGateway: string | null;
  readonly logLevel: 'info' | 'debug';
}
