import { Failure } from '../../core/failure.ts';
import { planReleases } from '../../core/release-plan.ts';
import { allLocks } from '../../core/surveyed.ts';
import { count } from '../../core/text.ts';
import { summaryLine } from '../../report/summary.ts';
import type { ExitStatus } from '../../runtime/exit-status.ts';
import { reportOnOutcome } from '../../sweep/after-release.ts';
import { approvalOf, type Outcome, releaseStale } from '../../sweep/release-stale.ts';
import { reportOf } from '../../sweep/report-of.ts';
import type { Session } from '../../sweep/session.ts';
import { survey } from '../../sweep/survey.ts';
import { type Measurement, measured } from '../../sweep/with-metrics.ts';
import { type Cli, confirm } from '../command.ts';
import { openShown, silentAboutAge, warnOfUndecidable } from '../open-session.ts';
import { readLimit } from '../settings/option-values.ts';
import { lockTable, oneLine } from '../terminal/lock-table.ts';

/**
 * `pool-boy clean`: releases what is stale. A person at the terminal sees the plan and is asked; without one it acts,
 * as the original tool did.
 */
export async function clean(cli: Cli): Promise<ExitStatus> {
  warnOfUndecidable(cli);
  return await measured(cli.source, cli.tools, (measurement) => cleanAndReport(cli, measurement));
}

async function cleanAndReport(cli: Cli, measurement: Measurement): Promise<ExitStatus> {
  const { options, terminal, tools } = cli;
  const limit = readLimit(options.limit);
  const wish = { dryRun: options.dryRun === true, narrowedTo: null, requested: null, limit };
  const asks = terminal.canAsk && options.yes !== true && !wish.dryRun;
  const session = await openShown(cli, asks ? silentAboutAge(cli.source) : cli.source);
  measurement.branch = session.repository.branch;
  if (!asks) {
    const outcome = await releaseStale(session, wish);
    measurement.report = reportOnOutcome(outcome, session);
    return printOutcome(outcome, session, cli);
  }
  const approved = await agreeOn(session, limit, cli);
  if (approved === null) return 0;
  if (approved.size === 0) {
    tools.log.error('Nothing was released.');
    return 1;
  }
  // A person took their time: all is judged anew, and what is not stale any more is kept.
  const outcome = await releaseStale(session, { ...wish, approved, isQuiet: true });
  measurement.report = reportOnOutcome(outcome, session);
  return printOutcome(outcome, session, cli);
}

/** What a person agreed to release; empty when they said no, null when there are none. */
async function agreeOn(session: Session, limit: number | null, cli: Cli): Promise<Set<string> | null> {
  const { terminal, tools } = cli;
  const found = await survey(session, await session.repository.fetch());
  for (const warning of found.warnings) tools.log.warn(warning);
  const locks = allLocks(found);
  const plan = planReleases({
    pools: found.pools.map(({ listing }) => listing),
    judged: locks,
    narrowedTo: null,
    requested: null,
    limit,
  });
  const stale = locks.filter(({ verdict }) => verdict.verdict === 'stale');
  if (stale.length > 0) terminal.print(lockTable(stale, found.now, cli));
  if (plan.problems.length > 0) throw new Failure(plan.problems);
  if (stale.length === 0) {
    terminal.print(oneLine(summaryLine(reportOf(session, found, []))));
    return null;
  }
  const kept = locks.length - stale.length;
  const stay = kept === 1 ? 'stays as it is' : 'stay as they are';
  const rest = kept === 0 ? '' : ` (${count(kept, 'other claimed lock')} ${stay}; see status)`;
  const yes = await confirm(
    `\nRelease ${stale.length === 1 ? 'this lock' : `these ${stale.length} locks`}${rest}?`,
    cli,
  );
  return new Set(yes ? stale.map(({ lock }) => approvalOf(lock)) : []);
}

/** The last line on stdout says what came of it. */
export function printOutcome(outcome: Outcome, session: Session, { terminal }: Cli): ExitStatus {
  const report = reportOnOutcome(outcome, session);
  const planned = outcome.releases.filter(({ commit }) => commit === null);
  if (planned.length > 0) {
    const names = planned.map(({ pool, lock }) => oneLine(`${pool}/${lock}`)).join(', ');
    terminal.print(`Dry run: would release ${count(planned.length, 'lock')} (${names}).`);
  }
  terminal.print(oneLine(summaryLine(report)));
  return 0;
}
