import type { Name } from '../../../core/lock.ts';
import { hasControls } from '../../../core/text.ts';
import type { Mask } from '../../../runtime/secret-mask.ts';
import type { Cli } from '../../command.ts';
import { plainText } from '../../terminal/lock-table.ts';
import { wrap } from '../../terminal/table.ts';

/** One thing that was checked: all is well, worth a thought, or wrong. */
export interface Finding {
  readonly level: 'good' | 'warning' | 'problem';
  readonly text: string;
  /** How to fix it. People paste it into a shell as it is: it must be safe there, whatever the names are. */
  readonly fix: string | null;
}

/** Takes a finding as soon as it is made. */
export type Tell = (finding: Finding) => void;

export function good(text: string): Finding {
  return { level: 'good', text, fix: null };
}

export function warning(text: string, fix: string): Finding {
  return { level: 'warning', text, fix };
}

export function problem(text: string, fix: string | null): Finding {
  return { level: 'problem', text, fix };
}

/** Names and answers from outside are quoted in it. */
export function masked({ level, text, fix }: Finding, mask: Mask): Finding {
  return { level, text: mask.apply(text), fix: fix === null ? null : mask.apply(fix) };
}

const MARKS = { good: '✓', warning: '!', problem: '✗' } as const;
const STYLES = { good: 'green', warning: 'yellow', problem: 'red' } as const;

export function findingText({ level, text, fix }: Finding, { terminal }: Cli): string {
  const width = Math.min(terminal.width ?? 110, 120);
  const mark = terminal.paint(STYLES[level], MARKS[level]);
  const [first = '', ...others] = wrap(plainText(text), width - 2);
  const lines = [`${mark} ${first}`, ...others.map((line) => `  ${line}`)];
  // Commands and files must stay whole, to be copied.
  const fixLines = (fix ?? '').split('\n').map((line, i) => `    ${i === 0 ? '→ ' : '  '}${plainText(line)}`);
  return [...lines, ...(fix === null ? [] : fixLines)].join('\n');
}

/** One word for a shell: in quotes where it needs any, with escapes for what a quote on one line cannot hold. */
export function shellWord(word: string): string {
  if (/^[\w./:@%+=,-]+$/.test(word)) return word;
  if (!hasControls(word) && word.isWellFormed()) return `'${word.replaceAll("'", String.raw`'\''`)}'`;
  const escaped = Array.from(word, escapedCharacter).join('');
  return `$'${escaped}'`;
}

function escapedCharacter(character: string): string {
  if (character === "'" || character === '\\') return `\\${character}`;
  const code = character.codePointAt(0) ?? 0;
  // U+DC80..U+DCFF stand for the raw bytes 0x80..0xFF.
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  if (!hasControls(character)) return character;
  return [...new TextEncoder().encode(character)]
    .map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`)
    .join('');
}

/** A path of the repository for a shell: one that starts with a dash must not be taken for an option. */
export function shellPath(path: Name): string {
  return shellWord(path.startsWith('-') ? `./${path}` : path);
}

/** Git, but a name such as `*` is a name to it and no pattern. */
export const GIT = 'git --literal-pathspecs';
