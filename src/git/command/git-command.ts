import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { simpleGit } from 'simple-git';
import { Failure } from '../../core/failure.ts';
import type { Lifetime } from '../../runtime/lifetime.ts';
import type { Log } from '../../runtime/log.ts';
import { milliseconds } from '../../runtime/stopwatch.ts';
import { uniqueId } from '../../runtime/unique-id.ts';
import { GitFailure } from '../failures/git-failure.ts';
import type { GitOutcome } from '../failures/git-outcome.ts';
import { debugLines } from '../failures/remote-words.ts';
import { type CommandLimits, watchOver } from './command-watch.ts';
import type { GitEnvironment } from './git-environment.ts';
import { MARK } from './marked-children.ts';
import { createExcerpt } from './output-excerpt.ts';

/** One command. Arguments never hold a secret: the process list is public. */
export interface GitCommand {
  readonly args: readonly string[];
  readonly input?: Buffer;
  /** For this command alone, besides those of all commands. */
  readonly variables?: GitEnvironment;
  /** Takes the output as it comes, so that none is kept; `enough` ends the command, and so does what it throws. */
  readonly onOutput?: (chunk: Buffer) => 'more' | 'enough';
}

export type Git = (command: GitCommand) => Promise<GitOutcome>;

export interface GitTools extends CommandLimits {
  readonly directory: string;
  /** Whether the directory is a repository; git looks for none where it is not. */
  readonly isRepository: boolean;
  readonly environment: GitEnvironment;
  readonly lifetime: Lifetime;
  readonly log: Log;
}

/** How much of stderr is kept, in bytes; progress alone can be any amount. */
const MOST_MESSAGES = 64 * 1024;
/** How much output of a command without `onOutput` is kept, in bytes; more is an error. */
const MOST_OUTPUT = 64 * 1024 * 1024;

/** simple-git wants each dangerous setting allowed by name; here only constants of this program use them. */
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

/**
 * Runs git commands in one repository, each judged by its own outcome. A command rejects only when the run is stopped,
 * when `onOutput` throws, or when its output has no end: what git's status and messages mean is for the caller.
 */
export function createGit(tools: GitTools): Git {
  return async (command) => {
    if (tools.lifetime.signal.aborted) throw stopped();
    const started = milliseconds();
    const outcome = await run(command, tools);
    if (tools.lifetime.signal.aborted) throw stopped();
    const took = Math.round(milliseconds() - started);
    tools.log.debug(`git ${command.args.join(' ')}: ${describe(outcome)} in ${took} ms`);
    // What a server, ssh or a proxy said is not lost, whatever the sentence about it says.
    if (outcome.status !== 0) for (const line of debugLines(outcome.stderr)) tools.log.debug(`  ${line}`);
    return outcome;
  };
}

async function run(command: GitCommand, tools: GitTools): Promise<GitOutcome> {
  const { directory, isRepository, environment, lifetime } = tools;
  const { input } = command;
  const { output, onOutput } = outputOf(command);
  const errors = createExcerpt(MOST_MESSAGES);
  const streams: NodeJS.ReadableStream[] = [];
  let status: number | null = null;
  let end: GitOutcome['end'] = 'exited';
  let problem: unknown = null;
  const mark = uniqueId();
  const place = isRepository ? { GIT_DIR: directory } : { GIT_CEILING_DIRECTORIES: dirname(directory) };
  const env = { ...environment, ...command.variables, ...place, [MARK]: mark };
  const watch = watchOver(mark, lifetime, tools, (by) => {
    end = by;
  });
  // simple-git throws at once where the directory is gone; the watch must end all the same.
  try {
    const git = simpleGit({
      baseDir: directory,
      abort: watch.signal,
      // By default it waits for `exit` and 50 ms more; only `close` means that all output has come.
      completion: { onClose: true, onExit: false },
      allowEnvironment: Object.keys(env),
      unsafe: ALLOWED,
      // The caller judges failures: simple-git takes a failure without a message for a success.
      errors: (_problem, result) => {
        status = result.exitCode;
        return undefined;
      },
      ...(input === undefined ? {} : { input: () => input }),
    });
    git.env(env);
    git.outputHandler((_binary, stdout, stderr) => {
      streams.push(stdout, stderr);
      // simple-git would keep all output in memory, twice.
      stdout.removeAllListeners('data');
      stderr.removeAllListeners('data');
      stdout.on('data', (chunk: Buffer) => {
        watch.sawLife();
        if (end !== 'exited') return;
        try {
          if (onOutput(chunk) === 'more') return;
        } catch (error) {
          problem = error;
        }
        end = 'had-enough';
        close(stdout);
      });
      stderr.on('data', (chunk: Buffer) => {
        watch.sawLife();
        errors.add(chunk);
      });
      // It waits 50 ms for late output when a command has said nothing at all.
      process.nextTick(() => stderr.emit('data', Buffer.alloc(0)));
    });
    const done = git.raw([...command.args]).catch((error: unknown) => {
      if (!watch.signal.aborted) throw error;
    });
    await Promise.race([done, watch.givenUp]);
  } finally {
    watch.end();
    streams.forEach(close);
  }
  if (problem !== null) throw problem;
  return { status, stdout: Buffer.concat(output), stderr: errors.text(), end };
}

/** Keeps output up to a limit where there is no `onOutput`. */
function outputOf({ args, onOutput }: GitCommand) {
  const output: Buffer[] = [];
  let length = 0;
  const keep = (chunk: Buffer): 'more' => {
    length += chunk.length;
    if (length > MOST_OUTPUT) {
      throw new GitFailure(
        'too-much',
        `git ${args[0]} printed more than ${MOST_OUTPUT / 1024 / 1024} MB, which is more than a lock repository has.`,
      );
    }
    output.push(chunk);
    return 'more';
  };
  return { output, onOutput: onOutput ?? keep };
}

/** The command gets SIGPIPE. */
function close(stream: NodeJS.ReadableStream): void {
  if (stream instanceof Readable) stream.destroy();
}

function describe({ end, status }: GitOutcome): string {
  return end === 'exited' ? `status ${status}` : end;
}

function stopped(): Failure {
  return new Failure('Stopped before git was done.');
}
