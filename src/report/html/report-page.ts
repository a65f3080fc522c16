import { longestFirst, shortDuration } from '../../core/duration.ts';
import { labelHandedOn } from '../../core/survey/present-holder.ts';
import { count } from '../../core/text.ts';
import type { PoolReport, Report } from '../model.ts';
import { ownerName } from '../owner-name.ts';
import { html, link, type Markup } from './markup.ts';
import { pageText } from './page-shell.ts';
import { poolSection, type Rooms } from './pool-section.ts';
import { createRoom } from './size-budget.ts';
import { sortLocks, sortPools, stateOf } from './sort-order.ts';
import { historyByPool, type Timeline } from './timeline.ts';

export interface HtmlOptions {
  /** Null where no history was read: then there are no pictures. */
  readonly timeline: Timeline | null;
  /** SHA-256 of a string, in base64: the page's policy names its own script and style by it. */
  readonly sha256: (text: string) => string;
}

/** Characters of HTML. They keep a page of 5,000 locks below 5 MB, which a browser opens and filters at once. */
const EVIDENCE_SIZE = 600_000;
const PICTURES_SIZE = 900_000;
const NO_HISTORY = { holds: [], presences: [] };

/** The report as one self-contained page, for an operator who keeps it open. */
export function htmlReport(report: Report, { timeline, sha256 }: HtmlOptions): string {
  const { stale, undecided, released } = report.summary;
  const pools = sortPools(report.pools).map((pool, i) => ({ pool, id: `p${i + 1}` }));
  const rooms = { evidence: createRoom(EVIDENCE_SIZE), pictures: createRoom(PICTURES_SIZE) };
  const histories = timeline === null ? null : historyByPool(timeline.history);
  const timelineOf = (pool: string) =>
    timeline === null ? null : { ...timeline, history: histories?.get(pool) ?? NO_HISTORY };
  const sections = pools.map(({ pool, id }) =>
    poolSection({ pool, id, report, timeline: timelineOf(pool.name), rooms }),
  );
  const news = [
    stale > 0 ? `${stale} stale` : null,
    undecided > 0 ? `${undecided} undecided` : null,
    released > 0 ? `${released} released` : null,
  ].filter((part) => part !== null);
  const body = html`<a class="skip" href="#pools">Skip to the pools</a>
${header(report)}
<main>
${figures(report)}
${attention(pools)}
${warnings(report)}
${releasedSection(report)}
<section id="pools" aria-labelledby="pools-title">
<h2 class="unseen" id="pools-title">Pools</h2>
${filter(report, timeline !== null)}
${leftOut(rooms)}
${sections}
</section>
</main>`;
  return pageText({
    title: `${news.length === 0 ? 'All well' : news.join(', ')} · Pool Boy`,
    alarm: stale > 0 ? 'stale' : undecided > 0 ? 'undecided' : 'none',
    body,
    sha256,
  });
}

function leftOut({ evidence, pictures }: Rooms): Markup | null {
  const parts = [
    evidence.isFull ? 'the evidence for the last locks' : null,
    pictures.isFull ? 'the pictures of the last pools' : null,
  ].filter((part) => part !== null);
  if (parts.length === 0) return null;
  return html`<p class="note">There are too many locks for one page, so ${parts.join(' and ')} are left out. Nothing is left out of report.json.</p>`;
}

function header({ repository, concourse, generated_at }: Report): Markup {
  const asked =
    concourse.length === 0
      ? html`no Concourse was asked`
      : concourse.map(
          ({ url, version }, i) =>
            html`${i === 0 ? 'Concourse ' : ', '}${link(url, url)}${version === null ? null : ` ${version}`}`,
        );
  return html`<header>
<h1>Pool Boy</h1>
<p><code><bdi>${repository.uri}</bdi></code> <span>branch <code><bdi>${repository.branch}</bdi></code> at <code>${repository.ref.slice(0, 10)}</code></span> <span>${asked}</span></p>
<p>Judged <time id="made" datetime="${generated_at}">${generated_at.slice(0, 10)} ${generated_at.slice(11, 16)} UTC</time> <span id="age"></span></p>
</header>`;
}

function figures({ summary }: Report): Markup {
  const tile = (many: number, what: string, kind: string) =>
    html`<div class="tile ${many === 0 ? 'zero' : kind}"><dd>${many}</dd><dt>${what}</dt></div>`;
  return html`<dl class="tiles">
${tile(summary.stale, 'stale', 'stale')}
${tile(summary.undecided, 'undecided', 'undecided')}
${tile(summary.claimed, 'claimed', 'plain')}
${tile(summary.unclaimed, 'free', 'plain')}
${tile(summary.released, 'released', 'released')}
${tile(summary.pools, summary.pools === 1 ? 'pool' : 'pools', 'plain')}
</dl>`;
}

