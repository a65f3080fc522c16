import type { Owner } from '../claim-owner.ts';
import type { Operation } from './lock-operation.ts';

/** How whoever ended a hold stands to whoever began it. */
export type Releaser =
  | 'same-build'
  | 'same-job'
  | 'same-pipeline'
  | 'other-pipeline'
  | 'person'
  | 'pool-boy'
  /** A message that names nobody, or a holder that nobody knows. */
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

/** Messages of many years lack the team or the instance: what is not said does not tell two pipelines apart. */
function isSamePipeline(one: JobOwner, other: JobOwner): boolean {
  const differ = (a: string | null, b: string | null) => a !== null && b !== null && a !== b;
  const vars = ({ instanceVars }: JobOwner) => (instanceVars === null ? null : JSON.stringify(instanceVars));
  return one.pipeline === other.pipeline && !differ(one.team, other.team) && !differ(vars(one), vars(other));
}
