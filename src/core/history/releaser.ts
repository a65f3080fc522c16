import type { Owner } from '../claim-owner.ts';
import type { Operation } from './lock-operation.ts';

/** How the releaser of a lock is related to its holder. */
export type Releaser =
  | 'same-build'
  | 'same-job'
  | 'same-pipeline'
  | 'other-pipeline'
  | 'person'
  | 'pool-boy'
  /** A message that names no build or person, or an unknown holder. */
  | 'unknown';

export function releaserOf(holder: Owner | null, end: Operation): Releaser {
  if (end.byPoolBoy) return 'pool-boy';
  const { owner } = end;
  switch (owner.kind) {
    case 'person':
      return 'person';
    case 'unknown':
      return 'unknown';
    case 'one-off':
      if (holder === null || holder.kind === 'unknown') return 'unknown';
      return holder.kind === 'one-off' && holder.build === owner.build ? 'same-build' : 'other-pipeline';
    case 'job':
      if (holder === null || holder.kind === 'unknown') return 'unknown';
      return holder.kind === 'job' ? jobs(holder, owner) : 'other-pipeline';
  }
}

type JobOwner = Extract<Owner, { kind: 'job' }>;

function jobs(holder: JobOwner, owner: JobOwner): Releaser {
  if (!isSamePipeline(holder, owner)) return 'other-pipeline';
  if (holder.job !== owner.job) return 'same-pipeline';
  return holder.build === owner.build ? 'same-build' : 'same-job';
}

/** Old messages lack the team or the instance vars, so a missing part never makes two pipelines different. */
function isSamePipeline(one: JobOwner, other: JobOwner): boolean {
  const differ = (a: string | null, b: string | null) => a !== null && b !== null && a !== b;
  const vars = ({ instanceVars }: JobOwner) => (instanceVars === null ? null : JSON.stringify(instanceVars));
  return one.pipeline === other.pipeline && !differ(one.team, other.team) && !differ(vars(one), vars(other));
}
