import stringWidth from 'string-width';
import { describeDuration, longestFirst, shortDuration } from '../../core/duration.ts';
import { labelHolder } from '../../core/survey/present-holder.ts';
import type { Survey, Surveyed, SurveyedPool } from '../../core/survey/surveyed.ts';
import { count } from '../../core/text.ts';
import type { Cli } from '../command.ts';
import { oneLine, plainText, URGENCY, VERDICT_STYLE } from './lock-table.ts';
import { type Cell, pad, wrap } from './table.ts';

/** The columns of `status` at a terminal; `--wide`, and what is piped, has those of the lock table. */
const TITLES = ['POOL/LOCK', 'HELD FOR', 'HELD BY', 'VERDICT'] as const;
/** Only this one is ever shortened: a lock's name is needed as a whole, and the holder's in full is in `--wide`. */
const HOLDER = 2;
const GAP = '  ';
const INDENT = '  ';
/** Below this a holder's name says nothing any more. */
const SHORTEST_HOLDER = 20;

/**
 * One line for each lock, by pool; what needs a look first, and only there why. Null where the terminal is too narrow
 * for that.
 */
export function statusTable(found: Survey, cli: Cli): string | null {
  const { terminal } = cli;
  const width = terminal.width ?? Number.POSITIVE_INFINITY;
  const pools = [...found.pools].sort(
    (a, b) => urgencyOf(a) - urgencyOf(b) || a.listing.name.localeCompare(b.listing.name),
  );
  const rows = new Map(pools.flatMap(({ locks }) => locks.map((one) => [one, cellsOf(one, cli)] as const)));
  const widths = widthsOf([...rows.values()], width);
  if (widths === null) return null;
  const line = (cells: readonly Cell[]) =>
    `${INDENT}${cells.map((cell, i) => pad(shortened(cell, widths[i] ?? 0), widths[i] ?? 0)).join(GAP)}`.trimEnd();
  const blocks = pools.map((pool) => {
    const locks = [...pool.locks].sort(
      (a, b) => URGENCY[a.verdict.verdict] - URGENCY[b.verdict.verdict] || longestFirst(a.heldFor, b.heldFor),
    );
    const lines = locks.flatMap((one) => [line(rows.get(one) ?? []), ...whyLines(one, width, cli)]);
    return [poolLine(pool), ...lines].join('\n');
  });
  const head = line(TITLES.map((text) => ({ text, paint: (title) => terminal.paint('dim', title) })));
  return [...(rows.size === 0 ? [] : [head]), ...blocks].join('\n');
}

/** `aws: 3 of 4 locks claimed, 1 free, timeout 8 hours`. */
export function poolLine({ listing, policy }: SurveyedPool): string {
  const claimed = listing.claimed ?? [];
  const free = (listing.unclaimed ?? []).filter((name) => !claimed.includes(name));
  const timeout =
    policy.staleAfter === null ? 'no timeout' : `timeout ${describeDuration(policy.staleAfter)}`;
  return `${oneLine(listing.name)}: ${claimed.length} of ${count(claimed.length + free.length, 'lock')} claimed, ${free.length} free, ${timeout}`;
}

function urgencyOf({ locks }: SurveyedPool): number {
  return Math.min(3, ...locks.map(({ verdict }) => URGENCY[verdict.verdict]));
}

function cellsOf({ lock, verdict, heldFor, evidence }: Surveyed, { terminal: { paint } }: Cli): Cell[] {
  return [
    { text: oneLine(`${lock.pool}/${lock.name}`), paint: (text) => paint('bold', text) },
    { text: shortDuration(heldFor) },
    { text: oneLine(labelHolder(lock.claim, evidence)) },
    {
      text: `${verdict.verdict}: ${verdict.reason}`,
      paint: (text) => paint(VERDICT_STYLE[verdict.verdict], text),
    },
  ];
}

function whyLines({ verdict }: Surveyed, width: number, { terminal, tools }: Cli): string[] {
  if (verdict.verdict === 'live') return [];
  const detail = plainText(tools.mask.apply(verdict.detail));
  return wrap(detail, Math.max(30, width - 6)).map((text) => `      ${terminal.paint('dim', text)}`);
}

/** As wide as the longest text; where a line would not fit, the holder gives way. Null where that is not enough. */
function widthsOf(rows: readonly (readonly Cell[])[], width: number): number[] | null {
  const widths = TITLES.map((title, i) =>
    Math.max(title.length, ...rows.map((cells) => stringWidth(cells[i]?.text ?? ''))),
  );
  const others = widths.reduce((sum, one, i) => (i === HOLDER ? sum : sum + one), 0);
  const room = width - INDENT.length - others - GAP.length * (widths.length - 1);
  if (room < Math.min(SHORTEST_HOLDER, widths[HOLDER] ?? 0)) return null;
  return widths.map((one, i) => (i === HOLDER ? Math.min(one, room) : one));
}

function shortened(cell: Cell, width: number): Cell {
  if (stringWidth(cell.text) <= width) return cell;
  let text = '';
  for (const character of cell.text) {
    if (stringWidth(text + character) > width - 1) break;
    text += character;
  }
  return { ...cell, text: `${text}…` };
}
