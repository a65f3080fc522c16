import { Argument, Command, Option } from 'commander';
import type { Start } from './command.ts';
import { EXAMPLES } from './examples.ts';
import { addSourceOptions, collect } from './settings/source-options.ts';
import { LINT, WORK } from './work.ts';

/** Runs a command's work; the arguments are those behind its name. */
export type Act = (start: Start, command: Command, args: readonly string[]) => Promise<void>;

export function makeProgram(version: string, act: Act): Command {
  const program = new Command('pool-boy')
    .description('Releases the locks of Concourse pools whose holder is gone.')
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .option('--verbose', 'log more: git commands and stack traces')
    .configureHelp({ showGlobalOptions: false, sortSubcommands: false })
    .showHelpAfterError('See pool-boy --help.')
    .exitOverride();
  addSourceOptions(program);
  program.addHelpText('after', EXAMPLES.program);
  const addStart = (name: keyof typeof EXAMPLES, text: string, start: Start): Command => {
    const command = program
      .command(name)
      .description(text)
      .helpOption('-h, --help', 'print this help')
      .showHelpAfterError(`See pool-boy ${name} --help.`)
      .addHelpText(
        'after',
        `${EXAMPLES[name]}\nMore options say which repository and which Concourse: see pool-boy --help.`,
      )
      .exitOverride();
    return command.action(async () => await act(start, command, command.args));
  };
  const add = (name: keyof typeof WORK, text: string): Command =>
    addStart(name, text, { needsRepository: true, work: WORK[name] });

  add('status', 'Show who holds which lock, and which are stale')
    .addOption(
      new Option('--output <form>', 'output format')
        .choices(['table', 'json', 'markdown', 'html'])
        .default('table'),
    )
    .option('--wide', 'at a terminal as well: every column in full, and why for every lock')
    .option('--exit-code', 'end with status 3 when locks are stale');

  add('clean', 'Release the stale locks')
    .option('--dry-run', 'only print what would be released')
    .option('--limit <n>', 'release nothing if there are more than this')
    .option('--yes', 'do not ask');

  add('release', 'Release locks by name, or many at once after an outage')
    .addArgument(new Argument('[lock...]', 'POOL/LOCK, or POOL/LOCK@CLAIM with the hash of its claim commit'))
    .option('--pool <glob>', 'all of this pool; may be repeated', collect)
    .option('--team <glob>', 'all claimed by builds of this team')
    .option('--pipeline <glob>', '... of this pipeline')
    .option('--job <glob>', '... of this job')
    .option('--by-hand', 'all claimed by people')
    .option(
      '--claimed-before <time>',
      'all claimed before 2026-11-25T14:00Z, or more than a span such as 3h ago',
    )
    .option('--include-live', 'also release locks whose holder seems alive, and excluded ones')
    .option('--reason <text>', 'why; goes into the commit')
    .option('--to <pool>', 'release to this pool instead, where the environment is cleaned')
    .option('--dry-run', 'only print what would be released')
    .option('--limit <n>', 'release nothing if there are more than this')
    .option('--yes', 'do not ask');

  const lockArgument = () => new Argument('<lock>', 'POOL/LOCK, or POOL/LOCK@CLAIM');
  add('hold', 'Keep one claimed lock from being released for a while')
    .addArgument(lockArgument())
    .option('--for <duration>', 'for how long: 8h, 2d; 90d at most')
    .option('--reason <text>', 'why; whoever wants the lock reads it');

  add('unhold', 'End the hold on a lock')
    .addArgument(lockArgument())
    .option('--reason <text>', 'why; goes into the commit');

  add('claim', 'Claim a free lock by hand')
    .addArgument(lockArgument())
    .option('--for <duration>', 'also hold it for this long: 8h, 2d; 90d at most')
    .option('--reason <text>', 'why; whoever wants the lock reads it');

  add('explain', "Show a lock's history, and why it was judged as it was")
    .addArgument(new Argument('<lock>', 'POOL/LOCK'))
    .option('--limit <n>', 'number of entries (default: 20)')
    .addOption(new Option('--output <form>', 'output format').choices(['text', 'json']).default('text'));

  add('history', 'Show how the locks were used, and propose timeouts')
    .option('--since <time>', 'from this time on, or for a span such as 14d (default: 30d)')
    .addOption(new Option('--output <form>', 'output format').choices(['table', 'json']).default('table'));

  add('doctor', 'Check the whole set-up, and say how to fix what is wrong')
    .option(
      '--since <time>',
      'count wrong releases from this time on, or for a span such as 14d (default: 30d)',
    )
    .addOption(new Option('--output <form>', 'output format').choices(['text', 'json']).default('text'));

  addStart('lint', 'Find the ways in which pipelines leave locks claimed', LINT)
    .addArgument(
      new Argument(
        '[file...]',
        'pipeline files (-: standard input); without one, the pipelines in Concourse that use the lock repository',
      ),
    )
    .addOption(new Option('--output <form>', 'output format').choices(['text', 'json']).default('text'))
    .option('--exit-code', 'end with status 3 when there is a finding');
  return program;
}
