import { parseDuration } from '../../core/duration.ts';
import { quoteName } from '../../core/quote-name.ts';
import { type LockReference, parseLockReference } from '../../core/release/find-lock.ts';
import { visibleText } from '../../core/text.ts';
import { UsageError } from '../../runtime/exit-status.ts';

export function readLimit(value: unknown): number | null {
  if (value === undefined) return null;
  if (typeof value === 'string' && /^\d{1,9}$/.test(value)) return Number(value);
  throw new UsageError(`--limit: expected a whole number, got ${shown(value)}.`);
}

/**
 * A point of time, in unix seconds: as ISO-8601 (`2026-11-25`, `2026-11-25T14:00Z`; without a zone it is UTC), or as a
 * span before now (`2h`, `3d`).
 */
export function readTime(value: unknown, now: number, option: string): number | null {
  if (value === undefined) return null;
  if (typeof value === 'string') {
    const span = /^\d+$/.test(value) ? null : parseDuration(value);
    if (span !== null) return now - span;
    const iso = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(Z|[+-]\d{2}:?\d{2})?)?$/.exec(value);
    const [, day = '', time = '00:00', zone = 'Z'] = iso ?? [];
    const at = iso === null || !isDate(day) ? Number.NaN : Date.parse(`${day}T${time}${zone}`);
    if (!Number.isNaN(at)) return at / 1000;
  }
  throw new UsageError(
    `${option}: expected a time such as 2026-11-25T14:00Z, or a span before now such as 3h or 2d, got ${shown(value)}.`,
  );
}

/** `Date.parse` reads 31 February as 3 March. */
function isDate(day: string): boolean {
  const at = Date.parse(`${day}T00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}

/** The beginning of a period that ends now: the value of `--since`, or so many seconds ago. */
export function readSince(value: unknown, now: number, seconds: number): number {
  const from = readTime(value, now, '--since') ?? now - seconds;
  if (from > now) throw new UsageError('--since: expected a time in the past, got one in the future.');
  return from;
}

/** A lock as a command's argument names it. */
export function readLockReference(text: string): LockReference {
  const reference = parseLockReference(text);
  if (reference !== null) return reference;
  throw new UsageError(
    `${visibleText(quoteName(text))} is not a lock name; expected POOL/LOCK or POOL/LOCK@CLAIM.`,
  );
}

export function readTexts(value: unknown): readonly string[] | null {
  return Array.isArray(value) ? value.map(String) : null;
}

export function readText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function shown(value: unknown): string {
  return JSON.stringify(String(value).slice(0, 60));
}
