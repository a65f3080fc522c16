const MASK = '***';

/** Replaces known secrets in free text: as they are, URI-encoded, in base64, and as JSON writes them. */
export interface Mask {
  add(...secrets: readonly (string | null | undefined)[]): void;
  apply(text: string): string;
}

/** Shorter ones would mask parts of ordinary words, and are no secrets worth the name. */
const SHORTEST = 4;
/** A shorter one may be an ordinary word, or stand within one: it is masked as a whole word only. */
const SHORTEST_ANYWHERE = 8;

export function createMask(): Mask {
  const known = new Set<string>();
  return {
    add(...secrets) {
      for (const secret of secrets) {
        if (typeof secret !== 'string') continue;
        // A private key is many lines, and each of them must not show by itself.
        for (const part of [secret, ...secret.split(/\r?\n/)]) {
          for (const form of formsOf(part.trim())) known.add(form);
        }
      }
    },
    apply: (text) => replaceSpans(text, spansOf(text, known)),
  };
}

function formsOf(secret: string): string[] {
  if (secret.length < SHORTEST) return [];
  const base64 = Buffer.from(secret).toString('base64');
  return [
    secret,
    encodeURIComponent(secret.toWellFormed()),
    new URLSearchParams({ _: secret.toWellFormed() }).toString().slice('_='.length),
    JSON.stringify(secret).slice(1, -1),
    base64,
    base64.replace(/=+$/, ''),
    Buffer.from(secret).toString('base64url'),
  ];
}

type Span = readonly [start: number, end: number];

/** Where a secret is in the text. All are looked for in the text as it came: two secrets may overlap. */
function spansOf(text: string, known: ReadonlySet<string>): Span[] {
  const spans: Span[] = [];
  for (const form of known) {
    for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + 1)) {
      if (form.length >= SHORTEST_ANYWHERE || isWholeWord(text, at, at + form.length))
        spans.push([at, at + form.length]);
    }
  }
  return spans.sort(([a], [b]) => a - b);
}

/** Whether no word goes on across one of the two edges. */
function isWholeWord(text: string, start: number, end: number): boolean {
  const goesOn = (at: number) => WORD.test(text.charAt(at - 1)) && WORD.test(text.charAt(at));
  return !goesOn(start) && !goesOn(end);
}

const WORD = /[\p{L}\p{N}_]/u;

function replaceSpans(text: string, spans: readonly Span[]): string {
  let masked = '';
  let done = 0;
  for (const [start, end] of spans) {
    if (start >= done) masked += `${text.slice(done, start)}${MASK}`;
    done = Math.max(done, end);
  }
  return masked + text.slice(done);
}
