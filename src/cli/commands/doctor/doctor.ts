import { count } from '../../../core/text.ts';
import type { ExitStatus } from '../../../runtime/exit-status.ts';
import { countOwnReleases } from '../../../sweep/report/count-own-releases.ts';
import { historySince } from '../../../sweep/report/read-history.ts';
import type { Cli } from '../../command.ts';
import { readSince } from '../../settings/option-values.ts';
import { checkBranch } from './check-branches.ts';
import { checkClaims, checkNamelessClaims } from './check-claims.ts';
import { checkConcourses } from './check-concourse.ts';
import { checkOwnReleases } from './check-own-releases.ts';
import { checkPipelines } from './check-pipelines.ts';
import { checkPools } from './check-pools.ts';
import { checkRepository, type OpenedRepository } from './check-repository.ts';
import { checkTeams } from './check-teams.ts';
import { checkHolds } from './check-timeouts.ts';
import { checkTransport } from './check-transport.ts';
import { type Finding, findingText, masked, type Tell } from './finding.ts';

const DAY = 86_400;
/** How far back past claims and holds are looked at, in days. */
const LOOK_BACK = 90;

/** `pool-boy doctor`: checks a whole set-up and says how to fix each thing. It changes nothing. */
export async function doctor(cli: Cli): Promise<ExitStatus> {
  const { terminal, tools } = cli;
  const findings: Finding[] = [];
  const isJson = cli.options.output === 'json';
  const from = readSince(cli.options.since, tools.clock(), 30 * DAY);
  const tell = (found: Finding) => {
    const finding = masked(found, tools.mask);
    findings.push(finding);
    if (!isJson) terminal.print(findingText(finding, cli));
  };
  const opened = await checkRepository(cli, tell);
  for (const finding of checkTransport(cli.source)) tell(finding);
  if (opened === null) await checkConcourses(cli, tell);
  else await checkOpened(opened, cli, from, tell);
  const problems = findings.filter(({ level }) => level === 'problem').length;
  const warnings = findings.filter(({ level }) => level === 'warning').length;
  if (isJson) terminal.print(JSON.stringify({ schema: 1, findings }, null, 2));
  else terminal.print(`\n${count(problems, 'problem')}, ${count(warnings, 'warning')}.`);
  return problems > 0 ? 1 : 0;
}

/** `from`: since when releases of our own are looked at, in unix seconds. */
async function checkOpened(
  { session, head }: OpenedRepository,
  cli: Cli,
  from: number,
  tell: Tell,
): Promise<void> {
  const { repository } = session;
  const now = cli.tools.clock();
  const tree = await repository.treeAt(head);
  await checkBranch(session, tree, cli, tell);
  const pools = tree.pools.length === 0 ? [] : checkPools(tree.pools, cli, tell);
  const concourses = await checkConcourses(cli, tell);
  if (pools.length === 0) return;
  const listings = pools.map(({ listing }) => listing);
  const since = Math.min(from, now - LOOK_BACK * DAY);
  const { history, operations } = await historySince(session, head, listings, since, now);
  checkTeams(operations, concourses.answering, tell);
  checkNamelessClaims(operations, concourses, tell);
  await checkClaims(session, head, concourses, tell);
  const asksConcourse = cli.source.concourses.length > 0;
  checkHolds({ pools, history, operations, asksConcourse, now, days: LOOK_BACK }, tell);
  await checkPipelines(session, listings, tell);
  const period = { from, until: now };
  checkOwnReleases(await countOwnReleases(session, { history, operations, period }), from, tell);
}
