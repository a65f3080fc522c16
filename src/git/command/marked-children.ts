import { readdirSync, readFileSync } from 'node:fs';

/** The variable that every process below one of our commands inherits. */
export const MARK = 'POOL_BOY_COMMAND';

/**
 * Ends all processes that carry the mark. Git starts ssh and helpers of its own, which can outlive it when a server
 * hangs and would keep its pipes open; nothing else tells their ids. Returns how many there were: none without /proc.
 */
export function killMarked(mark: string, signal: NodeJS.Signals): number {
  return eachMarked(mark, (pid) => {
    process.kill(pid, signal);
    return 1;
  });
}

/** Bytes of memory of all processes that carry the mark, without what is only mapped from files; 0 without /proc. */
export function memoryOfMarked(mark: string): number {
  return eachMarked(mark, (pid) => {
    const kilobytes = /^RssAnon:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  });
}

/** The sum over all processes that carry the mark. */
function eachMarked(mark: string, measure: (pid: number) => number): number {
  const wanted = Buffer.from(`${MARK}=${mark}\0`);
  let sum = 0;
  for (const pid of processes()) {
    try {
      if (readFileSync(`/proc/${pid}/environ`).includes(wanted)) sum += measure(pid);
    } catch {
      // Another user's process, or one that has ended.
    }
  }
  return sum;
}

function processes(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}
