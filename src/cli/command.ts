import { createInterface } from 'node:readline/promises';
import type { Source } from '../core/source/source.ts';
import type { ExitStatus } from '../runtime/exit-status.ts';
import type { RunTools } from '../runtime/run-tools.ts';
import type { Paint } from '../runtime/terminal.ts';
import type { KeyValues } from './settings/source-file.ts';
import type { Progress } from './terminal/progress.ts';

/** The person or the log on the other side. */
export interface Terminal {
  /** Writes lines to stdout: the answer. */
  print(text: string): void;
  readonly paint: Paint;
  /** Columns of stdout; null where it is no terminal, and nothing has to fit. */
  readonly width: number | null;
  /** Whether a person reads stdout as it comes. */
  readonly isRead: boolean;
  /** Whether a person is there who can answer. */
  readonly canAsk: boolean;
  readonly progress: Progress;
}

/** What a command works with. */
export interface Cli {
  readonly source: Source;
  readonly tools: RunTools;
  readonly terminal: Terminal;
  /** Options of the command, as commander parsed them. */
  readonly options: KeyValues;
  readonly args: readonly string[];
}

export type Work = (cli: Cli) => Promise<ExitStatus>;

/** What a command works with that can do without a lock repository; `source` is null where none was named. */
export type CliAnywhere = Omit<Cli, 'source'> & { readonly source: Source | null };

/** A command, and whether a lock repository must be named for it. */
export type Start =
  | { readonly needsRepository: true; readonly work: Work }
  | { readonly needsRepository: false; readonly work: (cli: CliAnywhere) => Promise<ExitStatus> };

/** Asks a person; anything but yes is no. */
export async function confirm(question: string, { tools, terminal }: Cli): Promise<boolean> {
  terminal.progress.clear();
  // Without readline's own line editing Ctrl-C stays what it is everywhere else.
  const reader = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    const closed = new Promise<string>((resolve) => reader.once('close', () => resolve('\n')));
    const answer = reader.question(`${question} [y/N] `, { signal: tools.lifetime.signal });
    const said = await Promise.race([answer, closed]);
    // The end of the input leaves the cursor behind the question.
    if (said === '\n') process.stderr.write('\n');
    return /^y(es)?$/i.test(said.trim());
  } finally {
    reader.close();
  }
}
