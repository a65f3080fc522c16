import type { Finding } from '../core/lint/finding.ts';
import { lint } from '../core/lint/lint.ts';
import type { Pipeline } from '../core/lint/pipeline.ts';
import { canonicalRepository, type PoolIdentity } from '../core/lint/pool-identity.ts';
import type { PoolListing } from '../core/lock.ts';
import type { Session } from './session.ts';

export interface Linted {
  readonly pipelines: readonly Pipeline[];
  readonly findings: readonly Finding[];
  /** What could not be told, in sentences. */
  readonly unclear: readonly string[];
  /** Concourse gave no answer. */
  readonly unanswered: boolean;
}

/** What lint says of the pipelines that use the lock repository, as Concourse has them; null where none is asked. */
export async function lintRepository(
  session: Session,
  listings: readonly PoolListing[],
): Promise<Linted | null> {
  const { concourses, repository, source } = session;
  if (concourses === null) return null;
  await concourses.begin();
  const { uri } = source.repository;
  const { pipelines, unclear, unanswered } = await concourses.pipelinesUsing({
    uri,
    branch: repository.branch,
  });
  return { pipelines, unclear, unanswered, findings: lint(pipelines, sizeIn(session, listings)) };
}

/** How many locks a pool has that is in the repository of this run; null for any other. */
export function sizeIn(
  { source, repository }: Pick<Session, 'source' | 'repository'>,
  listings: readonly PoolListing[],
): (pool: PoolIdentity) => number | null {
  const here = canonicalRepository(source.repository.uri);
  return ({ repository: its, branch, pool }) => {
    if (its === null || its !== here || branch !== repository.branch) return null;
    const listing = listings.find(({ name }) => name === pool);
    if (listing === undefined) return null;
    return new Set([...(listing.claimed ?? []), ...(listing.unclaimed ?? [])]).size;
  };
}
