import { Failure } from '../../../core/failure.ts';
import type { PoolListing } from '../../../core/lock.ts';
import { quoteName } from '../../../core/quote-name.ts';
import { shownUri } from '../../../core/repository-uri.ts';
import { count, shortList } from '../../../core/text.ts';
import { openSession, type Session } from '../../../sweep/session.ts';
import type { Cli } from '../../command.ts';
import { problem, shellWord, type Tell, warning } from './finding.ts';

/** Each branch costs a fetch of its own. */
const MOST = 30;

/**
 * Whether the branch is the one with the locks. Where it has no pool at all, the other branches are looked at: the
 * locks often live on one of their own.
 */
export async function checkBranch(
  { repository }: Session,
  found: readonly PoolListing[],
  cli: Cli,
  tell: Tell,
): Promise<void> {
  const { branch } = repository;
  if (found.length === 0) {
    tell(await noPool(repository, cli));
  } else if (cli.source.repository.branch === null) {
    tell(
      warning(
        `No branch is set, so the default branch of the repository is watched (${branch}); this changes if the default branch changes.`,
        `set branch: ${branch} (or --branch ${shellWord(branch)})`,
      ),
    );
  }
}

async function noPool(repository: Session['repository'], cli: Cli) {
  const { branch } = repository;
  const uri = shownUri(cli.source.repository.uri);
  const nothing = `Branch ${branch} of ${uri} has no pool: no folder there has a claimed/ or an unclaimed/ folder`;
  const names = ((await repository.branches()) ?? []).filter((name) => name !== branch);
  const holding = await branchesWithPools(names.slice(0, MOST), cli);
  const [only, ...others] = holding;
  if (only === undefined) {
    const searched = Math.min(names.length, MOST);
    const elsewhere =
      searched === 0 ? '' : `, and neither has any of ${count(searched, 'other branch', 'other branches')}`;
    return problem(`${nothing}${elsewhere}.`, 'check uri and branch: is this the repository with the locks?');
  }
  const shown = shortList(
    holding.map(({ name, pools }) => `${name} (${shortList(pools.map(quoteName), 5)})`),
    5,
  );
  return problem(
    `${nothing}; there are pools on ${others.length === 0 ? 'branch' : 'the branches'} ${shown}.`,
    `set branch: ${only.name} (or --branch ${shellWord(only.name)})${others.length === 0 ? '' : ', or another of these'}`,
  );
}

interface BranchWithPools {
  readonly name: string;
  readonly pools: readonly string[];
}

async function branchesWithPools(names: readonly string[], cli: Cli): Promise<BranchWithPools[]> {
  const holding: BranchWithPools[] = [];
  const { source, tools, terminal } = cli;
  for (const name of names) {
    const repository = { ...source.repository, branch: name };
    try {
      const pools = await terminal.progress.during(`Looking for pools on branch ${name}`, async () => {
        const session = await openSession({ ...source, repository, concourses: [] }, tools);
        return await session.repository.poolsAt(await session.repository.fetch());
      });
      if (pools.length > 0) holding.push({ name, pools: pools.map((pool) => pool.name) });
    } catch (error) {
      // A branch that cannot be read is none to recommend.
      if (!(error instanceof Failure)) throw error;
    }
  }
  return holding;
}
