import type { PoolIdentity } from './pool-identity.ts';
import type { Step } from './step.ts';

/** A pipeline's configuration, as far as it says who takes and returns which locks. It holds no secrets. */
export interface Pipeline {
  /** Null for a file: it does not name its team. */
  readonly team: string | null;
  /** With its instance vars, where it has any; for a file, the file's name. */
  readonly name: string;
  /** The resources that are pools, by name. */
  readonly pools: ReadonlyMap<string, PoolIdentity>;
  readonly jobs: readonly Job[];
}

export interface Job {
  readonly name: string;
  /** The plan as a `do` step inside the job's hooks, which is how Concourse runs it. */
  readonly body: Step;
  /** Two jobs that share one never run at the same time. */
  readonly serialGroups: readonly string[];
}
