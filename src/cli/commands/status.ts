import { allLocks, type Survey } from '../../core/survey/surveyed.ts';
import { jsonReport } from '../../report/json.ts';
import { markdownReport } from '../../report/markdown.ts';
import { summaryLine } from '../../report/summary.ts';
import type { ExitStatus } from '../../runtime/exit-status.ts';
import { htmlOf } from '../../sweep/report/html-of.ts';
import { reportOf } from '../../sweep/report/report-of.ts';
import { neverFailingForConcourse } from '../../sweep/session.ts';
import { survey } from '../../sweep/survey/survey.ts';
import type { Cli } from '../command.ts';
import { openShown, silentAboutAge, warnOfUndecidable } from '../open-session.ts';
import { lockTable, oneLine } from '../terminal/lock-table.ts';
import { poolLine, statusTable } from '../terminal/status-table.ts';

/** `pool-boy status`: who holds which lock, and what is stale. Trouble with Concourse leaves locks undecided. */
export async function status(cli: Cli): Promise<ExitStatus> {
  warnOfUndecidable(cli);
  const { source, tools, terminal, options } = cli;
  const asked = neverFailingForConcourse(source);
  const session = await openShown(cli, options.output === 'table' ? silentAboutAge(asked) : asked);
  const head = await session.repository.fetch();
  const found = await survey(session, head);
  const report = reportOf(session, found, []);
  for (const warning of report.warnings) tools.log.warn(warning);
  switch (options.output) {
    case 'json':
      terminal.print(jsonReport(report));
      break;
    case 'markdown':
      terminal.print(markdownReport(report));
      break;
    case 'html':
      terminal.print(await htmlOf(session, found, report));
      break;
    default:
      terminal.print(tableFor(found, cli));
      terminal.print(oneLine(summaryLine(report)));
  }
  return options.exitCode === true && report.summary.stale > 0 ? 3 : 0;
}

/** Nobody reads a long line at a terminal; in a file or a pipe it costs nothing. */
function tableFor(found: Survey, cli: Cli): string {
  const { terminal, options } = cli;
  const short = terminal.isRead && options.wide !== true ? statusTable(found, cli) : null;
  if (short !== null) return `${short}\n\n`;
  const locks = allLocks(found);
  const table = locks.length === 0 ? '' : `${lockTable(locks, found.now, cli)}\n\n`;
  return `${table}${found.pools.map(poolLine).join('\n')}\n`;
}
