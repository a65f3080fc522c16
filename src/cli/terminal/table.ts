import stringWidth from 'string-width';

export interface Column {
  readonly title: string;
  /** Takes what the others leave, and breaks its text into lines. One column of a table at most. */
  readonly wraps?: boolean;
}

/** A cell's text, and how to colour it once its width is settled. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

const GAP = '  ';
/** Below this a sentence in a column is harder to read than one in lines of its own. */
const NARROWEST = 30;

/**
 * A table that fits into `width` columns; null for no limit. Where the wrapping column would get too narrow, its text
 * goes under each row instead. Nothing is ever cut off: a lock's name is needed as a whole.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  width: number | null,
  paintTitle: (text: string) => string = (text) => text,
): string {
  const last = columns.findIndex(({ wraps }) => wraps === true);
  const fixed = columns.map((_, i) => i).filter((i) => i !== last);
  const widths = new Map(
    fixed.map((i) => [
      i,
      Math.max(stringWidth(columns[i]?.title ?? ''), ...rows.map((row) => stringWidth(row[i]?.text ?? ''))),
    ]),
  );
  const taken = [...widths.values()].reduce((sum, one) => sum + one + GAP.length, 0);
  const room = width === null ? Number.POSITIVE_INFINITY : width - taken;
  if (width !== null && taken - GAP.length > width) return renderRecords(columns, rows, width, paintTitle);
  const isBelow = last !== -1 && room < NARROWEST;
  const line = (cells: readonly Cell[]) =>
    fixed.map((i) => pad(cells[i] ?? { text: '' }, widths.get(i) ?? 0)).join(GAP);
  const titles = columns.map(({ title }) => ({ text: title, paint: paintTitle }));
  const head = `${line(titles)}${last === -1 || isBelow ? '' : GAP + paintTitle(columns[last]?.title ?? '')}`;
  const body = rows.flatMap((row) => {
    const text = last === -1 ? '' : (row[last]?.text ?? '');
    if (isBelow) {
      return [line(row), ...wrap(text, Math.max(NARROWEST, (width ?? 80) - 4)).map((one) => `    ${one}`)];
    }
    const [first = '', ...others] = wrap(text, room);
    return [`${line(row)}${GAP}${first}`, ...others.map((one) => ' '.repeat(taken) + one)];
  });
  return [head, ...body].map((one) => one.trimEnd()).join('\n');
}

/** Where not even the columns fit: each row as a few lines of its own. */
function renderRecords(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  width: number,
  paintTitle: (text: string) => string,
): string {
  const [, ...others] = columns;
  const indent = 4;
  const labels = Math.max(...others.map(({ title }) => stringWidth(title))) + GAP.length;
  const records = rows.map(([first, ...cells]) => {
    const lines = others.flatMap(({ title }, i) => {
      const cell = cells[i] ?? { text: '' };
      if (cell.text === '') return [];
      const parts = wrap(cell.text, Math.max(16, width - indent - labels));
      return parts.map((part, at) => {
        const label = pad(at === 0 ? { text: title, paint: paintTitle } : { text: '' }, labels);
        return `${' '.repeat(indent)}${label}${cell.paint === undefined ? part : cell.paint(part)}`;
      });
    });
    return [first === undefined ? '' : pad(first, 0), ...lines].join('\n');
  });
  return records.join('\n');
}

/** The cell's text, coloured, and as wide as its column. */
export function pad({ text, paint }: Cell, width: number): string {
  const blanks = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return `${paint === undefined ? text : paint(text)}${blanks}`;
}

/** Breaks at blanks only; a word that is too long stands in a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && stringWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}
