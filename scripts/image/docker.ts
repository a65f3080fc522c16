// Docker shows no folder of an image: a container's files are copied out of it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, run } from './run-tool.ts';

/** Lends the root folder of the image, and its environment, for as long as the work goes on. */
export function inDocker(image: string, work: (root: string, environment: readonly string[]) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'pool-boy-image-'));
  const container = ask('docker', ['create', image, 'none']);
  try {
    run('sh', ['-ec', `docker export ${container} | tar --extract --directory ${folder}`]);
    const settings: readonly string[] | null = JSON.parse(
      ask('docker', ['inspect', '--format', '{{json .Config.Env}}', image]),
    );
    work(folder, settings ?? []);
  } finally {
    ask('docker', ['rm', container]);
    rmSync(folder, { recursive: true });
  }
}
