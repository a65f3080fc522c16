import { shortDuration } from '../../core/duration.ts';
import { describeJobBuild } from '../../core/naming.ts';
import type { ClaimedReport, HolderReport, HoldReport, Report } from '../model.ts';
import { ownerName } from '../owner-name.ts';
import { buildUrl, ownerUrl } from './links.ts';
import { html, link, type Markup } from './markup.ts';
import type { Room } from './size-budget.ts';
import { secondsOf, timeTag } from './time-tags.ts';

export interface LockRow {
  readonly id: string;
  readonly lock: ClaimedReport;
}

/** The claimed locks of a pool. On narrow screens the style turns rows into blocks, and the script adds table roles. */
export function lockTable(pool: string, rows: readonly LockRow[], report: Report, room: Room): Markup {
  const heads = ['Lock', 'Held', 'Holder', 'Verdict', 'Why'];
  return html`<table class="locks" aria-label="${`Claimed locks of ${pool}`}"><thead><tr>${heads.map(
    (head) => html`<th scope="col">${head}</th>`,
  )}</tr></thead><tbody>
${rows.map((row) => lockRow(row, report, room))}</tbody></table>`;
}

function lockRow({ id, lock }: LockRow, report: Report, room: Room): Markup {
  const now = secondsOf(report.generated_at);
  return html`<tr id="${id}" class="${lock.verdict}" data-state="${lock.verdict}">
<th scope="row"><bdi>${lock.name}</bdi></th>
<td data-label="Held"><b>${shortDuration(lock.held_seconds)}</b> <small>since ${timeTag(secondsOf(lock.claimed_at), now)}</small></td>
<td data-label="Holder">${holderLinks(lock, report)}</td>
<td data-label="Verdict"><span class="pill ${lock.verdict}">${lock.verdict}</span> <small>${lock.reason}</small>${lock.hold === null ? null : html` <small>hold until ${timeTag(secondsOf(lock.hold.until), now)}</small>`}</td>
<td data-label="Why">${lock.detail}${room.isFull ? null : room.take(evidence(lock, report, now))}</td>
</tr>
`;
}

/** The build that has the lock, and the one that claimed it where that is another. */
function holderLinks({ owner, claim, handed_to }: ClaimedReport, { concourse }: Report): Markup {
  const claimant = link(ownerUrl(owner, concourse), ownerName(owner, claim.author));
  if (handed_to === null) return claimant;
  return html`${link(buildUrl(handed_to.id, concourse), handed_to.name)}, claimed by ${claimant}`;
}

/** What the verdict rests on: the claim, and the builds that hold or held the lock. */
function evidence({ claim, holders, hold, name }: ClaimedReport, report: Report, now: number): Markup {
  return html`<details class="evidence"><summary>Evidence<span class="unseen"> for ${name}</span></summary><dl>
<dt>Claim</dt><dd><code>${claim.commit.slice(0, 10)}</code> by <bdi>${claim.author}</bdi><pre tabindex="0" aria-label="Message of the claim">${claim.message.trimEnd()}</pre></dd>${hold === null ? null : holdTerm(hold, now)}
<dt>Builds</dt>${
    holders.length === 0
      ? html`<dd>None is known to Concourse, or none was asked for.</dd>`
      : holders.map((holder) => html`<dd>${holderText(holder, report, now)}</dd>`)
  }
</dl></details>`;
}

function holdTerm({ until, by, reason, commit }: HoldReport, now: number): Markup {
  return html`
<dt>Hold</dt><dd><code>${commit.slice(0, 10)}</code> by <bdi>${by}</bdi>, until ${timeTag(secondsOf(until), now)}${reason === null ? null : html`<pre tabindex="0" aria-label="Reason of the hold">${reason}</pre>`}</dd>`;
}

function holderText(holder: HolderReport, report: Report, now: number): Markup {
  const { pipeline, job, name, id, status, role, started_at, ended_at } = holder;
  const build =
    pipeline === null || job === null
      ? `one-off build ${id}`
      : describeJobBuild({ team: null, pipeline, instanceVars: null, job }, name);
  const started = started_at === null ? null : html`, started ${timeTag(secondsOf(started_at), now)}`;
  const ended = ended_at === null ? null : html`, ended ${timeTag(secondsOf(ended_at), now)}`;
  return html`${link(buildUrl(id, report.concourse), build)} <span class="status ${status}">${status}</span>${started}${ended} <small>${role}</small>`;
}
