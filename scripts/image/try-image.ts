// Tries an image's programs in its root folder, beside an SSH server, in namespaces of their own: no network but
// loopback, and no mount, process or file is left when they end.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Stop, timed } from './run-tool.ts';
import { printSizes } from './sizes.ts';

export function tryImage(root: string, environment: readonly string[]): void {
  const trials = join(import.meta.dirname, 'trials.ts');
  const { status } = timed('Trials', () =>
    spawnSync(
      'unshare',
      [
        ...['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'],
        ...[process.execPath, trials, root, ...environment],
      ],
      { stdio: 'inherit' },
    ),
  );
  if (status !== 0) throw new Stop('The image does not do its work, see above.');
  printSizes(root);
}
