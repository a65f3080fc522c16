import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Lifetime } from '../process/lifetime.ts';
import { holderOf } from './holder.ts';

const PREFIX = 'pool-boy-run-';

/** A folder of this run alone. What runs that were killed have left goes first. */
export function makeRunFolder(root: string, lifetime: Lifetime): string {
  removeLeftovers(root);
  const folder = mkdtempSync(join(root, PREFIX));
  lifetime.atEnd(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'holder'), markOf(process.pid));
  return folder;
}

function removeLeftovers(root: string): void {
  for (const name of readdirSync(root).filter((one) => one.startsWith(PREFIX))) {
    const folder = join(root, name);
    try {
      if (lstatSync(folder).uid === process.getuid?.() && isDead(folder))
        rmSync(folder, { recursive: true, force: true });
    } catch {
      // Its run is just beginning, or just ending.
    }
  }
}

/** Processes of another container are out of sight, and not dead for that. */
function isDead(folder: string): boolean {
  const mark = readFileSync(join(folder, 'holder'), 'latin1');
  const pid = Number(mark.split(' ')[1]);
  return mark.startsWith(`${namespace()} `) && mark !== markOf(pid);
}

function markOf(pid: number): string {
  return `${namespace()} ${holderOf(pid)}`;
}

function namespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return 'unknown';
  }
}
