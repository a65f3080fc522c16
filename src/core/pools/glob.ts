// A matcher of our own: the well-known ones give parentheses, bars and backslashes, which names of locks hold, a
// meaning, and compile to regular expressions that a pattern with many stars can keep busy forever. This one takes
// time in proportion to glob × name, whatever they hold.

/** What one part of a glob takes. */
type Token =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'any-char' }
  | {
      readonly kind: 'class';
      readonly negated: boolean;
      readonly ranges: readonly (readonly [string, string])[];
    }
  | { readonly kind: 'star' }
  | { readonly kind: 'globstar' }
  /** Any number of whole folders, also none. */
  | { readonly kind: 'folders' };

/**
 * Whether the name matches, compared in Unicode NFC: a person wrote the glob, and no eye sees how an accent is composed.
 * `*` stops at `/`, `**` does not (and with a slash behind it stands for any number of folders), `?`, `[abc]`, `[!a-c]`
 * and `{a,b}` are what they are in a shell; all else is itself. A name with glob characters also matches itself.
 */
export function matchesGlob(name: string, glob: string): boolean {
  if (name === glob) return true;
  const [composedName, composedGlob] = [name.normalize('NFC'), glob.normalize('NFC')];
  if (composedName === composedGlob) return true;
  return glob !== '' && expandBraces(composedGlob).some((one) => matches([...composedName], tokensOf(one)));
}

/**
 * What makes a glob mean something else than its writer had in mind, as the end of a sentence; null where nothing does.
 * A class that takes no character would protect nothing, and its negation takes every character.
 */
export function globProblem(glob: string): string | null {
  const empty = /\[[!^]\](?!\])/.exec(glob)?.[0];
  if (empty !== undefined) return `has a class without characters (${empty})`;
  for (const [, negation = '', members = ''] of glob.matchAll(CLASS)) {
    if (rangesOf(members).some(([from, to]) => from > to))
      return `has a range that runs backwards ([${negation}${members}])`;
    if (/\{[^{}]*,[^{}]*\}/s.test(members)) return `has braces inside a class ([${negation}${members}])`;
  }
  return null;
}

const CLASS = /\[([!^]?)(\][^\]]*|[^\]]+)\]/gsu;

const MOST_ALTERNATIVES = 100;

/** `a{b,c}d` is `abd` and `acd`. Braces without a comma, or too many of them, are themselves. */
function expandBraces(glob: string): string[] {
  let done: string[] = [];
  let open = [glob];
  while (open.length > 0) {
    const expanded = open.map(expandFirst);
    done = [...done, ...expanded.flatMap(({ plain }) => plain)];
    open = expanded.flatMap(({ more }) => more);
    if (done.length + open.length > MOST_ALTERNATIVES) return [glob];
  }
  return done;
}

function expandFirst(glob: string): { plain: string[]; more: string[] } {
  const match = /\{([^{}]*,[^{}]*)\}/s.exec(glob);
  if (match === null) return { plain: [glob], more: [] };
  const [before, after] = [glob.slice(0, match.index), glob.slice(match.index + match[0].length)];
  return { plain: [], more: (match[1] ?? '').split(',').map((one) => `${before}${one}${after}`) };
}

const TOKEN = /(\*\*+\/)|(\*\*+)|(\*)|(\?)|\[([!^]?)(\][^\]]*|[^\]]+)\]|(.)/gsu;

function tokensOf(glob: string): Token[] {
  const tokens: Token[] = [];
  for (const [, folders, globstar, star, one, negation, members, char] of glob.matchAll(TOKEN)) {
    if (folders !== undefined) tokens.push({ kind: 'folders' });
    else if (globstar !== undefined) tokens.push({ kind: 'globstar' });
    else if (star !== undefined) tokens.push({ kind: 'star' });
    else if (one !== undefined) tokens.push({ kind: 'any-char' });
    else if (char !== undefined) tokens.push({ kind: 'char', char });
    else tokens.push({ kind: 'class', negated: negation !== '', ranges: rangesOf(members ?? '') });
  }
  return tokens;
}

function rangesOf(members: string): (readonly [string, string])[] {
  return [...members.matchAll(/(.)-(.)|(.)/gsu)].map(([, from, to, one]) => [
    from ?? one ?? '',
    to ?? one ?? '',
  ]);
}

/** Follows all ways through the glob at once; each character of the name is looked at once for each token. */
function matches(name: readonly string[], tokens: readonly Token[]): boolean {
  let reached = new Set<number>();
  enter(0, tokens, reached);
  for (const char of name) {
    const next = new Set<number>();
    for (const at of reached) step(at, char, tokens, next);
    reached = next;
  }
  return reached.has(tokens.length);
}

/** A token that may take nothing lets the one behind it be reached as well. */
function enter(at: number, tokens: readonly Token[], reached: Set<number>): void {
  for (let i = at; ; i += 1) {
    reached.add(i);
    const kind = tokens[i]?.kind;
    if (kind !== 'star' && kind !== 'globstar' && kind !== 'folders') return;
  }
}

function step(at: number, char: string, tokens: readonly Token[], next: Set<number>): void {
  const token = tokens[at];
  switch (token?.kind) {
    case undefined:
      return;
    case 'globstar':
      enter(at, tokens, next);
      return;
    case 'star':
      if (char !== '/') enter(at, tokens, next);
      return;
    case 'folders':
      next.add(at);
      if (char === '/') enter(at + 1, tokens, next);
      return;
    default:
      if (token !== undefined && takes(token, char)) enter(at + 1, tokens, next);
  }
}

function takes(token: Token, char: string): boolean {
  switch (token.kind) {
    case 'char':
      return token.char === char;
    case 'any-char':
      return char !== '/';
    case 'class':
      return char !== '/' && token.ranges.some(([from, to]) => from <= char && char <= to) !== token.negated;
    case 'star':
    case 'globstar':
    case 'folders':
      return false;
  }
}
