import { shortDuration } from '../../core/duration.ts';
import { Failure } from '../../core/failure.ts';
import type { Spread } from '../../core/history/percentile.ts';
import {
  type Figures,
  type PoolFigures,
  type Statistics,
  statisticsOf,
} from '../../core/history/statistics.ts';
import type { Finding } from '../../core/lint/finding.ts';
import { findingsFor } from '../../core/lint/findings-for-job.ts';
import { selectPools } from '../../core/pools/pool-selection.ts';
import { selectionProblemSentence, selectionWarningSentence } from '../../core/pools/selection-notice.ts';
import { isoTime } from '../../core/time.ts';
import type { ExitStatus } from '../../runtime/exit-status.ts';
import { lintRepository } from '../../sweep/lint-repository.ts';
import { countOwnReleases, type OwnReleases } from '../../sweep/report/count-own-releases.ts';
import { historySince } from '../../sweep/report/read-history.ts';
import { neverFailingForConcourse } from '../../sweep/session.ts';
import type { Cli } from '../command.ts';
import { openShown } from '../open-session.ts';
import { readSince } from '../settings/option-values.ts';
import { oneLine, plainText } from '../terminal/lock-table.ts';
import { type Cell, renderTable, wrap } from '../terminal/table.ts';
import { historyAsJson } from './history-json.ts';
import { cameBackText, ownReleasesSummary } from './own-releases-text.ts';

const MONTH = 30 * 86_400;
/** Long holds are rare: a timeout is proposed from at least this much. */
const TO_PROPOSE_FROM = 90 * 86_400;

/** `pool-boy history`: how the locks were used, why jobs leak them, and a timeout to think about for each pool. */
export async function history(cli: Cli): Promise<ExitStatus> {
  const { source, tools, terminal, options } = cli;
  const now = tools.clock();
  const from = readSince(options.since, now, MONTH);
  const session = await openShown(cli, neverFailingForConcourse(source));
  const head = await session.repository.fetch();
  const selection = selectPools(await session.repository.poolsAt(head), source);
  if (selection.problems.length > 0) throw new Failure(selection.problems.map(selectionProblemSentence));
  for (const warning of selection.warnings) tools.log.warn(selectionWarningSentence(warning));
  const policies = new Map(selection.pools.map(({ listing, policy }) => [listing.name, policy]));
  const listings = selection.pools.map(({ listing }) => listing);
  const read = await historySince(session, head, listings, Math.min(from, now - TO_PROPOSE_FROM), now);
  const statistics = statisticsOf({
    history: read.history,
    period: { from, until: now },
    overdueAfter: (pool) => policies.get(pool)?.staleAfter ?? policies.get(pool)?.warnAfter ?? MONTH,
  });
  const ownReleases = await countOwnReleases(session, { ...read, period: { from, until: now } });
  const linted = await lintRepository(session, listings);
  const findings = linted === null || linted.unanswered ? null : linted.findings;
  if (options.output === 'json') {
    if (ownReleases.notAsked !== null && ownReleases.notAsked > 0)
      tools.log.warn(ownReleasesSummary(ownReleases));
    terminal.print(JSON.stringify(historyAsJson(statistics, findings, ownReleases), null, 2));
    return 0;
  }
  terminal.print(
    `From ${isoTime(Math.floor(from)).slice(0, 10)} to ${isoTime(Math.floor(now)).slice(0, 10)}, times held as median, 90 %, 99 % and longest.\n`,
  );
  terminal.print(poolTable(statistics, cli));
  terminal.print(jobTable(statistics, cli));
  if (findings !== null) terminal.print(leakTable(statistics, findings, cli));
  terminal.print(proposals(statistics, policies, cli));
  terminal.print(ownReleasesPart(ownReleases, cli));
  return 0;
}

function poolTable({ pools }: Statistics, cli: Cli): string {
  const titles = ['POOL', 'CLAIMS', ...SPREAD, 'IN USE', 'EMPTY', 'LEAKED', 'HOURS LOST', 'LEAKED BY'];
  const rows = pools.map((pool) => [
    { text: oneLine(pool.pool) },
    { text: String(pool.claims) },
    ...spreadCells(pool.held),
    { text: percent(pool.claimedShare) },
    { text: percent(pool.emptyShare) },
    leakedCell(pool, cli),
    { text: hours(pool.hoursLost) },
    { text: pool.leakedBy.map(({ job, leaked }) => `${oneLine(job)} (${leaked})`).join(', ') },
  ]);
  return table('Pools', titles, rows, cli);
}

