import * as z from 'zod/mini';
import { parseDuration } from '../core/duration.ts';
import { unknownKey } from './unknown-key.ts';

// From `zod/mini`, the entry of zod whose schemas carry no methods: building them is part of every program's start.
// Compiling a schema takes longer than a short-lived program reads with it.
z.config({ jitless: true });

/** What the README's table of keys says of a key, beside its name. */
export interface KeyNotes {
  /** Where the schema does not tell. */
  readonly type?: string;
  readonly default?: string;
  readonly description: string;
}

/** The keys that people set, with what is to be said of them. */
export const KEY_TABLE = z.registry<KeyNotes>();

/**
 * A strict object: an unknown key is an error that suggests the nearest known one. Each key's sentence is a line of
 * its own, since one issue of zod names all unknown keys.
 */
export function strict<S extends z.core.$ZodLooseShape>(shape: S, expected = 'an object') {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => unknownKey(key, known)).join('\n')
        : got(issue.input, expected),
  });
}

/**
 * Chooses the schema by the type of what came in. Unlike a union, its problems name the key that is wrong, not every
 * way in which the value is not something else.
 */
export function byType<T>(
  schemas: { readonly [K in JsonType]?: z.ZodMiniType<T> },
  expected: string,
): z.ZodMiniType<T> {
  return z.transform((value, context): T => {
    const schema = schemas[typeOf(value)];
    if (schema === undefined) {
      context.issues.push({ code: 'custom', input: value, message: got(value, expected) });
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

/** `expected Y, got X`, in one line. What is long, or holds more values, is not shown: a secret may be in it. */
export function got(value: unknown, expected: string): string {
  return value === undefined
    ? ` is missing; expected ${expected}`
    : `: expected ${expected}, got ${shown(value)}`;
}

const CREDENTIALS = /^(\s*[a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i;

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value !== 'string') return String(value);
  if (value === '') return 'an empty string';
  if (value.length > 60) return `a string of ${value.length} characters`;
  return JSON.stringify(value.replace(CREDENTIALS, '$1***@'));
}

export function text(expected: string, options: { secret?: boolean } = {}) {
  return z.string({
    error: (issue) =>
      options.secret === true ? secretProblem(issue.input, expected) : got(issue.input, expected),
  });
}

/** A string that must say something: an empty one is what an unset variable of a pipeline often becomes. */
export function filledText(expected: string) {
  return text(expected).check(
    z.refine((value) => value.trim() !== '', `: expected ${expected}, got an empty string`),
  );
}

/** What a secret's value was is nobody's business, also when it has the wrong type. */
function secretProblem(value: unknown, expected: string): string {
  return value === undefined ? ` is missing; expected ${expected}` : `: expected ${expected}`;
}

export function flag() {
  return z.boolean({ error: (issue) => got(issue.input, 'true or false') });
}

export function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, { error: (issue) => got(issue.input, alternatives(values)) });
}

function alternatives(values: readonly string[]): string {
  return `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}

export function listOf<T extends z.ZodMiniType>(element: T, expected: string) {
  return z.array(element, { error: (issue) => got(issue.input, expected) });
}

const DURATION = 'minutes as a number, or a duration such as 90m, 1h30m or 3d';

/** Seconds. */
export function duration(options: { above?: number } = {}) {
  return z.transform((value, context): number => {
    const seconds = typeof value === 'number' || typeof value === 'string' ? parseDuration(value) : null;
    if (seconds !== null && seconds > (options.above ?? -1)) return seconds;
    const expected = seconds === null ? DURATION : 'more than 0';
    context.issues.push({ code: 'custom', input: value, message: got(value, expected) });
    return z.NEVER;
  });
}
