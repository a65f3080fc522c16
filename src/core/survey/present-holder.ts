import { type Build, isAlive } from '../build.ts';
import type { Claim } from '../lock.ts';
import { describeBuild, labelOwner } from '../naming.ts';
import type { Evidence } from '../verdict/evidence.ts';
import { candidatesOf } from '../verdict/rank-claimants.ts';

/** The build that has a lock which was handed on, or that had it last. */
export interface PresentTaker {
  readonly id: number;
  /** As people write it; with `and 1 more` where several builds have the lock at once. */
  readonly name: string;
}

/**
 * Who has the lock now, unless it is the build that claimed it. Null while the claimant is alive, and where no
 * build that started had the claim as an input.
 */
export function presentTaker(evidence: Evidence): PresentTaker | null {
  if (evidence.kind !== 'asked') return null;
  if (candidatesOf(evidence.claimant).some(({ build }) => isAlive(build))) return null;
  const started = evidence.takers.filter(({ status }) => status !== 'pending');
  const alive = started.filter(isAlive);
  const [newest, ...more] = [...(alive.length > 0 ? alive : started)].sort(latestFirst);
  if (newest === undefined) return null;
  const rest = alive.length > 1 ? ` and ${more.length} more` : '';
  return { id: newest.id, name: `${describeBuild(newest)}${rest}` };
}

function latestFirst(a: Build, b: Build): number {
  return (b.endedAt ?? b.startedAt ?? 0) - (a.endedAt ?? a.startedAt ?? 0) || b.id - a.id;
}

/** Who holds a lock, for a cell of a table: `main/deploy/use #4, claimed by main/deploy/acquire #9`. */
export function labelHolder({ owner, author }: Pick<Claim, 'owner' | 'author'>, evidence: Evidence): string {
  return labelHandedOn(labelOwner(owner, author), presentTaker(evidence));
}

export function labelHandedOn(claimant: string, taker: PresentTaker | null): string {
  return taker === null ? claimant : `${taker.name}, claimed by ${claimant}`;
}
