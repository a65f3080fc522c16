import { boundaryOf, type Clone } from '../clone/clone.ts';
import type { History } from '../clone/history.ts';
import { readLog } from '../objects/commit-log.ts';
import { trailersOf } from './release-message.ts';

/** What a run of ours released, as its commit says; names are quoted as git quotes paths. */
export interface ReleasedCommit {
  readonly pool: string;
  readonly lock: string;
  readonly commit: string;
  readonly claim: string;
  readonly reason: string;
  /** Seconds; null where the time of the claim was not known. */
  readonly heldFor: number | null;
  /** The pool that it went to; null for its own. */
  readonly to: string | null;
}

/**
 * The releases of the run whose last commit is `ref`, oldest first. A run's commits are one push, so they lie in a
 * row. `run` is the run's UUID; null to take it from `ref` itself.
 */
export async function releasedBy(
  history: History,
  run: string | null,
  ref: string,
): Promise<ReleasedCommit[]> {
  for (;;) {
    const commits = await commitsOfRun(history.clone, run, ref);
    const last = commits.at(-1);
    const boundary = boundaryOf(history.clone);
    if (last === undefined || !boundary.has(last.commit) || !(await history.deepen())) {
      return commits.flatMap(releaseOf).reverse();
    }
  }
}

interface RunCommit {
  readonly commit: string;
  readonly trailers: ReadonlyMap<string, string>;
}

async function commitsOfRun({ git }: Clone, run: string | null, ref: string): Promise<RunCommit[]> {
  const commits: RunCommit[] = [];
  let wanted = run;
  const take = (commit: string, message: string): boolean => {
    const trailers = trailersOf(message);
    const its = trailers.get('Run') ?? null;
    wanted ??= its;
    if (its === null || its !== wanted) return false;
    commits.push({ commit, trailers });
    return true;
  };
  await readLog(git, {
    args: ['--first-parent', ref, '--'],
    fields: ['%B'],
    changes: 'none',
    wants: () => false,
    take: ({ commit, fields: [message = ''] }) => take(commit, message),
  });
  return commits;
}

function releaseOf({ commit, trailers }: RunCommit): ReleasedCommit[] {
  const [pool, lock, claim, reason] = ['Pool', 'Lock', 'Claim', 'Reason'].map((key) => trailers.get(key));
  if (!pool || !lock || !claim || !reason || !trailers.has('Released-By')) return [];
  const heldFor = trailers.get('Held-For') ?? '';
  return [
    {
      pool,
      lock,
      commit,
      claim,
      reason,
      heldFor: /^\d+$/.test(heldFor) ? Number(heldFor) : null,
      to: trailers.get('Released-To') ?? null,
    },
  ];
}
