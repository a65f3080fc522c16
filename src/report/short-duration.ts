const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** A span in its two largest units, for tables: `3d 4h`, `12m`, `0s`. */
export function shortDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const first = UNITS.findIndex(([, size]) => whole >= size);
  if (first === -1) return '0s';
  const shown = UNITS.slice(first, first + 2).filter(([unit]) => unit !== 's' || whole < 600);
  const parts = shown.map(([unit, size], i) => {
    const above = i === 0 ? Number.POSITIVE_INFINITY : (shown[i - 1]?.[1] ?? 1);
    return { unit, many: Math.floor((whole % above) / size) };
  });
  return parts
    .filter(({ many }) => many > 0)
    .map(({ unit, many }) => `${many}${unit}`)
    .join(' ');
}
