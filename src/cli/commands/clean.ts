import { Failure } from '../../core/failure.ts';
import { shownLock } from '../../core/release/find-lock.ts';
import { planOnSurvey } from '../../core/release/plan-on-survey.ts';
import { planProblemSentence, planWarningSentence } from '../../core/release/plan-problem.ts';
import type { Release } from '../../core/release/release-plan.ts';
import { allLocks, type Survey } from '../../core/survey/surveyed.ts';
import { count } from '../../core/text.ts';
import type { Report } from '../../report/model.ts';
import { summaryLine } from '../../report/summary.ts';
import type { ExitStatus } from '../../runtime/exit-status.ts';
import { type Outcome, type ReleaseOrder, releaseStale } from '../../sweep/release/release-stale.ts';
import { reportOf } from '../../sweep/report/report-of.ts';
import { reportOnRun } from '../../sweep/report/report-on-run.ts';
import type { Session } from '../../sweep/session.ts';
import { survey } from '../../sweep/survey/survey.ts';
import { surveyWithoutConcourse } from '../../sweep/survey/survey-without-concourse.ts';
import { type Measured, withMetrics } from '../../sweep/with-metrics.ts';
import { type Cli, confirm } from '../command.ts';
import { openShown, silentAboutAge, warnOfUndecidable } from '../open-session.ts';
import { readLimit } from '../settings/option-values.ts';
import { destinations, releasesOf } from '../terminal/destinations.ts';
import { lockTable, oneLine } from '../terminal/lock-table.ts';

/**
 * `pool-boy clean`: releases what is stale. A person at the terminal sees the plan and is asked; without one it acts,
 * as the original tool did.
 */
export async function clean(cli: Cli): Promise<ExitStatus> {
  warnOfUndecidable(cli);
  const { options, terminal, source, tools } = cli;
  const order: ReleaseOrder = {
    wanted: { kind: 'stale', approved: null },
    inPools: null,
    to: null,
    limit: readLimit(options.limit),
    dryRun: options.dryRun === true,
    isLogged: true,
  };
  const asks = terminal.canAsk && options.yes !== true && !order.dryRun;
  return await withMetrics(
    source,
    tools,
    () => openShown(cli, asks ? silentAboutAge(source) : source),
    (session) => (asks ? askAndRelease(session, order, cli) : releaseAndPrint(session, order, cli)),
  );
}

async function releaseAndPrint(
  session: Session,
  order: ReleaseOrder,
  cli: Cli,
): Promise<Measured<ExitStatus>> {
  const run = await releaseStale(session, order);
  const report = reportOnRun(run, session);
  if (run.kind === 'failed') return { kind: 'failed', report, error: run.error };
  printOutcome(run.outcome, report, cli);
  return { kind: 'done', report, value: 0 };
}

/** What was found is measured also where nothing came of it. */
async function askAndRelease(session: Session, order: ReleaseOrder, cli: Cli): Promise<Measured<ExitStatus>> {
  const { terminal, tools } = cli;
  const head = await session.repository.fetch();
  let found: Survey;
  try {
    found = await survey(session, head);
  } catch (error) {
    const unjudged = await surveyWithoutConcourse(session, head, error);
    if (unjudged === null) throw error;
    return { kind: 'failed', report: reportOf(session, unjudged, []), error };
  }
  for (const warning of found.warnings) tools.log.warn(warning);
  const report = reportOf(session, found, []);
  const locks = allLocks(found);
  const stale = locks.filter(({ verdict }) => verdict.verdict === 'stale');
  if (stale.length === 0) {
    terminal.print(oneLine(summaryLine(report)));
    return { kind: 'done', report, value: 0 };
  }
  terminal.print(lockTable(stale, found.now, cli));
  const plan = planOnSurvey(found, order);
  if (plan.problems.length > 0)
    return { kind: 'failed', report, error: new Failure(plan.problems.map(planProblemSentence)) };
  for (const warning of plan.warnings) tools.log.warn(planWarningSentence(warning));
  const releases = releasesOf(plan);
  if (releases.length === 0) {
    terminal.print(oneLine(summaryLine(report)));
    return { kind: 'done', report, value: 0 };
  }
  if (!(await confirm(questionFor(releases, locks.length - releases.length), cli))) {
    tools.log.error('Nothing was released.');
    return { kind: 'done', report, value: 1 };
  }
  // A person took their time: everything is judged again, and what is not stale any more is kept.
  const agreed: ReleaseOrder = {
    ...order,
    wanted: { kind: 'stale', approved: releases },
    isLogged: false,
  };
  try {
    return await releaseAndPrint(session, agreed, cli);
  } catch (error) {
    return { kind: 'failed', report, error };
  }
}

function questionFor(releases: readonly Release[], kept: number): string {
  const these = releases.length === 1 ? 'this lock' : `these ${releases.length} locks`;
  const stay = kept === 1 ? 'stays as it is' : 'stay as they are';
  const rest = kept === 0 ? '' : ` (${count(kept, 'other claimed lock')} ${stay}; see status)`;
  return `\nRelease ${these}${destinations(releases)}${rest}?`;
}

/** The last line on stdout says what came of it. */
export function printOutcome(outcome: Outcome, report: Report, { terminal }: Cli): void {
  const planned = outcome.releases.filter(({ commit }) => commit === null);
  if (planned.length > 0) {
    const names = planned.map((release) => oneLine(shownLock(release))).join(', ');
    terminal.print(
      `Dry run: would release ${count(planned.length, 'lock')}${destinations(planned)} (${names}).`,
    );
  }
  terminal.print(oneLine(summaryLine(report)));
}
