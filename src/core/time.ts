import { describeDuration } from './duration.ts';

const DAY = 86_400;

/** How far clocks of workers, of the ATC and ours may differ before a date means nothing, in seconds. */
export const CLOCK_TOLERANCE = 300;

/** The last second of the year 9999: no calendar that people use goes further. */
const LAST_SECOND = 253_402_300_799;

/**
 * Unix seconds of a commit's date, as git prints it. Null where there is none, or where no calendar holds it: git takes
 * any number, and a date that is not known must never make a claim look old.
 */
export function timeOfCommit(date: string): number | null {
  if (!/^\d+$/.test(date)) return null;
  const at = Number(date);
  return at <= LAST_SECOND ? at : null;
}

/**
 * A point of time as people need it in a sentence: `5 minutes ago (14:02 UTC)`, with the date once it is a day old.
 * A time shortly after `now` is `just now`: `now` is the time of the first answer, and builds start while we ask.
 */
export function describePast(at: number | null, now: number): string {
  if (at === null) return 'at an unknown time';
  if (at >= now && at < now + 60) return `just now (${clock(at, now)})`;
  if (at > now) return `${describeDuration(at - now)} in the future (${clock(at, now)})`;
  return `${describeDuration(now - at)} ago (${clock(at, now)})`;
}

/** `14:02 UTC`, with the date where it is not half a day away. */
export function clock(at: number | null, now: number): string {
  if (at === null) return 'unknown';
  const iso = isoTime(at);
  const time = `${iso.slice(11, 16)} UTC`;
  return Math.abs(now - at) < DAY / 2 ? time : `${iso.slice(0, 10)} ${time}`;
}

/** ISO-8601 in UTC, to the second. A date that no calendar has becomes the nearest that one has. */
export function isoTime(at: number): string {
  return new Date(Math.floor(Math.min(Math.max(at, 0), LAST_SECOND)) * 1000)
    .toISOString()
    .replace('.000Z', 'Z');
}

const ISO = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * Unix seconds of an ISO-8601 time; without a zone it is UTC. A date alone is the `start` of that day or its end. Null
 * for anything else, also for a day that no calendar holds (`2026-02-31`), which `Date` would take for a later one.
 */
export function parseIsoTime(text: string, dateMeans: 'start of the day' | 'end of the day'): number | null {
  const [, day, time, zone = 'Z'] = ISO.exec(text.trim()) ?? [];
  if (day === undefined) return null;
  const midnight = Date.parse(`${day}T00:00Z`);
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(day)) return null;
  if (time === undefined) return midnight / 1000 + (dateMeans === 'end of the day' ? DAY : 0);
  const at = Date.parse(`${day}T${time}${zone.toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`);
  return Number.isNaN(at) ? null : Math.floor(at / 1000);
}
