import { readdirSync, readFileSync } from 'node:fs';

/** The variable that every process below one of our commands inherits. */
export const MARK = 'POOL_BOY_COMMAND';

/**
 * Ends all processes that carry the mark. Git starts ssh and helpers of its own, which can outlive it when a server
 * hangs and would keep its pipes open; their ids are known to nobody else. Where there is no /proc, nothing happens.
 */
export function killMarked(mark: string, signal: NodeJS.Signals): void {
  const wanted = Buffer.from(`${MARK}=${mark}\0`);
  for (const pid of processes()) {
    try {
      if (readFileSync(`/proc/${pid}/environ`).includes(wanted)) process.kill(pid, signal);
    } catch {
      // Not ours to read, or gone.
    }
  }
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
