import { count } from './text.ts';

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** In minutes, as many as nine digits allow: two thousand years. */
const LONGEST = 999_999_999;

/**
 * Seconds of a duration as `source` writes it: minutes as a number (or digits in a string), or parts from the
 * largest unit to the smallest, each unit once (`90m`, `1h30m`, `3d`). Null for anything else.
 */
export function parseDuration(value: number | string): number | null {
  if (typeof value === 'number') return value >= 0 && value <= LONGEST ? Math.round(value * 60) : null;
  const text = value.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 60;
  const parts = /^(?:(\d{1,6})d)?(?:(\d{1,7})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?$/.exec(text);
  if (parts === null || text === '') return null;
  return UNITS.reduce((sum, [, seconds], i) => sum + Number(parts[i + 1] ?? 0) * seconds, 0);
}

/** A span for people, in its two largest units: `45 seconds`, `1 hour 5 minutes`, `3 days`. Null: not known. */
export function describeDuration(seconds: number | null): string {
  if (seconds === null) return 'an unknown time';
  const names = { d: 'day', h: 'hour', m: 'minute', s: 'second' } as const;
  return spanOf(seconds, ({ unit, many }) => count(many, names[unit]));
}

/** The same for tables: `45s`, `1h 5m`, `3d`. */
export function shortDuration(seconds: number | null): string {
  if (seconds === null) return 'unknown';
  return spanOf(seconds, ({ unit, many }) => `${many}${unit}`);
}

/** Sorts the longest first, and what is not known last. */
export function longestFirst(a: number | null, b: number | null): number {
  return (b ?? -1) - (a ?? -1);
}

interface SpanPart {
  readonly unit: (typeof UNITS)[number][0];
  readonly many: number;
}

function spanOf(seconds: number, write: (part: SpanPart) => string): string {
  const whole = Math.max(0, Math.floor(seconds));
  const largest = UNITS.findIndex(([, size]) => whole >= size);
  if (largest === -1) return write({ unit: 's', many: 0 });
  // Under two minutes seconds still matter to a reader; above, they are noise.
  const shown = UNITS.slice(largest, largest + 2).filter(([unit]) => unit !== 's' || whole < 120);
  let rest = whole;
  const parts: string[] = [];
  for (const [unit, size] of shown) {
    const many = Math.floor(rest / size);
    rest -= many * size;
    if (many > 0) parts.push(write({ unit, many }));
  }
  return parts.join(' ');
}