/** How many warnings are shown; the rest are folded away. */
const WARNINGS_SHOWN = 5;

function warnings({ warnings: texts }: Report): Markup | null {
  if (texts.length === 0) return null;
  const list = (some: readonly string[]) => html`<ul>
${some.map((text) => html`<li>${text}</li>\n`)}</ul>`;
  const more = texts.slice(WARNINGS_SHOWN);
  return html`<section class="warnings" aria-labelledby="warnings-title"><h2 id="warnings-title">${count(texts.length, 'warning')}</h2>${list(texts.slice(0, WARNINGS_SHOWN))}${
    more.length === 0 ? null : html`<details><summary>${more.length} more</summary>${list(more)}</details>`
  }</section>`;
}

/** How many are listed; the pools below show all of them. */
const ATTENTION_SHOWN = 100;

/** The stale and undecided locks of all pools in one short list, with links to them. */
function attention(pools: readonly { readonly pool: PoolReport; readonly id: string }[]): Markup {
  const items = pools.flatMap(({ pool, id }) =>
    sortLocks(pool.locks).flatMap((lock, i) =>
      lock.state === 'claimed' && lock.verdict !== 'live'
        ? [{ pool: pool.name, id: `${id}-${i + 1}`, lock }]
        : [],
    ),
  );
  if (items.length === 0) return html`<p class="calm">No lock is stale, and none is undecided.</p>`;
  const sorted = [...items].sort(
    (a, b) =>
      Number(stateOf(a.lock) === 'undecided') - Number(stateOf(b.lock) === 'undecided') ||
      longestFirst(a.lock.held_seconds, b.lock.held_seconds),
  );
  const more = sorted.length - ATTENTION_SHOWN;
  return html`<section class="attention" aria-labelledby="attention-title"><h2 id="attention-title">Needs a look</h2><ol>
${sorted.slice(0, ATTENTION_SHOWN).map(
  ({
    pool,
    id,
    lock,
  }) => html`<li><span class="pill ${lock.verdict}">${lock.verdict}</span> <a href="#${id}"><bdi>${pool}/${lock.name}</bdi></a> <span class="facts"><b>${shortDuration(lock.held_seconds)}</b> <bdi>${labelHandedOn(ownerName(lock.owner, lock.claim.author), lock.handed_to)}</bdi> <small>${lock.reason}</small></span></li>
`,
)}</ol>${more > 0 ? html`<p class="note">${more} more in the pools below.</p>` : null}</section>`;
}

function releasedSection({ released }: Report): Markup | null {
  if (released.length === 0) return null;
  const heads = ['Lock', 'Was held', 'Reason', 'Commit'];
  return html`<section class="released" aria-labelledby="released-title"><h2 id="released-title">Released by this run</h2>
<table><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>
${released.map(
  (
    one,
  ) => html`<tr><th scope="row"><bdi>${one.pool}/${one.lock}</bdi>${one.to === null ? null : html` to <bdi>${one.to}</bdi>`}</th><td data-label="Was held">${shortDuration(one.held_seconds)}</td><td data-label="Reason">${one.reason}</td><td data-label="Commit"><code>${one.commit.slice(0, 10)}</code></td></tr>
`,
)}</tbody></table></section>`;
}

/** Hidden until the script shows it: it needs the script. */
function filter({ summary }: Report, withTimeline: boolean): Markup {
  const state = (value: string, many: number) =>
    html`<label><input type="checkbox" value="${value}" checked> ${value} <span>${many}</span></label>`;
  const live = summary.claimed - summary.stale - summary.undecided;
  return html`<div id="filter" role="search" hidden>
<input id="words" type="search" aria-label="Filter the locks by any word: pool, lock, holder, reason" placeholder="Filter: pool, lock, holder, reason" autocomplete="off" spellcheck="false">
<fieldset><legend class="unseen">States to show</legend>${state('stale', summary.stale)}${state('undecided', summary.undecided)}${state('live', live)}${state('free', summary.unclaimed)}</fieldset>
<span class="folds"><button type="button" id="open-all">Open all</button><button type="button" id="close-all">Close all</button></span>
<output id="shown" aria-live="polite"></output>
</div>
${withTimeline ? legend() : null}`;
}

function legend(): Markup {
  const key = (kind: string, text: string) =>
    html`<li><svg width="18" height="10" aria-hidden="true" focusable="false"><g class="${kind}"><rect width="18" height="10" rx="2"/></g></svg> ${text}</li>`;
  return html`<ul class="legend" aria-label="Colours of the pictures">
${key('past', 'held and given back')}${key('leaked', 'released by a person or Pool Boy')}${key('live', 'held')}${key('undecided', 'undecided')}${key('stale', 'stale')}
</ul>`;
}
