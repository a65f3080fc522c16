import type { Concourses } from '../atc/concourses.ts';
import type { Source } from '../core/source/source.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import { ownBuildOf } from '../runtime/own-build.ts';
import type { RunTools } from '../runtime/run-tools.ts';

/** The lock repository and the Concourses of one run. */
export interface Session {
  readonly source: Source;
  readonly repository: Repository;
  readonly concourses: Concourses | null;
  readonly tools: RunTools;
}

/** `isCached`: the copy of the repository stays for the next run, as `check` wants it, which comes every minute. */
export async function openSession(
  source: Source,
  tools: RunTools,
  { isCached = false }: { readonly isCached?: boolean } = {},
): Promise<Session> {
  const repository = await openRepository(source.repository, { ...tools, isCached });
  const concourses = source.concourses.length === 0 ? null : await openThem(source, repository, tools);
  return { source, repository, concourses, tools };
}

/** Loaded only when there is somebody to ask. */
async function openThem(
  { concourses }: Source,
  repository: Repository,
  tools: RunTools,
): Promise<Concourses> {
  const { openConcourses } = await import('../atc/concourses.ts');
  return openConcourses(concourses, {
    ...tools,
    ownBuild: ownBuildOf(tools.environment),
    poolsClaimedIn: (commits, since) => repository.poolsClaimedIn(commits, since),
  });
}

/** For steps that report and release nothing: trouble with Concourse leaves locks undecided, and the step goes on. */
export function neverFailingForConcourse(source: Source): Source {
  return { ...source, concourses: source.concourses.map((one) => ({ ...one, whenUnreachable: 'keep' })) };
}