function jobTable({ jobs }: Statistics, cli: Cli): string {
  const titles = ['JOB', 'CLAIMS', ...SPREAD, 'LEAKED', 'HOURS LOST', 'RELEASED BY'];
  const rows = jobs.map((job) => [
    { text: oneLine(job.job) },
    { text: String(job.claims) },
    ...spreadCells(job.held),
    leakedCell(job, cli),
    { text: hours(job.hoursLost) },
    { text: releasers(job.releasedBy) },
  ]);
  return table('Jobs that claimed', titles, rows, cli);
}

/** Beside each job that leaked what explains it: findings of lint in the pipeline as it is now. */
function leakTable({ jobs }: Statistics, findings: readonly Finding[], cli: Cli): string {
  const rows = jobs
    .filter(({ leaked }) => leaked > 0)
    .flatMap(({ job }) => findingsFor(job, findings).map((finding) => ({ job, finding })))
    .map(({ job, finding }) => [
      { text: oneLine(job) },
      { text: finding.rule },
      { text: plainText(finding.message) },
    ]);
  if (rows.length === 0) return '';
  return table('Why jobs leak (pool-boy lint shows how to fix it)', ['JOB', 'RULE', 'FINDING'], rows, cli);
}

function proposals({ pools }: Statistics, policies: Policies, cli: Cli): string {
  const rows = pools.map((pool) => [
    { text: oneLine(pool.pool) },
    { text: nowText(policies.get(pool.pool)?.staleAfter ?? null) },
    { text: pool.timeout.staleAfter === null ? 'too few holds' : shortDuration(pool.timeout.staleAfter) },
    { text: String(pool.timeout.basedOn) },
    { text: priceOf(pool) },
  ]);
  const titles = [
    'POOL',
    'NOW',
    'PROPOSED',
    'FROM HOLDS',
    'PAST HOLDS THAT EACH TIMEOUT WOULD HAVE CUT SHORT',
  ];
  return table('Proposed stale_after', titles, rows, cli);
}

function ownReleasesPart(releases: OwnReleases, { terminal, tools }: Cli): string {
  const width = terminal.width ?? 110;
  const lines = [ownReleasesSummary(releases), ...releases.cameBack.map((one) => `- ${cameBackText(one)}`)];
  const text = lines.flatMap((line) => wrap(plainText(tools.mask.apply(line)), width)).join('\n');
  return `${terminal.paint('bold', 'Own releases')}\n${text}\n`;
}

type Policies = ReadonlyMap<string, { readonly staleAfter: number | null }>;

const SPREAD = ['P50', 'P90', 'P99', 'MAX'];

function spreadCells({ p50, p90, p99, max }: Spread): Cell[] {
  return [p50, p90, p99, max].map((seconds) => ({ text: seconds === null ? '-' : shortDuration(seconds) }));
}

function leakedCell({ leaked }: Figures, { terminal }: Cli): Cell {
  return {
    text: String(leaked),
    ...(leaked > 0 ? { paint: (text: string) => terminal.paint('red', text) } : {}),
  };
}

function priceOf({ timeout }: PoolFigures): string {
  return timeout.candidates
    .map(({ staleAfter, cutShort }) => `${shortDuration(staleAfter)}: ${cutShort}`)
    .join(', ');
}

function nowText(staleAfter: number | null): string {
  return staleAfter === null ? 'none' : shortDuration(staleAfter);
}

function releasers(by: Figures['releasedBy']): string {
  return Object.entries(by)
    .filter(([, many]) => many > 0)
    .map(([who, many]) => `${who} ${many}`)
    .join(', ');
}

function hours(value: number): string {
  return value === 0 ? '0' : value.toFixed(1);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** The last column wraps; the others keep their width. */
function table(
  title: string,
  titles: readonly string[],
  rows: readonly (readonly Cell[])[],
  { terminal }: Cli,
): string {
  const columns = titles.map((one, i) => ({ title: one, wraps: i === titles.length - 1 }));
  const body =
    rows.length === 0
      ? 'None.'
      : renderTable(columns, rows, terminal.width, (text) => terminal.paint('dim', text));
  return `${terminal.paint('bold', title)}\n${body}\n\n`;
}
