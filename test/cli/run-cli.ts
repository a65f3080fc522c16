import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { temporaryFolder } from '../git/temporary-folder.ts';
import { DIST, withoutVersion } from '../steps/run-program.ts';

export interface RanCli {
  readonly status: number | null;
  readonly stdout: string;
  /** Without the first line, which names the version and the command. */
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly stdin?: string;
  /** Runs it under another name: the path of a link to it. */
  readonly program?: string;
}

export const PROGRAM = join(DIST, 'pool-boy');

/** Runs the built program as a pipeline does: no terminal, and nothing of this process's environment. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<RanCli> {
  const child = spawn(options.program ?? PROGRAM, args, {
    env: cleanEnvironment(options.env),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.stdin ?? '');
  const closed = new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { status, stdout, stderr: withoutVersion(stderr) };
}

export function cleanEnvironment(env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: '/nonexistent', GIT_CONFIG_GLOBAL: '/dev/null', ...env };
}

/** A home with a `.flyrc`. */
export function homeWith(flyrc: string): string {
  const home = join(temporaryFolder(), 'home');
  mkdirSync(home);
  writeFileSync(join(home, '.flyrc'), flyrc);
  return home;
}

export function fileWith(text: string, name = 'file.yml'): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, text);
  return path;
}
