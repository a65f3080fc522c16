import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { failureOf } from '../failures/explain-outcome.ts';
import { GitFailure } from '../failures/git-failure.ts';
import { type Clone, HEAD_REF } from './clone.ts';
import { type HostFeatures, refusalIn } from './host-features.ts';
import { noBranch } from './list-refs.ts';
import { REMOTE } from './remote.ts';

const FETCH = [
  'fetch',
  '--progress',
  '--no-tags',
  '--no-write-fetch-head',
  '--no-auto-maintenance',
  '--no-recurse-submodules',
  // Takes the boundary of a remote that is itself shallow.
  '--update-shallow',
];

export interface Fetched {
  readonly head: string;
  readonly features: HostFeatures;
}

/**
 * One contact with the remote, where it does not fail. `depth` is how many commits of the branch are to be here
 * afterwards, counted from its head: *fewer* than are here already cut the clone off. Null for what is new alone.
 * Absolute, since hosts that know nothing of `--deepen` (JGit, Azure DevOps) know `--depth`.
 */
export async function fetchBranch(
  clone: Clone,
  branch: string,
  depth: number | null,
  features: HostFeatures,
): Promise<Fetched> {
  let { shallow } = features;
  const failures: GitFailure[] = [];
  return clone.retrying(async () => {
    // A host that breaks at a filter (dulwich) just hangs up, so the last try does without one.
    const filter = features.filter === 'untried' && failures.length >= 2 ? 'missing' : features.filter;
    try {
      const fetched = await fetchOnce(clone, branch, depth, { filter, shallow });
      shallow = fetched.features.shallow;
      return fetched;
    } catch (error) {
      if (error instanceof GitFailure) failures.push(error);
      throw filter === features.filter ? error : failures[0];
    }
  });
}

async function fetchOnce(
  clone: Clone,
  branch: string,
  depth: number | null,
  features: HostFeatures,
): Promise<Fetched> {
  const filter = features.filter === 'missing' ? '--no-filter' : '--filter=blob:none';
  const depthOption = depth === null || !features.shallow ? [] : [`--depth=${depth}`];
  const outcome = await clone.remoteGit({
    args: [...FETCH, filter, ...depthOption, REMOTE, `+refs/heads/${branch}:${HEAD_REF}`],
  });
  if (outcome.status === 0) {
    const works = features.filter === 'untried' ? 'works' : features.filter;
    return { head: headOf(clone), features: { ...features, filter: works } };
  }
  switch (refusalIn(outcome.stderr)) {
    case 'no-shallow':
      if (depthOption.length > 0) return fetchOnce(clone, branch, null, { ...features, shallow: false });
      break;
    case 'dumb-http':
      throw new GitFailure(
        'dumb-http',
        `${clone.context.uri} is served as plain files (git's "dumb" HTTP), which takes no pushes and gives no part of a history; serve it with git http-backend, or use SSH.`,
      );
    case 'other-object-format':
      throw new OtherObjectFormat(clone.context.uri);
    case null:
      break;
  }
  const failure = failureOf(outcome, { ...clone.context, branch });
  throw failure.kind === 'no-branch'
    ? await noBranch(clone.remoteGit, clone.context, branch)
    : await clone.explain(failure);
}

/** The remote's commit ids are of the other kind than the clone's. Whoever made the clone makes it again. */
export class OtherObjectFormat extends GitFailure {
  constructor(uri: string) {
    super('other', `${uri} has commit ids of another kind (SHA-1, SHA-256) than its copy here.`);
  }
}

/** The branch's head commit as of the last fetch. */
export function headOf({ directory }: Clone): string {
  return readFileSync(join(directory, HEAD_REF), 'latin1').trim();
}
