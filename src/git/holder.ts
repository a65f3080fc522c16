import { readFileSync } from 'node:fs';

/** The process and when it started: ids of processes are used again. */
export function holderOf(pid: number): string {
  const stat = statOf(pid);
  const started = stat?.slice(stat.lastIndexOf(')')).split(' ')[20] ?? 'gone';
  return `${pid} ${started}`;
}

function statOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return null;
  }
}
