// Other programs, run and waited for. What they say goes to the terminal, or comes back as text.
import { spawnSync } from 'node:child_process';

/** An expected end of `make image`: one line that says what is wrong and what to do. */
export class Stop extends Error {}

export function run(
  tool: string,
  args: readonly string[],
  environment: Readonly<NodeJS.ProcessEnv> = {},
): void {
  const { status, error } = spawnSync(tool, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...environment },
  });
  if (error !== undefined || status !== 0) throw new Stop(`${tool} ${args[0] ?? ''} failed, see above.`);
}

export function ask(tool: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr, error } = spawnSync(tool, args, { encoding: 'utf8', input });
  if (error !== undefined || status !== 0)
    throw new Stop(`${tool} ${args.join(' ')} failed: ${error?.message ?? stderr.trim()}`);
  return stdout.trim();
}

export function works(tool: string, args: readonly string[]): boolean {
  return spawnSync(tool, args, { stdio: 'ignore' }).status === 0;
}

/** Does the work, and says how long it took. */
export function timed<T>(what: string, work: () => T): T {
  const start = performance.now();
  const result = work();
  console.log(`${what}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return result;
}
