import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { temporaryFolder } from '../git/temporary-folder.ts';

export const DIST = join(import.meta.dirname, '..', '..', 'dist');

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  /** Without the first line, which names the version and the step. */
  readonly stderr: string;
  /** stdout as JSON, or undefined where it is empty. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
  readonly answer: any;
}

/** Runs one of the built programs as Concourse does: JSON on stdin, little in the environment, `/` as the folder. */
export async function runProgram(
  program: 'check' | 'in' | 'out',
  request: unknown,
  options: {
    args?: readonly string[];
    env?: NodeJS.ProcessEnv;
    onStart?: (pid: number, stop: () => void) => void;
  } = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [join(DIST, program), ...(options.args ?? [])], {
    cwd: '/',
    env: { PATH: process.env.PATH, TMPDIR: temporaryFolder(), ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(typeof request === 'string' ? request : JSON.stringify(request));
  if (child.pid !== undefined) options.onStart?.(child.pid, () => child.kill('SIGTERM'));
  const closed = new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return {
    status,
    stdout,
    stderr: withoutVersion(stderr),
    answer: stdout === '' ? undefined : JSON.parse(stdout),
  };
}

/** The log without its first line, which names the version and the step. */
export function withoutVersion(stderr: string): string {
  return stderr.replace(/^pool-boy \d+\.\d+\.\d+\S* [a-z]+\n/, '');
}
