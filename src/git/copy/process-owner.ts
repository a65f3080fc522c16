import { readFileSync, readlinkSync } from 'node:fs';

/** A process, told apart from a later one with the same id, and from one of another container with the same id. */
export function ownerOf(pid: number): string {
  return `${pid}_${startOf(pid)}_${namespaceId()}`;
}

/** Whether the process is known to be gone. One of another container cannot be seen from here. */
export function isGone(owner: string): boolean {
  const [, pid, start, namespace] = /^(\d+)_(\d*)_(\d*)$/.exec(owner) ?? [];
  if (pid === undefined || namespace !== namespaceId()) return false;
  return !isThere(Number(pid)) || startOf(Number(pid)) !== start;
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process may not be signalled, but is there.
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EPERM';
  }
}

/** Ids of processes are used again, but not at the same time since the machine was started. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')')).split(' ')[20] ?? '';
  } catch {
    return '';
  }
}

function namespaceId(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '';
  } catch {
    return '';
  }
}
