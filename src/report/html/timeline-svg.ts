import { shortDuration } from '../../core/duration.ts';
import { heldFor, type Tenure, type TenureEnd } from '../../core/history/lock-history.ts';
import type { Releaser } from '../../core/history/releaser.ts';
import { describeJobBuild, describeOwner } from '../../core/naming.ts';
import { html, link, type Markup } from './markup.ts';
import { clockTime, dayName, pointOfTime, timeTag } from './time-tags.ts';
import { type Bar, type PoolTimeline, type Row, ticksOf } from './timeline.ts';

/** Rows of the table that stands in for the timeline. */
const TABLE_ROWS = 50;
/** The axis is repeated after so many rows, before it is out of sight. */
const ROWS_PER_AXIS = 25;
/** From this width, in percent of a row, a bar has room for the holder's name. */
const ROOM_FOR_NAME = 9;

/**
 * The picture of one pool: a row for each lock, positioned in percent, so that it fits any screen without a
 * script. The table below it says the same to screen readers.
 */
export function timelineFigure(timeline: PoolTimeline, idOf: (lock: string) => string | null): Markup {
  const { rows, idle } = timeline;
  if (rows.length === 0) return timelineNote(timeline);
  const idleText = idle === 0 ? '' : ` ${idle} ${idle === 1 ? 'lock was' : 'locks were'} not held.`;
  return html`<figure class="timeline">
<figcaption>${useOf(timeline)}${idleText}</figcaption>
<div class="rows" aria-hidden="true">
${rows.map((row, i) => [
  i % ROWS_PER_AXIS === 0 ? axis(timeline) : null,
  rowMarkup(row, timeline, idOf(row.lock)),
])}
</div>
${holdsTable(timeline)}
</figure>`;
}

/** The picture in a sentence. */
export function timelineNote(timeline: PoolTimeline): Markup {
  return html`<p class="note">${useOf(timeline)}</p>`;
}

function useOf({ period, holds, emptyShare }: PoolTimeline): string {
  const days = Math.round((period.until - period.from) / 86_400);
  const span = days === 1 ? 'Last day' : `Last ${days} days`;
  return holds.length === 0
    ? `${span}: never held.`
    : `${span}: held ${times(holds.length)}, ${freeText(emptyShare)}.`;
}

function axis({ period }: PoolTimeline): Markup {
  const ticks = ticksOf(period).filter(({ left }) => left < 94);
  const labels = ticks.map(
    ({ at, left, isDay }) =>
      html`<text x="${place(left)}" dx="3" y="11">${isDay ? dayName(at) : clockTime(at)}</text>`,
  );
  return html`<div class="row axis"><span></span><svg width="100%" height="14" focusable="false">${grid(period)}${labels}</svg></div>
`;
}

function grid(period: PoolTimeline['period']): Markup[] {
  return ticksOf(period).map(
    ({ left }) => html`<line x1="${place(left)}" x2="${place(left)}" y1="0" y2="100%"/>`,
  );
}

function rowMarkup({ lock, report, bars }: Row, { period }: PoolTimeline, id: string | null): Markup {
  const gone = report === null ? html` <small>removed</small>` : null;
  const attribute = id === null ? html` data-gone` : html` data-of="${id}"`;
  return html`<div class="row"${attribute}><span class="name"><bdi>${lock}</bdi>${gone}</span><svg width="100%" height="18" focusable="false">${grid(period)}${bars.map((bar) => barMarkup(bar, period.until))}</svg></div>
`;
}

function barMarkup({ kind, left, width, holds }: Bar, now: number): Markup {
  const [first, ...more] = holds;
  if (first === undefined) return html``;
  const title = more.length > 0 ? `${holds.length} short holds` : describeHold(first, now);
  const label =
    width >= ROOM_FOR_NAME && more.length === 0
      ? html`<svg x="${place(left)}" width="${place(width)}" height="18"><text x="5" y="13">${shortName(first)}</text></svg>`
      : null;
  return html`<g class="${kind}"><title>${title}</title><rect x="${place(left)}" width="${place(width)}" y="2" height="14" rx="2"/>${label}</g>`;
}

