import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../git/temporary-folder.ts';
import { runProgram } from '../steps/run-program.ts';
import { filesBelow, type Secrets, watchCommandLines } from './marks.ts';

export interface Watched {
  readonly status: number | null;
  readonly stderr: string;
  /** Where a secret showed: stdout, stderr, a file that was left, a command line. */
  readonly leaks: readonly string[];
  /** Command lines of git, ssh and our programs that were looked at. */
  readonly seen: number;
}

/** Runs a built program with folders of its own for all that it may write, and looks for secrets everywhere. */
export async function runWatched(
  program: 'check' | 'in' | 'out',
  request: unknown,
  secrets: Secrets,
  env: NodeJS.ProcessEnv = {},
  onStart?: (pid: number, stop: () => void) => void,
): Promise<Watched> {
  const folder = temporaryFolder();
  const [home, temporary, destination] = ['home', 'tmp', 'destination'].map((name) => join(folder, name));
  for (const one of [home, temporary, destination]) mkdirSync(String(one));
  const watch = watchCommandLines(secrets);
  const ran = await runProgram(program, request, {
    args: [String(destination)],
    env: { HOME: home, TMPDIR: temporary, GIT_CONFIG_NOSYSTEM: '1', ...env },
    ...(onStart === undefined ? {} : { onStart }),
  });
  const { leaks: onCommandLines, seen } = watch.stop();
  const texts = [
    { path: 'stdout', text: ran.stdout },
    { path: 'stderr', text: ran.stderr },
    ...filesBelow(folder),
  ];
  const inTexts = texts.flatMap(({ path, text }) => {
    const leak = secrets.leakIn(text);
    return leak === null ? [] : [`${path}: ${leak}`];
  });
  const leaks = [...inTexts, ...onCommandLines.map((line) => `a command line: ${line}`)];
  return { status: ran.status, stderr: ran.stderr, leaks, seen };
}
