import { describeDuration } from './duration.ts';

const DAY = 86_400;

/** A point of time as people need it in a sentence: `5 minutes ago (14:02 UTC)`, with the date once it is a day old. */
export function describePast(at: number, now: number): string {
  if (at > now) return `${describeDuration(at - now)} in the future (${clock(at, now)})`;
  return `${describeDuration(now - at)} ago (${clock(at, now)})`;
}

export function clock(at: number, now: number): string {
  const iso = isoTime(at);
  const time = `${iso.slice(11, 16)} UTC`;
  return Math.abs(now - at) < DAY / 2 ? time : `${iso.slice(0, 10)} ${time}`;
}

/** ISO-8601 in UTC, to the second. A date that no calendar has becomes the nearest that one has. */
export function isoTime(at: number): string {
  const limit = 253_402_300_799; // the last second of the year 9999
  return new Date(Math.floor(Math.min(Math.max(at, 0), limit)) * 1000).toISOString().replace('.000Z', 'Z');
}
