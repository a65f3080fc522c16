import { describeDuration, longestFirst } from '../../core/duration.ts';
import { claimedAt } from '../../core/lock.ts';
import { quoteName } from '../../core/quote-name.ts';
import { labelHolder } from '../../core/survey/present-holder.ts';
import type { Surveyed } from '../../core/survey/surveyed.ts';
import { visibleLine, visibleText } from '../../core/text.ts';
import { clock } from '../../core/time.ts';
import type { Verdict } from '../../core/verdict/reasons.ts';
import type { Style } from '../../runtime/terminal.ts';
import type { Cli } from '../command.ts';
import { renderTable } from './table.ts';

/** What needs a look first. */
export const URGENCY = { stale: 0, undecided: 1, live: 2 } as const;
export const VERDICT_STYLE: Readonly<Record<Verdict['verdict'], Style>> = {
  stale: 'red',
  undecided: 'yellow',
  live: 'green',
};
const COLUMNS = [
  // In one, as the other commands take it.
  { title: 'POOL/LOCK' },
  { title: 'HELD SINCE' },
  { title: 'HELD BY' },
  { title: 'VERDICT' },
  { title: 'WHY', wraps: true },
];

/** Claimed locks with who holds them and why they were judged as they were; the stale ones first. */
export function lockTable(locks: readonly Surveyed[], now: number, { terminal, tools }: Cli): string {
  const { paint, width } = terminal;
  const sorted = [...locks].sort(
    (a, b) => URGENCY[a.verdict.verdict] - URGENCY[b.verdict.verdict] || longestFirst(a.heldFor, b.heldFor),
  );
  const rows = sorted.map(({ lock, verdict, heldFor, evidence }) => [
    { text: oneLine(`${lock.pool}/${lock.name}`), paint: (text: string) => paint('bold', text) },
    { text: `${clock(claimedAt(lock.claim, now), now)} (${describeDuration(heldFor)})` },
    { text: oneLine(labelHolder(lock.claim, evidence)) },
    {
      text: `${verdict.verdict}: ${verdict.reason}`,
      paint: (text: string) => paint(VERDICT_STYLE[verdict.verdict], text),
    },
    { text: plainText(tools.mask.apply(verdict.detail)) },
  ]);
  return renderTable(COLUMNS, rows, width, (text) => paint('dim', text));
}

/** A name from outside, in one line that no terminal obeys. */
export function oneLine(name: string): string {
  return visibleText(quoteName(name));
}

export function plainText(text: string): string {
  return visibleLine(text);
}
