import { Readable } from 'node:stream';
import { simpleGit } from 'simple-git';
import { Failure } from '../core/failure.ts';
import type { Lifetime } from '../process/lifetime.ts';
import type { Log } from '../process/log.ts';
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
  const { directory, environment, lifetime, patience } = tools;
  const { input, onOutput } = command;
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  let status: number | null = null;
  let end: GitOutcome['end'] = 'exited';
  const git = simpleGit({
    baseDir: directory,
    abort: lifetime.signal,
    timeout: { block: patience },
    // By default it waits for `exit` and 50 ms more; only `close` means that all output has come.
    completion: { onClose: true, onExit: false },
    allowEnvironment: [...Object.keys(environment), 'GIT_DIR'],
    unsafe: ALLOWED,
    // What fails here is judged by the caller: simple-git takes a failure without words for a success.
    errors: (problem, result) => {
      status = result.exitCode;
      if (problem !== undefined && 'plugin' in problem && problem.plugin === 'timeout') end = 'timed-out';
      return undefined;
    },
    ...(input === undefined ? {} : { input: () => input }),
  });
  git.env({ ...environment, GIT_DIR: directory });
  git.outputHandler((_binary, stdout, stderr) => {
    // simple-git would keep all output in memory, twice.
    stdout.removeAllListeners('data');
    stdout.on('data', (chunk: Buffer) => {
      if (onOutput === undefined) output.push(chunk);
      else if (end === 'exited' && onOutput(chunk) === 'enough') {
        end = 'had-enough';
        close(stdout);
      }
    });
    stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    // It waits 50 ms for late output when a command has said nothing at all.
    process.nextTick(() => stderr.emit('data', Buffer.alloc(0)));
  });
  await git.raw([...command.args]);
  return { status, stdout: Buffer.concat(output), stderr: Buffer.concat(errors).toString('utf8'), end };
}

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
