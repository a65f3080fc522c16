import { describeDuration } from '../../core/duration.ts';
import { count } from '../../core/text.ts';
import type { LockReport, PoolReport, Report } from '../model.ts';
import { lockTable } from './lock-rows.ts';
import { html, type Markup } from './markup.ts';
import type { Room } from './size-budget.ts';
import { sortLocks } from './sort-order.ts';
import { type PoolTimeline, poolTimeline, type Timeline } from './timeline.ts';
import { timelineFigure, timelineNote } from './timeline-svg.ts';

/** Room for the optional parts of a page, shared by all of its pools. */
export interface Rooms {
  readonly evidence: Room;
  readonly pictures: Room;
}

interface PoolGiven {
  readonly pool: PoolReport;
  /** The id of the pool on the page. */
  readonly id: string;
  readonly report: Report;
  /** With the history of this pool alone; null where no history was read. */
  readonly timeline: Timeline | null;
  readonly rooms: Rooms;
}

/** One pool: what is claimed in it, what is free, and a timeline. Open when a lock of it is claimed. */
export function poolSection({ pool, id, report, timeline, rooms }: PoolGiven): Markup {
  const locks = sortLocks(pool.locks);
  const ids = new Map(locks.map(({ name }, i) => [name, `${id}-${i + 1}`]));
  const idOf = (name: string) => ids.get(name) ?? '';
  const claimed = locks.flatMap((lock) => (lock.state === 'claimed' ? [{ id: idOf(lock.name), lock }] : []));
  const open = claimed.length > 0 ? html` open` : null;
  return html`<details class="pool" id="${id}"${open}>
<summary><h2><bdi>${pool.name}</bdi></h2>${counts(pool)}</summary>
${claimed.length === 0 ? null : lockTable(pool.name, claimed, report, rooms.evidence)}
${freeList(locks, idOf)}
${timeline === null ? null : picture(poolTimeline(locks, timeline), ids, rooms.pictures)}
</details>
`;
}

function picture(timeline: PoolTimeline, ids: ReadonlyMap<string, string>, room: Room): Markup {
  if (room.isFull) return timelineNote(timeline);
  return room.take(timelineFigure(timeline, (lock) => ids.get(lock) ?? null)) ?? timelineNote(timeline);
}

function counts(pool: PoolReport): Markup {
  const undecided = pool.locks.filter(
    (lock) => lock.state === 'claimed' && lock.verdict === 'undecided',
  ).length;
  const timeout =
    pool.stale_after_seconds === null
      ? 'no timeout'
      : `timeout ${describeDuration(pool.stale_after_seconds)}`;
  return html`<span class="counts">${pool.stale === 0 ? null : html`<span class="pill stale">${pool.stale} stale</span> `}${
    undecided === 0 ? null : html`<span class="pill undecided">${undecided} undecided</span> `
  }<span>${pool.claimed} claimed</span> <span>${pool.unclaimed} free</span> <span>${timeout}</span>${pool.release_to === null ? null : html` <span>released to <bdi>${pool.release_to}</bdi></span>`}</span>`;
}

function freeList(locks: readonly LockReport[], idOf: (name: string) => string): Markup | null {
  const free = locks.filter(({ state }) => state === 'unclaimed');
  if (free.length === 0) return null;
  return html`<div class="free"><span>${count(free.length, 'lock')} free</span><ul>${free.map(
    ({ name }) => html`<li id="${idOf(name)}" data-state="free"><bdi>${name}</bdi></li>`,
  )}</ul></div>`;
}
