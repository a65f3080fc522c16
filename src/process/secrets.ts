const MASK = '***';

/** Replaces known secrets in free text: as they are, URI-encoded, and in base64. */
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
          if (part.trim().length >= SHORTEST) for (const form of formsOf(part.trim())) known.add(form);
        }
      }
    },
    apply(text) {
      let masked = text;
      for (const form of [...known].sort((a, b) => b.length - a.length))
        masked = masked.replaceAll(form, MASK);
      return masked;
    },
  };
}

function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64');
  const forms = [secret, encodeURIComponent(secret.toWellFormed()), base64, base64.replace(/=+$/, '')];
  return forms.filter((form) => form.length >= SHORTEST);
}
