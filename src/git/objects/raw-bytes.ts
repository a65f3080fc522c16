/**
 * Cuts git's `-z` output into tokens as it arrives: each ends with a zero byte, which neither a message nor a path
 * can hold. The returned function takes the next piece of output, and returns false once `take` wants no more.
 */
export function readTokens(take: (token: Buffer) => boolean): (chunk: Buffer) => boolean {
  /** The pieces of a token whose end has not come yet. To join whole chunks would copy all output once more. */
  let begun: Buffer[] = [];
  let goesOn = true;
  return (chunk) => {
    let start = 0;
    for (let end = chunk.indexOf(0); end !== -1 && goesOn; end = chunk.indexOf(0, start)) {
      const piece = chunk.subarray(start, end);
      goesOn = take(begun.length === 0 ? piece : Buffer.concat([...begun, piece]));
      begun = [];
      start = end + 1;
    }
    if (start < chunk.length) begun.push(chunk.subarray(start));
    return goesOn;
  };
}

const REPLACEMENT = '\uFFFD';
/** Byte 0x80 is U+DC80 and so on: lone surrogates, which no UTF-8 text can hold. */
const ESCAPE = 0xdc00;

/** Bytes from git as a string that keeps them all: what is not UTF-8 becomes lone surrogates. */
export function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.includes(REPLACEMENT) ? escaped(bytes) : text;
}

/** The bytes that `textOf` made the string of. */
export function bytesOf(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text);
  const parts = [...text].map((char) => {
    const code = char.codePointAt(0) ?? 0;
    return isEscape(code) ? Buffer.of(code - ESCAPE) : Buffer.from(char);
  });
  return Buffer.concat(parts);
}

function isEscape(code: number): boolean {
  return code >= ESCAPE + 0x80 && code <= ESCAPE + 0xff;
}

function escaped(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = lengthOfCharacter(bytes, at);
    text +=
      length === 0 ? String.fromCharCode(ESCAPE + (bytes[at] ?? 0)) : bytes.toString('utf8', at, at + length);
    at += Math.max(length, 1);
  }
  return text;
}

/** How many bytes the UTF-8 character at `at` has; 0 when there is none. */
function lengthOfCharacter(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  const length =
    first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length <= 1) return length;
  if (at + length > bytes.length) return 0;
  const piece = bytes.subarray(at, at + length);
  // Overlong forms, surrogates and stray bytes all decode to something else than they were.
  return Buffer.from(piece.toString('utf8')).equals(piece) ? length : 0;
}
