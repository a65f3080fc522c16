// Marked secrets, and every form in which one of them could turn up again.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** In each secret; nothing else on the machine holds it. Only letters and digits, so that no quoting hides it. */
export const MARK = 'Zq7MarkedSecret';
export const PASSWORD = `${MARK}:p@ss/w%20rd "x" 'y' \\ ü`;
export const TOKEN = `${MARK}Token`;

/** As text, in either case, in hexadecimal, and in base64 wherever in the encoded bytes it begins. */
const FORMS = [
  MARK.toLowerCase(),
  Buffer.from(MARK).toString('hex'),
  ...[0, 1, 2].map((before) => {
    const encoded = Buffer.from(`${'.'.repeat(before)}${MARK}`).toString('base64');
    // Without the characters that share bits with what stands before and after.
    return encoded.slice(before === 0 ? 0 : before + 1, -4).toLowerCase();
  }),
];

export interface Secrets {
  /** The secret's form that is in a text, with what stands around it; null where there is none. */
  leakIn(text: string): string | null;
}

/** `keys` are private keys: no line of one may show. */
export function secretsOf(keys: readonly string[]): Secrets {
  const lines = keys.flatMap((key) => key.split('\n').filter((line) => /^[A-Za-z0-9+/=]{24,}$/.test(line)));
  const forms = [...FORMS, ...lines.map((line) => line.slice(0, 24).toLowerCase())];
  return {
    leakIn(text) {
      const lower = text.toLowerCase();
      const at = forms.map((form) => lower.indexOf(form)).find((index) => index !== -1);
      return at === undefined ? null : text.slice(Math.max(0, at - 60), at + 60);
    },
  };
}

/** Every file below a folder, as text. */
export function filesBelow(folder: string): { path: string; text: string }[] {
  return readdirSync(folder, { recursive: true })
    .map((path) => join(folder, String(path)))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
    .map((path) => ({ path, text: readFileSync(path, 'latin1') }));
}

/** Looks at the command lines of all processes that start from now on, again and again, until it is told to stop. */
export function watchCommandLines(secrets: Secrets): { stop(): { leaks: string[]; seen: number } } {
  const leaks = new Set<string>();
  let seen = 0;
  const before = new Set(readdirSync('/proc'));
  const look = () => {
    for (const pid of readdirSync('/proc')) {
      if (before.has(pid)) continue;
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
        if (/^git|^ssh|pool-boy|dist\//.test(line)) seen += 1;
        const leak = secrets.leakIn(line);
        if (leak !== null) leaks.add(leak);
      } catch {
        // Gone meanwhile.
      }
    }
  };
  const timer = setInterval(look, 3);
  return {
    stop() {
      clearInterval(timer);
      return { leaks: [...leaks], seen };
    },
  };
}
