import { Failure } from '../../../core/failure.ts';
import { lint as findingsOf } from '../../../core/lint/lint.ts';
import type { PoolIdentity } from '../../../core/lint/pool-identity.ts';
import type { Source } from '../../../core/source/source.ts';
import { type ExitStatus, UsageError } from '../../../runtime/exit-status.ts';
import { type Linted, lintRepository, sizeIn } from '../../../sweep/lint-repository.ts';
import type { CliAnywhere } from '../../command.ts';
import { openShown } from '../../open-session.ts';
import { lintAsJson } from './lint-json.ts';
import { lintSummary, lintText } from './lint-text.ts';
import { readPipelineFiles } from './read-files.ts';

/** `pool-boy lint`: in which ways pipelines leave locks claimed, and the YAML that fixes each. It changes nothing. */
export async function lint(cli: CliAnywhere): Promise<ExitStatus> {
  const { terminal, tools, options } = cli;
  const { pipelines, findings, unclear } = await (cli.args.length > 0 ? lintFiles(cli) : lintConcourse(cli));
  for (const sentence of unclear) tools.log.warn(sentence);
  if (options.output === 'json') {
    terminal.print(tools.mask.apply(JSON.stringify(lintAsJson(pipelines, findings), null, 2)));
  } else {
    for (const finding of findings) terminal.print(tools.mask.apply(lintText(finding, terminal)));
    terminal.print(lintSummary(pipelines, findings));
  }
  return options.exitCode === true && findings.length > 0 ? 3 : 0;
}

async function lintFiles(cli: CliAnywhere): Promise<Linted> {
  const { pipelines, unclear } = readPipelineFiles(cli.args);
  const sizeOf = cli.source === null ? () => null : await sizesOf({ ...cli, source: cli.source });
  return { pipelines, unclear, unanswered: false, findings: findingsOf(pipelines, sizeOf) };
}

type WithSource = CliAnywhere & { readonly source: Source };

/** A repository that is named beside the files says how many locks a pool has; files can do without. */
async function sizesOf(cli: WithSource): Promise<(pool: PoolIdentity) => number | null> {
  try {
    const session = await openShown(cli, { ...cli.source, concourses: [] });
    const listings = await session.repository.poolsAt(await session.repository.fetch());
    return sizeIn(session, listings);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    cli.tools.log.warn(`How many locks a pool has is not known: ${error.sentences.join(' ')}`);
    return () => null;
  }
}

async function lintConcourse(cli: CliAnywhere): Promise<Linted> {
  const { source } = cli;
  if (source === null || source.concourses.length === 0)
    throw new UsageError(
      'Name the files of pipelines, or the lock repository and its Concourse (--repo, --concourse-url) to read those that use it.',
    );
  const session = await openShown({ ...cli, source });
  const listings = await session.repository.poolsAt(await session.repository.fetch());
  const linted = await lintRepository(session, listings);
  if (linted === null) throw new Error('a session without a Concourse');
  return linted;
}
