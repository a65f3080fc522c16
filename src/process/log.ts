import type { Mask } from './secrets.ts';

/** All talk goes to stderr: stdout belongs to the protocol. */
export interface Log {
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
  debug(text: string): void;
}

export function createLog(write: (text: string) => void, mask: Mask, isDebug: () => boolean): Log {
  const line = (text: string) => write(`${withoutControls(mask.apply(text))}\n`);
  return {
    info: line,
    warn: (text) => line(`warning: ${text}`),
    error: (text) => line(`error: ${text}`),
    debug: (text) => {
      if (isDebug()) line(`debug: ${text}`);
    },
  };
}

/** What comes from outside must not drive the reader's terminal, nor turn the direction of its text. */
function withoutControls(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, (char) =>
      char === '\n' || char === '\t' ? char : '\uFFFD',
    );
}
