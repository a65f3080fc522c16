import { type Command, CommanderError } from 'commander';
import { visibleText } from '../core/text.ts';
import type { ExitStatus } from '../runtime/exit-status.ts';
import { type Ending, type RunningProcess, runProcess } from '../runtime/run-process.ts';
import { isConcourseTask, isWatched, paintFor } from '../runtime/terminal.ts';
import type { Start, Terminal } from './command.ts';
import { makeProgram } from './program.ts';
import { originalInvocation } from './settings/original-invocation.ts';
import { createProgress, NO_PROGRESS, type Progress } from './terminal/progress.ts';

/** The program for people: from the command line to the exit status. */
export async function runCli(argv: readonly string[], calledAs: string): Promise<void> {
  const original = originalInvocation(calledAs, argv);
  const progress = progressOf(process.stderr);
  const terminal = terminalOf(progress, original !== null);
  await runProcess({
    debugSwitch: '--verbose',
    usageHint: 'See pool-boy --help.',
    answerMustArrive: false,
    beforeLine: () => progress.clear(),
    run: (running) => runCommand(original ?? argv, terminal, running),
  });
}

async function runCommand(
  argv: readonly string[],
  terminal: Terminal,
  running: RunningProcess,
): Promise<Ending> {
  const { tools } = running;
  tools.lifetime.atEnd(() => terminal.progress.end());
  let status: ExitStatus = 0;
  const act = async (start: Start, command: Command, args: readonly string[]) => {
    const options = { ...command.optsWithGlobals() };
    if (options.verbose === true) running.logMore();
    // Whoever sits at the terminal knows what they started.
    const isShown = options.verbose === true || !isWatched(process.stderr, tools.environment);
    running.announce(command.name(), { isShown });
    const { readOptionalSettings, readSettings } = await import('./settings/settings.ts');
    const { environment, mask } = tools;
    const settings = { options, environment, mask, log: tools.log, now: tools.clock() };
    const shared = { options, args, tools, terminal };
    if (start.needsRepository) {
      const source = readSettings(settings);
      if (source.logLevel === 'debug') running.logMore();
      status = await start.work({ source, ...shared });
    } else {
      const source = readOptionalSettings(settings);
      if (source?.logLevel === 'debug') running.logMore();
      status = await start.work({ source, ...shared });
    }
  };
  const program = makeProgram(tools.version, act);
  program.configureOutput({
    writeErr: (text) => void process.stderr.write(visibleText(tools.mask.apply(text))),
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    // Commander has said it already; help and the version are no errors.
    if (error instanceof CommanderError) return { status: error.exitCode === 0 ? 0 : 2, answer: '' };
    throw error;
  }
  return { status, answer: '' };
}

function progressOf(stderr: NodeJS.WriteStream): Progress {
  if (!isWatched(stderr, process.env)) return NO_PROGRESS;
  return createProgress(
    (text) => void stderr.write(text),
    () => stderr.columns ?? 80,
  );
}

function terminalOf(progress: Progress, isOriginal: boolean): Terminal {
  const { stdin, stdout, stderr, env } = process;
  return {
    progress,
    paint: paintFor(stdout, env),
    width: stdout.isTTY ? stdout.columns : null,
    isRead: stdout.isTTY === true && !isConcourseTask(stdout),
    canAsk: !isOriginal && stdin.isTTY === true && isWatched(stderr, env),
    print: (text) => {
      progress.clear();
      stdout.write(text.endsWith('\n') || text === '' ? text : `${text}\n`);
    },
  };
}
