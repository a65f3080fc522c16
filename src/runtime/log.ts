import type { Mask } from './secret-mask.ts';
import type { Paint } from './terminal.ts';

/** All talk goes to stderr: stdout belongs to the protocol. */
export interface Log {
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
  debug(text: string): void;
}

export function createLog(
  write: (text: string) => void,
  mask: Mask,
  isDebug: () => boolean,
  paint: Paint = (_style, text) => text,
): Log {
  const line = (text: string, label = '') => write(`${label}${withoutControls(mask.apply(text))}\n`);
  return {
    info: (text) => line(text),
    warn: (text) => line(text, paint('yellow', 'warning: ')),
    error: (text) => line(text, paint('red', 'error: ')),
    debug: (text) => {
      if (isDebug()) line(text, paint('dim', 'debug: '));
    },
  };
}

/** What comes from outside must not drive the reader's terminal, nor turn the direction of its text. */
export function withoutControls(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, (char) =>
      char === '\n' || char === '\t' ? char : '\uFFFD',
    );
}
