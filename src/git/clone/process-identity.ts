import { readFileSync, readlinkSync } from 'node:fs';

/**
 * Names a process so that it can be told from a later one with the same id, and from one with the same id in another
 * container: `PID_START_NAMESPACE`. Parts that cannot be read here are empty.
 */
export function identityOf(pid: number): string {
  return `${pid}_${startOf(pid)}_${namespaceId()}`;
}

/** Whether the process is known to have ended. One of another container cannot be seen from here. */
export function hasEnded(identity: string): boolean {
  const [, pid, start, namespace] = /^(\d+)_(\d*)_(\d*)$/.exec(identity) ?? [];
  if (pid === undefined || namespace !== namespaceId()) return false;
  return !isRunning(Number(pid)) || startOf(Number(pid)) !== start;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of another user may not be signalled, but it is there.
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EPERM';
  }
}

/** In clock ticks since the machine was started; a process id is used again, but not with the same start. */
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
