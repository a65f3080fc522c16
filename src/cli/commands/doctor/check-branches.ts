import { Failure } from '../../../core/failure.ts';
import type { BranchTree } from '../../../core/lock.ts';
import { noPoolsSentence } from '../../../core/pools/no-pools.ts';
import { quoteName } from '../../../core/quote-name.ts';
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
  { repository, source }: Session,
  { pools, rootFolders }: BranchTree,
  cli: Cli,
  tell: Tell,
): Promise<void> {
  const { branch } = repository;
  if (pools.length === 0) {
    const asked = (source.pools ?? []).map(({ name }) => name);
    const others = ((await repository.branches()) ?? []).filter((name) => name !== branch).slice(0, MOST);
    const fix = fixFor(await branchesWithPools(others, cli), others.length);
    tell(problem(noPoolsSentence(branch, asked, rootFolders), fix));
  } else if (source.repository.branch === null) {
    tell(
      warning(
        `No branch is set, so the default branch of the repository is watched (${branch}); this changes if the default branch changes.`,
        `set branch: ${branch} (or --branch ${shellWord(branch)})`,
      ),
    );
  }
}

function fixFor(holding: readonly BranchWithPools[], searched: number): string {
  const [first] = holding;
  if (first === undefined) {
    const none =
      searched === 0 ? '' : `; no pool is on any of ${count(searched, 'other branch', 'other branches')}`;
    return `check uri${none}`;
  }
  const found = holding.map(({ name, pools }) => `${name} (${shortList(pools.map(quoteName), 5)})`);
  return `set branch: ${first.name} (or --branch ${shellWord(first.name)}); there are pools on ${count(holding.length, 'other branch', 'other branches')}: ${shortList(found, 5)}`;
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
