import { Failure } from '../core/failure.ts';
import { sentencesFor } from './error-sentences.ts';
import { type ExitStatus, exitStatusFor, UsageError } from './exit-status.ts';
import { createLifetime, type OwnedLifetime } from './lifetime.ts';
import { createLog } from './log.ts';
import type { RunTools } from './run-tools.ts';
import { createMask } from './secret-mask.ts';
import { paintFor } from './terminal.ts';

declare const POOL_BOY_VERSION: string;

/** What differs between the programs. */
export interface Program {
  /** What turns on the log that a report of a bug needs. */
  readonly debugSwitch: string;
  /**
   * Concourse must get the whole answer. Somebody who reads only the first lines (`| head`) closes the pipe early and
   * misses nothing.
   */
  readonly answerMustArrive: boolean;
  /** Logged behind an error of the command line. */
  readonly usageHint?: string;
  /** Called before each line of the log, to clear what is drawn on the terminal. */
  readonly beforeLine?: () => void;
  run(process: RunningProcess): Promise<Ending>;
}

export interface RunningProcess {
  readonly tools: RunTools;
  /** Logs `pool-boy VERSION STEP`, as the first line of a run; and names the run in reports of bugs. */
  announce(step: string, options?: { readonly isShown?: boolean }): void;
  /** From now on the log has debug lines, and a bug its stack trace. */
  logMore(): void;
}

export interface Ending {
  readonly status: ExitStatus;
  /** What is still to be written to stdout. */
  readonly answer: string;
}

/** Milliseconds. Concourse kills ten seconds after it asked: whatever hangs must not keep the clean-up from happening. */
const STOP_WITHIN = 5_000;

/**
 * The edge of every program: secrets are masked in the log, signals stop the run, errors become one sentence per
 * problem on stderr and an exit status, and temporary files and children are gone at the end, whatever happens.
 */
export async function runProcess(program: Program): Promise<void> {
  const { debugSwitch, beforeLine } = program;
  const mask = createMask();
  const lifetime = createLifetime();
  let isDebug = false;
  let name = `pool-boy ${POOL_BOY_VERSION}`;
  const log = createLog(
    (text) => {
      beforeLine?.();
      process.stderr.write(text);
    },
    mask,
    () => isDebug,
    paintFor(process.stderr, process.env),
  );
  const stoppedBy = stopOnSignals(lifetime);
  const fail = (error: unknown) => {
    lifetime.end();
    const signal = stoppedBy();
    for (const sentence of sentencesFor(error, { stoppedBy: signal, program: name, debugSwitch }))
      log.error(sentence);
    // A stack trace is only for bugs, and only where it was asked for.
    if (isDebug && signal === null && error instanceof Error && !(error instanceof Failure))
      log.debug(error.stack ?? '');
  };
  guardStreams((error) => {
    fail(error);
    finish(lifetime, 1);
  });
  const outputError = watchOutput();
  let ending: Ending;
  try {
    ending = await program.run({
      tools: {
        lifetime,
        log,
        mask,
        environment: process.env,
        clock: () => Date.now() / 1000,
        version: POOL_BOY_VERSION,
      },
      announce: (step, { isShown = true } = {}) => {
        name = `pool-boy ${POOL_BOY_VERSION} ${step}`;
        if (isShown) log.info(name);
      },
      logMore: () => {
        isDebug = true;
      },
    });
    lifetime.end();
  } catch (error) {
    fail(error);
    if (error instanceof UsageError && program.usageHint !== undefined) log.info(program.usageHint);
    return finish(lifetime, exitStatusFor(error));
  }
  whenWritten(ending.answer, () => {
    const lost = outputError();
    if (lost === null || (!program.answerMustArrive && lost.code === 'EPIPE'))
      return finish(lifetime, ending.status);
    log.error(`The answer could not be written to stdout (${lost.message}).`);
    finish(lifetime, 1);
  });
}

/** Ends the run when the process is told to stop. Answers the signal's name once there was one. */
function stopOnSignals(lifetime: OwnedLifetime): () => string | null {
  let stoppedBy: string | null = null;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      stoppedBy ??= signal;
      lifetime.stop();
      setTimeout(() => {
        lifetime.end();
        process.exit(1);
      }, STOP_WITHIN).unref();
    });
  }
  return () => stoppedBy;
}

/**
 * Whatever breaks outside of the program's own course, the process ends in order. A log that nobody reads any more
 * (`2>&1 | head`) breaks nothing: what was begun is finished all the same.
 */
function guardStreams(giveUp: (error: unknown) => void): void {
  process.stderr.on('error', () => undefined);
  process.on('uncaughtException', giveUp);
  process.on('unhandledRejection', giveUp);
}

type OutputError = Error & { readonly code?: unknown };

/** Answers what broke stdout, or null so far. */
function watchOutput(): () => OutputError | null {
  let first: OutputError | null = null;
  process.stdout.on('error', (error) => {
    first ??= error;
  });
  return () => first;
}

/** Calls back once all was written, or could not be. */
function whenWritten(text: string, then: () => void): void {
  // A stream reports its errors only after it has called back.
  process.stdout.write(text, () => void setImmediate(then));
}

/** Ends the process even if some socket is still open, once whoever reads the log has taken all of it. */
function finish(lifetime: OwnedLifetime, status: ExitStatus): void {
  lifetime.end();
  process.stderr.write('', () => process.exit(status));
}
