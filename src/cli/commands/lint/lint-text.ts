import type { Finding } from '../../../core/lint/finding.ts';
import type { Pipeline } from '../../../core/lint/pipeline.ts';
import { count } from '../../../core/text.ts';
import type { Terminal } from '../../command.ts';
import { plainText } from '../../terminal/lock-table.ts';
import { wrap } from '../../terminal/table.ts';

/** One finding for people: where, what, and the YAML that fixes it. */
export function lintText(finding: Finding, terminal: Terminal): string {
  const width = Math.min(terminal.width ?? 110, 120);
  const { rule, message, fix, step } = finding;
  const head = `${placeOf(finding)}, ${step}`;
  return [
    `${terminal.paint('bold', plainText(head))} ${terminal.paint('yellow', rule)}`,
    ...wrap(plainText(message), width - 2).map((line) => `  ${line}`),
    // YAML must stay whole, to be copied.
    ...fix.split('\n').map((line) => terminal.paint('dim', `    ${plainText(line)}`)),
    '',
    '',
  ].join('\n');
}

/** `main/deploy: job test`, or for a file `deploy: job test`. */
export function placeOf({ team, pipeline, job }: Finding): string {
  return `${team === null ? '' : `${team}/`}${pipeline}: job ${job}`;
}

export function lintSummary(pipelines: readonly Pipeline[], findings: readonly Finding[]): string {
  const jobs = pipelines.reduce((sum, one) => sum + one.jobs.length, 0);
  const found = findings.length === 0 ? 'No findings' : count(findings.length, 'finding');
  return `${found} in ${count(jobs, 'job')} of ${count(pipelines.length, 'pipeline')}.`;
}
