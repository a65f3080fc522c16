import { styleText } from 'node:util';

/** What is known about the stream that somebody, or a log, reads. */
export interface OutputStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan';
export type Paint = (style: Style, text: string) => string;

/**
 * Concourse gives every task a terminal of 500 by 500 that nobody sits at. A question asked there would wait forever,
 * and what a spinner writes would stay in the log.
 */
export function isConcourseTask({ isTTY, columns, rows }: OutputStream): boolean {
  return isTTY === true && columns === 500 && rows === 500;
}

/** Whether a person looks at this stream while the program runs. */
export function isWatched(stream: OutputStream, environment: NodeJS.ProcessEnv): boolean {
  if (stream.isTTY !== true || isConcourseTask(stream)) return false;
  return environment.TERM !== 'dumb' && !isSet(environment.CI);
}

/** FORCE_COLOR and NO_COLOR take precedence; else terminals have colours, and so has Concourse's log. */
export function wantsColour(stream: OutputStream, environment: NodeJS.ProcessEnv): boolean {
  const { FORCE_COLOR, NO_COLOR, TERM, BUILD_ID, ATC_EXTERNAL_URL } = environment;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  if (isSet(NO_COLOR)) return false;
  if (isSet(BUILD_ID) && isSet(ATC_EXTERNAL_URL)) return true;
  return isConcourseTask(stream) || (stream.isTTY === true && TERM !== 'dumb');
}

export function paintFor(stream: OutputStream, environment: NodeJS.ProcessEnv): Paint {
  if (!wantsColour(stream, environment)) return (_style, text) => text;
  return (style, text) => styleText(style, text, { validateStream: false });
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
