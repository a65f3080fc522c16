import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What the server said in its own packets, which `git push` shows nowhere. */
export interface PushTrace {
  /**
   * Whether its capabilities name `report-status`, so that it will say what becomes of each ref; null where none came.
   */
  readonly offersReports: boolean | null;
  /** It reported the one ref that was pushed as updated. */
  readonly isReported: boolean;
}

/**
 * Lets a push write down the packets that it gets. Without a report git takes a ref for updated as soon as it has sent
 * the pack (`send_pack` in git's send-pack.c), so its word alone proves nothing. No packet of a push holds a secret.
 */
export function tracePackets(folder: string): {
  readonly variables: Readonly<Record<string, string>>;
  read(): PushTrace;
} {
  const file = join(folder, 'push-trace');
  rmSync(file, { force: true });
  return {
    variables: { GIT_TRACE_PACKET: file },
    read() {
      const lines = packetsIn(file);
      rmSync(file, { force: true });
      // The first packet of the server ends with its capabilities, behind a zero byte.
      const capabilities = lines.find((line) => /< .*\\0/.test(line));
      return {
        offersReports: capabilities === undefined ? null : /\\0(?:.* )?report-status\b/.test(capabilities),
        isReported: lines.some((line) => /< ok refs\//.test(line)),
      };
    },
  };
}

/** For a path on this machine the server writes to the same file, as `receive-pack`. */
function packetsIn(file: string): string[] {
  try {
    return readFileSync(file, 'latin1')
      .split('\n')
      .filter((line) => line.includes('packet: ') && !/ receive-pack[<>]/.test(line));
  } catch {
    return [];
  }
}
