import { type Command, CommanderError } from 'commander';
import { Failure } from '../core/failure.ts';
import { sentencesFor } from '../runtime/error-sentences.ts';
import { guardProcess, unwritten, watchOutput, whenWritten } from '../runtime/guard.ts';
import { createLifetime } from '../runtime/lifetime.ts';
import { createLog, type Log, withoutControls } from '../runtime/log.ts';
import { createMask, type Mask } from '../runtime/secret-mask.ts';
import { stopOnSignals } from '../runtime/signals.ts';
import { isWatched, paintFor } from '../runtime/terminal.ts';
import type { Cli, ExitStatus, Terminal, Work } from './command.ts';
import { makeProgram } from './program.ts';
import { originalInvocation } from './settings/original-invocation.ts';
import { readSettings } from './settings/settings.ts';
import { createProgress, NO_PROGRESS, type Progress } from './terminal/progress.ts';
import { UsageError } from './usage-error.ts';

declare const POOL_BOY_VERSION: string;

/** The edge of the program for people: from the command line to the exit status. */
export async function runCli(argv: readonly string[], calledAs: string): Promise<void> {
  const original = originalInvocation(calledAs, argv);
  const { env: environment, stderr } = process;
  const mask = createMask();
  const lifetime = createLifetime();
  const progress = isWatched(stderr, environment)
    ? createProgress(
        (text) => void stderr.write(text),
        () => stderr.columns ?? 80,
      )
    : NO_PROGRESS;
  let isVerbose = false;
  const log = createLog(
    (text) => {
      progress.clear();
      stderr.write(text);
    },
    mask,
    () => isVerbose,
    paintFor(stderr, environment),
  );
  lifetime.atEnd(() => progress.end());
  const finish = (status: ExitStatus) => {
    lifetime.end();
    process.exit(status);
  };
  const stoppedBy = stopOnSignals(lifetime, () => finish(1));
  guardProcess({ lifetime, log, debugging: '--verbose', stoppedBy });
  const outputError = watchOutput();

  const act = async (work: Work, command: Command, args: readonly string[]): Promise<ExitStatus> => {
    const options = { ...command.optsWithGlobals() };
    isVerbose = options.verbose === true;
    const clock = () => Date.now() / 1000;
    const source = readSettings({ options, environment, mask, now: clock() });
    isVerbose ||= source.logLevel === 'debug';
    const cli: Cli = {
      source,
      options,
      args,
      tools: {
        lifetime,
        log,
        mask,
        environment,
        clock,
        version: POOL_BOY_VERSION,
      },
      terminal: terminalOf(progress, environment, original !== null),
    };
    return await work(cli);
  };

  let status: ExitStatus = 0;
  try {
    const program = makeProgram(POOL_BOY_VERSION, async (work, command, args) => {
      status = await act(work, command, args);
    });
    program.configureOutput({ writeErr: (text) => void stderr.write(withoutControls(mask.apply(text))) });
    await program.parseAsync([...(original ?? argv)], { from: 'user' });
  } catch (error) {
    status = explain(error, stoppedBy(), log, mask);
  }
  lifetime.end();
  whenWritten('', () => {
    const lost = outputError();
    // Whoever reads only the first lines (`| head`) has closed the pipe by now, and misses nothing.
    if (lost === null || lost.code === 'EPIPE') return finish(status);
    log.error(unwritten(lost));
    finish(1);
  });
}

/** What the person is told, and the exit status that goes with it. */
function explain(error: unknown, stoppedBy: string | null, log: Log, mask: Mask): ExitStatus {
  // Commander has said it already; help and the version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  for (const sentence of sentencesFor(error, stoppedBy, '--verbose')) log.error(sentence);
  if (error instanceof UsageError) {
    log.info('See pool-boy --help.');
    return 2;
  }
  if (!(error instanceof Failure) && stoppedBy === null && error instanceof Error)
    log.debug(mask.apply(error.stack ?? ''));
  return 1;
}

function terminalOf(progress: Progress, environment: NodeJS.ProcessEnv, isOriginal: boolean): Terminal {
  const { stdin, stdout, stderr } = process;
  return {
    progress,
    paint: paintFor(stdout, environment),
    width: stdout.isTTY ? stdout.columns : null,
    canAsk: !isOriginal && stdin.isTTY === true && isWatched(stderr, environment),
    print: (text) => {
      progress.clear();
      stdout.write(text.endsWith('\n') || text === '' ? text : `${text}\n`);
    },
  };
}
