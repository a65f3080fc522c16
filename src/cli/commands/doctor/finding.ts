import type { Mask } from '../../../runtime/secret-mask.ts';
import type { Cli } from '../../command.ts';
import { plainText } from '../../terminal/lock-table.ts';
import { wrap } from '../../terminal/table.ts';

/** One thing that was looked at: all is well, worth a thought, or wrong; and how to mend it. */
export interface Finding {
  readonly level: 'good' | 'warning' | 'problem';
  readonly text: string;
  readonly mend: string | null;
}

export function good(text: string): Finding {
  return { level: 'good', text, mend: null };
}

export function warning(text: string, mend: string): Finding {
  return { level: 'warning', text, mend };
}

export function problem(text: string, mend: string | null): Finding {
  return { level: 'problem', text, mend };
}

/** Names and answers from outside are quoted in it. */
export function masked({ level, text, mend }: Finding, mask: Mask): Finding {
  return { level, text: mask.apply(text), mend: mend === null ? null : mask.apply(mend) };
}

const MARKS = { good: '✓', warning: '!', problem: '✗' } as const;
const STYLES = { good: 'green', warning: 'yellow', problem: 'red' } as const;

export function findingText({ level, text, mend }: Finding, { terminal }: Cli): string {
  const width = Math.min(terminal.width ?? 110, 120);
  const mark = terminal.paint(STYLES[level], MARKS[level]);
  const [first = '', ...others] = wrap(plainText(text), width - 2);
  const lines = [`${mark} ${first}`, ...others.map((line) => `  ${line}`)];
  // A command must stay whole, to be copied.
  return [...lines, ...(mend === null ? [] : [`    → ${plainText(mend)}`])].join('\n');
}

/** For a shell: in single quotes where it needs any. */
export function shellWord(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
