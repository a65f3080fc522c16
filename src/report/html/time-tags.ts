import { isoTime } from '../../core/time.ts';
import { html, type Markup } from './markup.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Unix seconds of a time of the report; null where it is not known. */
export function secondsOf(iso: string): number;
export function secondsOf(iso: string | null): number | null;
export function secondsOf(iso: string | null): number | null {
  return iso === null ? null : Date.parse(iso) / 1000;
}

/** `24 Nov 08:02`, in UTC; the year only where it is another one than that of `now`. */
export function pointOfTime(at: number | null, now: number): string {
  if (at === null) return 'unknown';
  const date = new Date(at * 1000);
  const year = date.getUTCFullYear();
  const other = year === new Date(now * 1000).getUTCFullYear() ? '' : ` ${year}`;
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}${other} ${date.toISOString().slice(11, 16)}`;
}

/** `Tue 24`. */
export function dayName(at: number): string {
  const date = new Date(at * 1000);
  return `${WEEKDAYS[date.getUTCDay()]} ${date.getUTCDate()}`;
}

export function clockTime(at: number): string {
  return isoTime(at).slice(11, 16);
}

export function timeTag(at: number | null, now: number): Markup {
  if (at === null) return html`unknown`;
  return html`<time datetime="${isoTime(at)}">${pointOfTime(at, now)}</time>`;
}
