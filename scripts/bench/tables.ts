import type { Cost, Measured } from './measure.ts';
import type { WarmCost } from './warm.ts';

/** What, how much, the target, and how to show it. */
type Row = readonly [string, number, number, (value: number) => string];

export interface OldClaim {
  /** Beside a full clone of the same repository. */
  readonly file: { readonly clone: Cost; readonly cold: Cost };
  readonly link: { readonly clone: Cost; readonly cold: Cost };
  readonly memory: number;
}

/** What one repository costs, each row beside `git ls-remote` and a full clone of the same repository. */
export function sizeTable(
  commits: number,
  file: Measured,
  link: Measured,
  memory: { readonly cold: number; readonly warm: number; readonly out: number },
  old: OldClaim,
): string {
  const row = (name: string, near: Cost, far: Cost, megabytes: number | null) => [
    name,
    milliseconds(near.milliseconds),
    times(near.milliseconds / file.lsRemote.milliseconds),
    times(near.milliseconds / file.clone.milliseconds),
    milliseconds(far.milliseconds),
    times(far.milliseconds / link.lsRemote.milliseconds),
    times(far.milliseconds / link.clone.milliseconds),
    far.bytes === null ? '' : kilobytes(far.bytes),
    far.bytes === null || link.clone.bytes === null ? '' : times(far.bytes / link.clone.bytes),
    megabytes === null ? '' : `${megabytes.toFixed(0)} MB`,
  ];
  const title = `\n${commits.toLocaleString('en')} commits`;
  const head = ['', 'file://', '×ls-r', '×clone', '50 ms', '×ls-r', '×clone', 'fetched', '×clone', 'memory'];
  return `${title}\n${table([
    head,
    row('git ls-remote', file.lsRemote, link.lsRemote, null),
    row('git clone', file.clone, link.clone, null),
    row('check, cold', file.cold, link.cold, memory.cold),
    row('check, warm', file.warm, link.warm, memory.warm),
    row('out, one release', file.out, link.out, memory.out),
    row('check, cold, a very old claim', old.file.cold, old.link.cold, old.memory),
  ])}`;
}

export interface LockCost {
  readonly cold: number;
  readonly warm: number;
}

export function manyLocksTable(few: LockCost, many: LockCost): string {
  const row = (name: string, of: (cost: LockCost) => number) => [
    name,
    milliseconds(of(few)),
    milliseconds(of(many)),
    times(of(many) / of(few)),
  ];
  return `\n20,000 commits, claims within the last 1,000, file://\n${table([
    ['', '5 claimed', '500 claimed', 'ratio'],
    row('check, cold', ({ cold }) => cold),
    row('check, warm', ({ warm }) => warm),
  ])}`;
}

/** A warm check by each way that a repository is reached, beside `git ls-remote` by the same way. */
export function warmTable(costs: readonly WarmCost[]): string {
  const rows = costs.map(({ way, emptyNode, lsRemote, check, requests }) => [
    `${way}://`,
    milliseconds(emptyNode),
    milliseconds(lsRemote),
    milliseconds(check),
    times(check / (emptyNode + lsRemote)),
    times((check - lsRemote) / emptyNode),
    requests === null ? '' : String(requests),
  ]);
  const head = ['check, warm', 'Node', 'ls-r', 'check', '÷(N+l)', '(c-l)÷N', 'requests'];
  return `\n${table([head, ...rows])}`;
}

/** What is compared with targets, measured on the largest repository of the run. */
export interface Targets {
  readonly file: Measured;
  readonly link: Measured;
  readonly oldClaim: OldClaim;
  readonly warm: readonly WarmCost[];
  readonly memory: number;
  readonly few: LockCost;
  readonly many: LockCost;
}

export function compareWithTargets(all: Targets): string {
  const { file, link, oldClaim, warm, memory, few, many } = all;
  const warmRows = warm.map(({ way, emptyNode, lsRemote, check }): Row => {
    if (way === 'file')
      return ['warm check ÷ (empty Node + ls-remote), file://', check / (emptyNode + lsRemote), 2.3, times];
    return [
      `warm check above ls-remote, in empty Nodes, ${way}://`,
      (check - lsRemote) / emptyNode,
      3.5,
      times,
    ];
  });
  const cloneBytes = link.clone.bytes ?? Number.NaN;
  const rows: readonly Row[] = [
    ...warmRows,
    ['cold check ÷ clone, time, file://', file.cold.milliseconds / file.clone.milliseconds, 0.1, times],
    ['cold check ÷ clone, time, 50 ms', link.cold.milliseconds / link.clone.milliseconds, 0.1, times],
    ['cold check ÷ clone, bytes', (link.cold.bytes ?? Number.NaN) / cloneBytes, 0.01, times],
    [
      'very old claim: cold check ÷ clone, time, file://',
      oldClaim.file.cold.milliseconds / oldClaim.file.clone.milliseconds,
      1.3,
      times,
    ],
    [
      'very old claim: cold check ÷ clone, bytes',
      (oldClaim.link.cold.bytes ?? Number.NaN) / (oldClaim.link.clone.bytes ?? Number.NaN),
      1,
      times,
    ],
    ['peak memory of Node', memory, 100, (value) => `${value.toFixed(0)} MB`],
    ['500 claimed locks ÷ 5, cold', many.cold / few.cold, 3, times],
    ['500 claimed locks ÷ 5, warm', many.warm / few.warm, 3, times],
  ];
  const lines = rows.map(([name, value, limit, show]) => [
    name,
    show(value),
    `at most ${show(limit)}`,
    value <= limit ? 'met' : 'NOT met',
  ]);
  return `\nTargets, on the largest repository\n${table(lines)}`;
}

/** The first column to the left, numbers to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (so, row) => row.map((cell, at) => Math.max(so[at] ?? 0, cell.length)),
    [],
  );
  const line = (row: readonly string[]) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)));
  return rows.map((row) => line(row).join('  ').trimEnd()).join('\n');
}

function milliseconds(value: number): string {
  return value < 10_000 ? `${value.toFixed(0)} ms` : `${(value / 1000).toFixed(1)} s`;
}

function times(value: number): string {
  return value < 0.1 ? `${value.toFixed(4)}` : value.toFixed(2);
}

function kilobytes(bytes: number): string {
  return bytes < 10_000_000 ? `${(bytes / 1000).toFixed(1)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
