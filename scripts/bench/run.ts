import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const DIST = join(import.meta.dirname, '..', '..', 'dist');
/** Writes the most memory that the process ever had, in KB, when it ends. */
const MEMORY_REPORT = join(import.meta.dirname, 'report-memory.mjs');

export interface Ran {
  readonly milliseconds: number;
  readonly stdout: string;
}

/** One command, timed from its start to its end. */
export async function run(
  command: readonly string[],
  options: { readonly input?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Ran> {
  const [program = '', ...args] = command;
  const start = performance.now();
  const child = spawn(program, args, {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  const milliseconds = performance.now() - start;
  if (status !== 0) throw new Error(`${command.join(' ')} failed: ${stderr}`);
  return { milliseconds, stdout };
}

export interface Resource {
  readonly source: unknown;
  /** Of `out`; left out: none. */
  readonly params?: unknown;
  /** For the cache and everything temporary. */
  readonly folder: string;
}

/** A built program of the resource type, as Concourse runs it. */
export function runStep(
  program: 'check' | 'out',
  { source, params = {}, folder }: Resource,
  env: NodeJS.ProcessEnv = {},
): Promise<Ran> {
  return run([process.execPath, join(DIST, program), folder], {
    input: JSON.stringify({ source, version: null, params }),
    env: { TMPDIR: folder, ...env },
  });
}

/** The most memory that a program's Node ever has, in MB. Not measured together with the time. */
export async function peakMemory(program: 'check' | 'out', resource: Resource): Promise<number> {
  const file = join(resource.folder, 'memory');
  await runStep(program, resource, {
    NODE_OPTIONS: `--import=${MEMORY_REPORT}`,
    MEMORY_REPORT_FILE: file,
  });
  return Number(readFileSync(file, 'utf8')) / 1024;
}

/** Forgets what earlier checks kept. */
export function forget({ folder }: Resource): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

/**
 * The least time of each task, in milliseconds. They are measured in turn, so that what else the machine does falls on
 * all of them: a ratio of two that were measured one after the other can flatter.
 */
export async function minimaInTurn(
  times: number,
  tasks: readonly (() => Promise<{ readonly milliseconds: number }>)[],
): Promise<number[]> {
  const least = tasks.map(() => Number.POSITIVE_INFINITY);
  for (let turn = 0; turn < times; turn += 1) {
    for (const [at, task] of tasks.entries()) {
      const { milliseconds } = await task();
      least[at] = Math.min(least[at] ?? milliseconds, milliseconds);
    }
  }
  return least;
}

/** The least of several runs, in milliseconds. */
export async function least(times: number, measure: () => Promise<number>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < times; turn += 1) best = Math.min(best, await measure());
  return best;
}
