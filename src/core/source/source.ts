import type { SelectionRules } from '../pools/pool-selection.ts';
import type { ConcourseSource } from './concourse-source.ts';
import type { RepositorySource } from './repository-source.ts';

/** What a resource's `source` says, once it is read and valid. */
export interface Source extends SelectionRules {
  readonly repository: RepositorySource;
  readonly concourses: readonly ConcourseSource[];
  readonly pushGateway: string | null;
  readonly logLevel: 'info' | 'debug';
}
