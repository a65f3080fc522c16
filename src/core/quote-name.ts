import { hasControls } from './text.ts';

const SHORT: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
};

/**
 * A name for one line of text: as it is, or, where it holds control characters or bytes that are not UTF-8, the way
 * git quotes paths (`"a\nb"`). A newline in a lock's name must not forge a trailer or a line of a report.
 */
export function quoteName(name: string): string {
  if (!hasControls(name) && name.isWellFormed()) return name;
  let quoted = '';
  for (const char of name)
    quoted += SHORT[char] ?? (hasControls(char) || !char.isWellFormed() ? octal(char) : char);
  return `"${quoted}"`;
}

function octal(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  // U+DC80..U+DCFF stand for the raw bytes 0x80..0xFF.
  const bytes = code >= 0xdc80 && code <= 0xdcff ? [code - 0xdc00] : [...new TextEncoder().encode(char)];
  return bytes.map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
