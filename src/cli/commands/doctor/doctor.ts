import { Failure } from '../../../core/failure.ts';
import type { Operation } from '../../../core/history/lock-operation.ts';
import type { SelectedPool } from '../../../core/pools/pool-selection.ts';
import { quoteName } from '../../../core/quote-name.ts';
import { count } from '../../../core/text.ts';
import { remedyFor } from '../../../core/verdict/remedy.ts';
import type { ExitStatus } from '../../../runtime/exit-status.ts';
import { historySince } from '../../../sweep/read-history.ts';
import type { Session } from '../../../sweep/session.ts';
import { survey } from '../../../sweep/survey.ts';
import type { Cli } from '../../command.ts';
import { checkConcourses } from './check-concourse.ts';
import { checkHolds } from './check-holds.ts';
import { checkPipelines } from './check-pipelines.ts';
import { checkPools } from './check-pools.ts';
import { checkRepository, type OpenedRepository } from './check-repository.ts';
import { type Finding, findingText, good, masked, problem, warning } from './finding.ts';

const LOOK_BACK = 90 * 86_400;

/** `pool-boy doctor`: looks at a whole set-up and says how to mend each thing. It changes nothing. */
export async function doctor(cli: Cli): Promise<ExitStatus> {
  const { terminal, tools } = cli;
  const findings: Finding[] = [];
  const isJson = cli.options.output === 'json';
  const tell = (found: Finding) => {
    const finding = masked(found, tools.mask);
    findings.push(finding);
    if (!isJson) terminal.print(findingText(finding, cli));
  };
  const opened = await checkRepository(cli, tell);
  if (opened === null) {
    await checkConcourses(cli, [], tell);
  } else {
    await checkOpened(opened, cli, tell);
  }
  const problems = findings.filter(({ level }) => level === 'problem').length;
  const warnings = findings.filter(({ level }) => level === 'warning').length;
  if (isJson) terminal.print(JSON.stringify({ schema: 1, findings }, null, 2));
  else terminal.print(`\n${count(problems, 'problem')}, ${count(warnings, 'warning')}.`);
  return problems > 0 ? 1 : 0;
}

async function checkOpened(
  { session, head }: OpenedRepository,
  cli: Cli,
  tell: (finding: Finding) => void,
): Promise<void> {
  const now = cli.tools.clock();
  const pools = checkPools(await session.repository.poolsAt(head), cli, tell);
  const listings = pools.map(({ listing }) => listing);
  const { history, operations } = await historySince(session, head, listings, now - LOOK_BACK, now);
  await checkConcourses(cli, teamsOf(operations, cli), tell);
  const asksConcourse = cli.source.concourses.length > 0;
  if (pools.length > 0) await checkClaims(session, head, pools, tell);
  checkHolds({ pools, history, operations, asksConcourse, now }, tell);
  await checkPipelines(session, listings, tell);
}

/** The teams whose builds claimed locks lately. */
function teamsOf(operations: readonly Operation[], { source }: Cli): string[] {
  const fallback = source.concourses[0]?.team ?? 'main';
  const teams = operations.flatMap(({ owner }) => (owner.kind === 'job' ? [owner.team ?? fallback] : []));
  return [...new Set(teams)].sort();
}

/** Locks that no run will ever free, as things stand. */
async function checkClaims(
  session: Session,
  head: string,
  pools: readonly SelectedPool[],
  tell: (finding: Finding) => void,
): Promise<void> {
  try {
    const found = await survey(session, head);
    const policies = new Map(pools.map(({ listing, policy }) => [listing.name, policy]));
    const undecided = found.pools.flatMap(({ locks }) =>
      // That Concourse does not answer was said already.
      locks.filter(
        ({ verdict }) => verdict.verdict === 'undecided' && verdict.reason !== 'concourse-unreachable',
      ),
    );
    for (const { lock, verdict } of undecided) {
      const policy = policies.get(lock.pool);
      tell(
        warning(
          `Nothing can decide about ${quoteName(`${lock.pool}/${lock.name}`)} (${verdict.reason}): ${verdict.detail}`,
          policy === undefined ? 'see pool-boy explain' : remedyFor(verdict.reason, policy),
        ),
      );
    }
    const locks = found.pools.flatMap((pool) => pool.locks);
    const isUnreached = locks.some(({ verdict }) => verdict.reason === 'concourse-unreachable');
    if (undecided.length === 0 && !isUnreached)
      tell(good(`${count(locks.length, 'claimed lock')} can be judged.`));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    for (const sentence of error.sentences) tell(problem(sentence, null));
  }
}
