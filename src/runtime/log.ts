import { visibleText } from '../core/text.ts';
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
  const line = (text: string, label = '') => write(`${label}${visibleText(mask.apply(text))}\n`);
  return {
    info: (text) => line(text),
    warn: (text) => line(text, paint('yellow', 'warning: ')),
    error: (text) => line(text, paint('red', 'error: ')),
    debug: (text) => {
      if (isDebug()) line(text, paint('dim', 'debug: '));
    },
  };
}
