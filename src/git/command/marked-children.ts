import { readdirSync, readFileSync } from 'node:fs';

/** The variable that every process below one of our commands inherits. */
export const MARK = 'POOL_BOY_COMMAND';

/**
 * Ends all processes that carry the mark. Git starts ssh and helpers of its own, which can outlive it when a server
 * hangs and would keep its pipes open; nothing else tells their ids. Returns how many there were: none without /proc.
 */
export function killMarked(mark: string, signal: NodeJS.Signals): number {
  const wanted = Buffer.from(`${MARK}=${mark}\0`);
  let found = 0;
  for (const pid of processes()) {
    try {
      if (!readFileSync(`/proc/${pid}/environ`).includes(wanted)) continue;
      process.kill(pid, signal);
      found += 1;
    } catch {
      // Another user's process, or one that has ended.
    }
  }
  return found;
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
