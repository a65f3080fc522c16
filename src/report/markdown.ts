import { describeDuration, longestFirst } from '../core/duration.ts';
import { quoteName } from '../core/quote-name.ts';
import { labelHandedOn } from '../core/survey/present-holder.ts';
import { count } from '../core/text.ts';
import { code, link, plain } from './markdown-text.ts';
import type { ClaimedReport, PoolReport, Report } from './model.ts';
import { ownerName } from './owner-name.ts';
import { summaryLine } from './summary.ts';

const ORDER = { stale: 0, undecided: 1, live: 2 } as const;

/** The report for people who read Markdown: on GitHub, in a pull request, in a chat. */
export function markdownReport(report: Report): string {
  const { repository, concourse, generated_at } = report;
  const asked = concourse.map(
    ({ url, version }) => `${code(url)}${version === null ? '' : ` (${plain(version)})`}`,
  );
  const sections = [
    '# Pool Boy',
    plain(summaryLine(report)),
    `${code(repository.uri)}, branch ${code(repository.branch)} at ${code(repository.ref.slice(0, 10))}, judged at ${generated_at}${asked.length > 0 ? ` by the answers of ${asked.join(', ')}` : ' without a Concourse'}.`,
    ...(report.warnings.length > 0
      ? ['## Warnings', report.warnings.map((text) => `- ${plain(text)}`).join('\n')]
      : []),
    ...(report.released.length > 0 ? ['## Released', releasedTable(report)] : []),
    ...report.pools.filter(({ claimed }) => claimed > 0).map(poolSection),
    freePools(report.pools),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function releasedTable({ released }: Report): string {
  return table(
    ['lock', 'held', 'reason', 'commit'],
    released.map(({ pool, lock, held_seconds, reason, commit, to }) => [
      `${code(quoteName(`${pool}/${lock}`))}${to === null ? '' : ` to ${code(quoteName(to))}`}`,
      describeDuration(held_seconds),
      plain(reason),
      code(commit.slice(0, 10)),
    ]),
  );
}

function poolSection(pool: PoolReport): string {
  const claimed = pool.locks.filter((lock) => lock.state === 'claimed');
  const rows = claimed
    .sort((a, b) => ORDER[a.verdict] - ORDER[b.verdict] || longestFirst(a.held_seconds, b.held_seconds))
    .map((lock) => [
      code(quoteName(lock.name)),
      describeDuration(lock.held_seconds),
      holder(lock),
      verdict(lock),
      plain(lock.detail),
    ]);
  const timeout =
    pool.stale_after_seconds === null
      ? 'no timeout'
      : `timeout ${describeDuration(pool.stale_after_seconds)}`;
  const target = pool.release_to === null ? '' : `, released to ${code(quoteName(pool.release_to))}`;
  return [
    `## ${code(quoteName(pool.name))}`,
    `${count(pool.claimed, 'lock')} claimed, ${pool.unclaimed} free, ${timeout}${target}.`,
    table(['lock', 'held', 'held by', 'verdict', 'why'], rows),
  ].join('\n\n');
}

function verdict({ verdict, reason, hold }: ClaimedReport): string {
  const until = hold === null ? '' : ` (hold until ${hold.until})`;
  return `${verdict === 'stale' ? '**stale**' : verdict}: ${reason}${until}`;
}

function holder({ owner, claim, handed_to }: ClaimedReport): string {
  const name = ownerName(owner, claim.author);
  const claimant = owner.url === null ? plain(name) : link(name, owner.url);
  return labelHandedOn(claimant, handed_to === null ? null : { ...handed_to, name: plain(handed_to.name) });
}

function freePools(pools: readonly PoolReport[]): string {
  const free = pools.filter(({ claimed }) => claimed === 0);
  if (free.length === 0) return '';
  const names = free.map(({ name, unclaimed }) => `${code(quoteName(name))} (${unclaimed} free)`);
  return `## Pools without a claimed lock\n\n${names.join(', ')}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
