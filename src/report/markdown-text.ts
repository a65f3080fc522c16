import { visibleLine } from '../core/text.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Text from outside must stay text: no markup, no HTML, no mention, no link, no new line. */
export function plain(text: string): string {
  return visibleLine(text)
    .trim()
    .replace(/[\\`*_[\]|~$!#&<>]/g, (char) => ENTITIES[char] ?? `\\${char}`)
    .replace(/^(\d*)([-+=]|[.)](?=\s|$))/, '$1\\$2')
    .replaceAll('@', '@\u200b')
    .replace(/(https?|ftp):\/\//gi, '$1:\u200b//')
    .replace(/www\./gi, (www) => `${www.slice(0, -1)}\u200b.`);
}

/** A code span. A backtick would end it, a pipe would split a cell of a table: then it is written as HTML. */
export function code(text: string): string {
  const clean = visibleLine(text);
  if (/^[^`|\\\s](?:[^`|\\]*[^`|\\\s])?$/.test(clean)) return `\`${clean}\``;
  return `<code>${clean.replace(/[^\p{L}\p{N} ]/gu, (char) => `&#${char.codePointAt(0)};`)}</code>`;
}

/** A link to a page on the web, or the text alone where the URL is not valid. Concourse does not encode names in Build URLs. */
export function link(text: string, url: string): string {
  const address = url.replaceAll(' ', '%20');
  return /^https?:\/\/[^\s()<>"'`|\\]+$/.test(address) && URL.canParse(address)
    ? `[${plain(text)}](<${address.replaceAll('&', '&amp;')}>)`
    : plain(text);
}
