import { lint as findingsOf } from '../../../core/lint/lint.ts';
import { type ExitStatus, UsageError } from '../../../runtime/exit-status.ts';
import type { CliAnywhere } from '../../command.ts';
import { lintAsJson } from './lint-json.ts';
import { lintSummary, lintText } from './lint-text.ts';
import { type ReadPipelines, readPipelineFiles } from './read-files.ts';

/** `pool-boy lint`: in which ways pipelines leave locks claimed, and the YAML that fixes each. It changes nothing. */
export async function lint(cli: CliAnywhere): Promise<ExitStatus> {
  const { terminal, tools, options } = cli;
  const { pipelines, unclear } = await pipelinesOf(cli);
  for (const sentence of unclear) tools.log.warn(sentence);
  const findings = findingsOf(pipelines);
  if (options.output === 'json') {
    terminal.print(tools.mask.apply(JSON.stringify(lintAsJson(pipelines, findings), null, 2)));
  } else {
    for (const finding of findings) terminal.print(tools.mask.apply(lintText(finding, terminal)));
    terminal.print(lintSummary(pipelines, findings));
  }
  return options.exitCode === true && findings.length > 0 ? 3 : 0;
}

async function pipelinesOf({ args }: CliAnywhere): Promise<ReadPipelines> {
  if (args.length > 0) return readPipelineFiles(args);
  throw new UsageError(
    'Name the files of pipelines, or the lock repository and its Concourse (--repo, --concourse-url) to read those that use it.',
  );
}
