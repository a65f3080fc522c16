// Runs the program at a terminal: Debian's `script` makes one.

import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { temporaryFolder } from '../git/temporary-folder.ts';
import { cleanEnvironment, PROGRAM } from './run-cli.ts';

export interface RanAtTerminal {
  readonly status: number | null;
  /** All that the terminal was sent: stdout, stderr and the echo of what was typed. */
  readonly screen: string;
}

export interface TerminalOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly columns?: number;
  readonly rows?: number;
  /** Typed when a question is asked: a line, or a control character. */
  readonly answer?: string;
  readonly program?: string;
  /** Done once the question stands there, before it is answered. */
  readonly beforeAnswer?: () => void;
}

export async function runAtTerminal(
  args: readonly string[],
  { env, columns = 120, rows = 40, answer = '', program = PROGRAM, beforeAnswer }: TerminalOptions = {},
): Promise<RanAtTerminal> {
  const words = [program, ...args].map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  const file = join(temporaryFolder(), 'run.sh');
  writeFileSync(file, `stty cols ${columns} rows ${rows}\nexec ${words}\n`);
  const child = spawn('script', ['--quiet', '--return', '--command', `exec sh ${file}`, '/dev/null'], {
    env: { TERM: 'xterm', ...cleanEnvironment(env) },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let screen = '';
  let isAnswered = false;
  child.stdout.on('data', (chunk: Buffer) => {
    screen += chunk.toString('utf8');
    if (!isAnswered && screen.includes('[y/N]')) {
      isAnswered = true;
      beforeAnswer?.();
      child.stdin.write(/^\p{Cc}$/u.test(answer) ? answer : `${answer}\n`);
    }
  });
  child.stdin.on('error', () => undefined);
  const status = await new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  return { status, screen: screen.replaceAll('\r\n', '\n') };
}

/** What stays on the screen: without colours, and without lines that were written over. */
export function plain(screen: string): string {
  return screen
    .split('\n')
    .map((line) => stripVTControlCharacters(line.split('\r\u001b[2K').at(-1) ?? ''))
    .join('\n');
}
