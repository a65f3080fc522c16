/**
 * Strings from outside within our own lines. A control character can drive a terminal, a line break can forge a trailer
 * or a row of a table, and a character that changes the text direction can make one name look like another.
 */
const CONTROL = String.raw`\p{Cc}\u2028\u2029`;
const CONTROLS = new RegExp(`[${CONTROL}]+`, 'gu');
const ONE_CONTROL = new RegExp(`[${CONTROL}]`, 'gu');
const INVISIBLE = new RegExp(String.raw`[${CONTROL}\p{Bidi_Control}]`, 'gu');

/** Whether the string holds control characters or line separators. */
export function hasControls(text: string): boolean {
  return text.search(ONE_CONTROL) !== -1;
}

/** The string on one line: each run of control characters and line breaks becomes one blank. */
export function onOneLine(text: string): string {
  return text.replace(CONTROLS, ' ');
}

/** Each control character and line separator replaced by `by`; with `''`, left out. */
export function replaceControls(text: string, by: string): string {
  return text.replace(ONE_CONTROL, () => by);
}

/** Safe to show on a terminal or a page: control characters and changes of text direction become U+FFFD. */
export function visibleText(text: string): string {
  return text.toWellFormed().replace(INVISIBLE, (char) => (char === '\n' || char === '\t' ? char : '\uFFFD'));
}

/** The same on one line. */
export function visibleLine(text: string): string {
  return visibleText(onOneLine(text));
}

/** `1 lock`, `2 locks`; `plural` where an `s` does not make it. */
export function count(many: number, what: string, plural = `${what}s`): string {
  return `${many} ${many === 1 ? what : plural}`;
}

/** The first `most` of the names, and how many more there are: `a, b and 7 more`. */
export function shortList(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

/** At most so many characters; what is left out is an ellipsis. */
export function shortText(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most).toWellFormed().trimEnd()}…`;
}

/** With a full stop, unless it has an end of its own. */
export function asSentence(text: string): string {
  return /[.!?\u2026]$/.test(text) ? text : `${text}.`;
}
