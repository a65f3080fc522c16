const MASK = '***';

/** Replaces known secrets in free text: as they are, URI-encoded, in base64, and as JSON writes them. */
export interface Mask {
  add(...secrets: readonly (string | null | undefined)[]): void;
  apply(text: string): string;
}

/** Shorter ones would blot out ordinary words, and are no secrets worth the name. */
const SHORTEST = 4;

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

/** Where the text holds a secret. All are looked for in the text as it came: two secrets may overlap. */
function spansOf(text: string, known: ReadonlySet<string>): Span[] {
  const spans: Span[] = [];
  for (const form of known) {
    for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + 1)) {
      spans.push([at, at + form.length]);
    }
  }
  return spans.sort(([a], [b]) => a - b);
}

function replaceSpans(text: string, spans: readonly Span[]): string {
  let masked = '';
  let done = 0;
  for (const [start, end] of spans) {
    if (start >= done) masked += `${text.slice(done, start)}${MASK}`;
    done = Math.max(done, end);
  }
  return masked + text.slice(done);
}