function describeHold(hold: Tenure, now: number): string {
  const { claim, end } = hold;
  const held = heldFor(hold, now);
  const from = claim === null ? 'since before these days' : `from ${pointOfTime(claim.at, now)}`;
  const to = end.kind === 'still-held' ? 'still held' : `to ${pointOfTime(end.at, now)}`;
  const length = held === null ? '' : ` (${shortDuration(held)})`;
  return `${holderName(hold)}, ${from} ${to}${length}, ${endText(hold)}`;
}

function holderName({ claim }: Tenure): string {
  return claim === null ? 'unknown' : describeOwner(claim.owner, claim.author);
}

/** Without the team: there is little room in a bar. */
function shortName(hold: Tenure): string {
  const owner = hold.claim?.owner;
  return owner?.kind === 'job' ? describeJobBuild({ ...owner, team: null }, owner.build) : holderName(hold);
}

const RELEASED_BY: Readonly<Record<Releaser, string>> = {
  'same-build': 'the same build',
  'same-job': 'another build of the job',
  'same-pipeline': 'another job',
  'other-pipeline': 'another pipeline',
  person: 'a person',
  'pool-boy': 'Pool Boy',
  unknown: 'unknown',
};

/** Where the holder is not known, its relation to the releaser is not known either; the releaser may be. */
function releaserName({ by, owner, author }: Extract<TenureEnd, { readonly by: Releaser }>): string {
  if (by === 'person') return author;
  return by === 'unknown' && owner.kind !== 'unknown' ? describeOwner(owner, author) : RELEASED_BY[by];
}

function endText({ end }: Tenure): string {
  switch (end.kind) {
    case 'still-held':
      return 'not released';
    case 'claimed-again':
      return 'claimed again without a release';
    case 'removed':
      return 'removed while held';
    case 'released':
      return `released by ${releaserName(end)}${end.to === null ? '' : ` to pool ${end.to}`}`;
  }
}

function holdsTable({ holds, period }: PoolTimeline): Markup {
  const shown = holds.slice(0, TABLE_ROWS);
  const which =
    shown.length < holds.length ? `the latest ${shown.length} of ${holds.length} holds` : 'the holds';
  return html`<details class="holds"><summary>Show ${which} as a table</summary>
<table><thead><tr>${['Lock', 'Held by', 'From', 'To', 'Held', 'End'].map(
    (head) => html`<th scope="col">${head}</th>`,
  )}</tr></thead><tbody>
${shown.map((hold) => holdRow(hold, period.until))}</tbody></table></details>`;
}

function holdRow(hold: Tenure, now: number): Markup {
  const { claim, end, lock } = hold;
  const held = heldFor(hold, now);
  const url = claim !== null && claim.owner.kind !== 'person' ? claim.owner.url : null;
  const cell = (label: string, text: Markup | string) => html`<td data-label="${label}">${text}</td>`;
  return html`<tr>${[
    html`<th scope="row"><bdi>${lock}</bdi></th>`,
    cell('Held by', link(url, holderName(hold))),
    cell('From', claim === null ? 'before' : timeTag(claim.at, now)),
    cell('To', end.kind === 'still-held' ? 'now' : timeTag(end.at, now)),
    cell('Held', held === null ? '' : shortDuration(held)),
    cell('End', endText(hold)),
  ]}</tr>
`;
}

function place(percent: number): string {
  return `${Math.round(percent * 100) / 100}%`;
}

function percent(share: number): string {
  return `${share < 0.1 ? (100 * share).toFixed(1) : Math.round(100 * share)}\u00a0%`;
}

function freeText(emptyShare: number): string {
  if (emptyShare < 0.0005) return 'always with a free lock';
  return emptyShare > 0.9995
    ? 'never with a free lock'
    : `without a free lock ${percent(emptyShare)} of the time`;
}

function times(many: number): string {
  return many === 1 ? 'once' : `${many} times`;
}
