import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { simpleGit } from 'simple-git';
import { Failure } from '../core/failure.ts';
import type { Lifetime } from '../process/lifetime.ts';
import type { Log } from '../process/log.ts';
import { killMarked, MARK } from './children.ts';
import type { GitEnvironment } from './environment.ts';

/** One command. Arguments never hold a secret: the process list is public. */
export interface GitCommand {
  readonly args: readonly string[];
  readonly input?: Buffer;
  /** Takes the output as it comes instead of keeping it; `enough` ends the command. */
  readonly onOutput?: (chunk: Buffer) => 'more' | 'enough';
}

/** How a command ended. A status other than 0 is for the caller to judge. */
export interface GitOutcome {
  /** Null when a signal ended it. */
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly end: 'exited' | 'timed-out' | 'had-enough';
}

export type Git = (command: GitCommand) => Promise<GitOutcome>;

export interface GitTools {
  readonly directory: string;
  /** Whether the directory is a repository; git looks for none where it is not. */
  readonly isRepository: boolean;
  readonly environment: GitEnvironment;
  readonly lifetime: Lifetime;
  readonly log: Log;
  /** Milliseconds without any output after which a command counts as hung. */
  readonly patience: number;
}

/** simple-git asks for a word of its own for each kind of power; here only constants of this program use them. */
const ALLOWED = {
  allowUnsafeAlias: true,
  allowUnsafeAskPass: true,
  allowUnsafeCommandBinaries: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeDiffExternal: true,
  allowUnsafeDiffTextConv: true,
  allowUnsafeEditor: true,
  allowUnsafeFilter: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeGitProxy: true,
  allowUnsafeGpgProgram: true,
  allowUnsafeHooksPath: true,
  allowUnsafeInclude: true,
  allowUnsafeMergeDriver: true,
  allowUnsafePack: true,
  allowUnsafePager: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeSshCommand: true,
  allowUnsafeSubmodule: true,
  allowUnsafeTemplateDir: true,
  allowUnsafeUrlRewrite: true,
};

/** Runs git commands in one repository, each with its own fate. */
export function createGit(tools: GitTools): Git {
  return async (command) => {
    if (tools.lifetime.signal.aborted) throw stopped();
    const started = performance.now();
    const outcome = await run(command, tools);
    if (tools.lifetime.signal.aborted) throw stopped();
    const took = Math.round(performance.now() - started);
    tools.log.debug(`git ${command.args.join(' ')}: ${describe(outcome)} in ${took} ms`);
    return outcome;
  };
}

async function run(command: GitCommand, tools: GitTools): Promise<GitOutcome> {
  const { directory, isRepository, environment, lifetime, patience } = tools;
  const { input, onOutput } = command;
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  let status: number | null = null;
  let end: GitOutcome['end'] = 'exited';
  const mark = randomUUID();
  const watch = watchOver(mark, lifetime, patience, () => {
    end = 'timed-out';
  });
  const place = isRepository ? { GIT_DIR: directory } : { GIT_CEILING_DIRECTORIES: dirname(directory) };
  const env = { ...environment, ...place, [MARK]: mark };
  const git = simpleGit({
    baseDir: directory,
    // By default it waits for `exit` and 50 ms more; only `close` means that all output has come.
    completion: { onClose: true, onExit: false },
    allowEnvironment: Object.keys(env),
    unsafe: ALLOWED,
    // What fails here is judged by the caller: simple-git takes a failure without words for a success.
    errors: (_problem, result) => {
      status = result.exitCode;
      return undefined;
    },
    ...(input === undefined ? {} : { input: () => input }),
  });
  git.env(env);
  git.outputHandler((_binary, stdout, stderr) => {
    // simple-git would keep all output in memory, twice.
    stdout.removeAllListeners('data');
    stdout.on('data', (chunk: Buffer) => {
      watch.sawLife();
      if (onOutput === undefined) output.push(chunk);
      else if (end === 'exited' && onOutput(chunk) === 'enough') {
        end = 'had-enough';
        close(stdout);
      }
    });
    stderr.on('data', (chunk: Buffer) => {
      watch.sawLife();
      errors.push(chunk);
    });
    // It waits 50 ms for late output when a command has said nothing at all.
    process.nextTick(() => stderr.emit('data', Buffer.alloc(0)));
  });
  try {
    await git.raw([...command.args]);
  } finally {
    watch.end();
  }
  return { status, stdout: Buffer.concat(output), stderr: Buffer.concat(errors).toString('utf8'), end };
}

/**
 * Ends a command, and all that it started, when nothing is heard from it any more or when the run is told to stop.
 * Not by the plugins of simple-git: they end git alone, and then wait for its children's pipes.
 */
function watchOver(mark: string, lifetime: Lifetime, patience: number, onHung: () => void) {
  let isOver = false;
  let lastLife = performance.now();
  const kill = (signal: NodeJS.Signals) => {
    if (!isOver) killMarked(mark, signal);
  };
  const stop = () => {
    kill('SIGTERM');
    setTimeout(kill, SECOND_KILL, 'SIGKILL').unref();
  };
  const timer = setInterval(
    () => {
      if (performance.now() - lastLife < patience) return;
      clearInterval(timer);
      onHung();
      stop();
    },
    Math.min(patience, 1000),
  );
  lifetime.signal.addEventListener('abort', stop);
  // There is no time for a second look when the program ends.
  lifetime.atEnd(() => kill('SIGKILL'));
  return {
    sawLife: () => {
      lastLife = performance.now();
    },
    end: () => {
      isOver = true;
      clearInterval(timer);
      lifetime.signal.removeEventListener('abort', stop);
    },
  };
}

/** What does not end in this time when it is asked to is ended for it, in milliseconds. */
const SECOND_KILL = 500;

/** The writer notices by SIGPIPE. */
function close(stream: NodeJS.ReadableStream): void {
  if (stream instanceof Readable) stream.destroy();
}

function describe({ end, status }: GitOutcome): string {
  return end === 'exited' ? `status ${status}` : end;
}

function stopped(): Failure {
  return new Failure('Stopped before git was done.');
}
