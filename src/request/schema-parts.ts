import { closestMatch } from 'leven';
import * as z from 'zod';
import { parseDuration } from '../core/duration.ts';
import { quoteName } from '../core/quote-name.ts';

// Compiling a schema takes longer than a short-lived program reads with it.
z.config({ jitless: true });

/**
 * A strict object: an unknown key is an error that suggests the nearest known one. Each key's sentence is a line of
 * its own, since one issue of zod names all unknown keys.
 */
export function strict<S extends z.ZodRawShape>(shape: S, want = 'an object') {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => unknownKey(key, known)).join('\n')
        : have(issue.input, want),
  });
}

function unknownKey(key: string, known: readonly string[]): string {
  if (known.length === 0) return `.${shortKey(key)} is not a known key; want none`;
  const nearest = closestMatch(key, [...known], { maxDistance: Math.max(2, Math.floor(key.length / 3)) });
  const hint = nearest === undefined ? `known keys are ${known.join(', ')}` : `did you mean ${nearest}?`;
  return `.${shortKey(key)} is not a known key; ${hint}`;
}

/** A text that slipped in the YAML can become a key, and it may be long, or many lines. */
function shortKey(key: string): string {
  const quoted = quoteName(key);
  return quoted.length > 60 ? `${quoted.slice(0, 20)}…` : quoted;
}

/**
 * Chooses the schema by the type of what came in. Unlike a union, its problems name the key that is wrong, not every
 * way in which the value is not something else.
 */
export function byType<T>(schemas: { readonly [K in JsonType]?: z.ZodType<T> }, want: string): z.ZodType<T> {
  return z.unknown().transform((value, context): T => {
    const schema = schemas[typeOf(value)];
    if (schema === undefined) {
      context.issues.push({ code: 'custom', input: value, message: have(value, want) });
      return z.NEVER;
    }
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    for (const { message, path } of parsed.error.issues) {
      context.issues.push({ code: 'custom', input: value, message, path });
    }
    return z.NEVER;
  });
}

type JsonType = 'string' | 'number' | 'boolean' | 'object' | 'array' | 'null';

function typeOf(value: unknown): JsonType {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean' ? type : 'object';
}

/** `have X, want Y`, in one line. What is long, or holds more values, is not shown: a secret may be in it. */
export function have(value: unknown, want: string): string {
  return value === undefined ? ` is missing: want ${want}` : `: have ${shown(value)}, want ${want}`;
}

const CREDENTIALS = /^(\s*[a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i;

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value !== 'string') return String(value);
  if (value === '') return 'an empty text';
  if (value.length > 60) return `a text of ${value.length} characters`;
  return JSON.stringify(value.replace(CREDENTIALS, '$1***@'));
}

export function text(want: string, options: { secret?: boolean } = {}) {
  return z.string({
    error: (issue) => (options.secret === true ? secretProblem(issue.input, want) : have(issue.input, want)),
  });
}

/** A text that must say something: an empty one is what an unset variable of a pipeline often becomes. */
export function filledText(want: string) {
  return text(want).refine((value) => value.trim() !== '', `: have an empty text, want ${want}`);
}

/** What a secret's value was is nobody's business, also when it has the wrong type. */
function secretProblem(value: unknown, want: string): string {
  return value === undefined ? ` is missing: want ${want}` : `: want ${want}`;
}

export function flag() {
  return z.boolean({ error: (issue) => have(issue.input, 'true or false') });
}

export function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, { error: (issue) => have(issue.input, alternatives(values)) });
}

function alternatives(values: readonly string[]): string {
  return `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}

export function listOf<T extends z.ZodType>(element: T, want: string) {
  return z.array(element, { error: (issue) => have(issue.input, want) });
}

const DURATION = 'minutes as a number, or a duration such as 90m, 1h30m or 3d';

/** Seconds. */
export function duration(options: { above?: number } = {}) {
  return z.unknown().transform((value, context): number => {
    const seconds = typeof value === 'number' || typeof value === 'string' ? parseDuration(value) : null;
    if (seconds !== null && seconds > (options.above ?? -1)) return seconds;
    const want = seconds === null ? DURATION : 'more than 0';
    context.issues.push({ code: 'custom', input: value, message: have(value, want) });
    return z.NEVER;
  });
}
