// Debian's buildah, with a store of its own under the user's cache folder, so that no other images are touched.
import { mkdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ask, run, works } from './run-tool.ts';

export interface Buildah {
  /** Where everything is kept between runs. */
  readonly folder: string;
  readonly has: (image: string) => boolean;
  readonly build: (image: string, args: readonly string[]) => void;
  /** A container made of the image, not started. */
  readonly from: (image: string) => string;
  readonly mount: (container: string) => string;
  readonly run: (container: string, command: readonly string[]) => void;
  readonly commit: (container: string, image: string) => void;
  readonly remove: (container: string) => void;
  readonly environment: (image: string) => readonly string[];
}

export function openBuildah(): Buildah {
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'pool-boy');
  mkdirSync(folder, { recursive: true });
  const driver = canStackFolders(folder) ? 'overlay' : 'vfs';
  const store = [
    ...['--root', join(folder, driver), '--runroot', join(folder, 'run')],
    ...['--storage-driver', driver],
  ];
  // The one kind that needs nothing which a container, where CI often runs, may lack.
  const isolation = ['--isolation', 'chroot'];
  return {
    folder,
    has: (image) => works('buildah', [...store, 'inspect', '--type', 'image', image]),
    build: (image, args) => {
      run('buildah', [...store, 'build', ...isolation, '--layers', '--pull-never', '--tag', image, ...args, '.']);
      // Layers of earlier builds that nothing names any more.
      ask('buildah', [...store, 'rmi', '--prune']);
    },
    from: (image) => ask('buildah', [...store, 'from', '--pull-never', image]),
    mount: (container) => ask('buildah', [...store, 'mount', container]),
    run: (container, command) => void ask('buildah', [...store, 'run', ...isolation, container, '--', ...command]),
    commit: (container, image) => void ask('buildah', [...store, 'commit', '--quiet', container, image]),
    remove: (container) => {
      ask('buildah', [...store, 'rm', container]);
      rmSync(join(folder, 'run'), { recursive: true, force: true });
    },
    environment: (image) => {
      const settings: unknown = JSON.parse(
        ask('buildah', [...store, 'inspect', '--type', 'image', '--format', '{{json .OCIv1.Config.Env}}', image]),
      );
      return Array.isArray(settings) ? settings.map(String) : [];
    },
  };
}

/** Layers that lie on one another in the kernel take no time to copy. Without them each layer is a whole copy. */
function canStackFolders(folder: string): boolean {
  const trial = join(folder, 'trial');
  for (const part of ['lower', 'upper', 'work', 'merged']) mkdirSync(join(trial, part), { recursive: true });
  const options = `lowerdir=${trial}/lower,upperdir=${trial}/upper,workdir=${trial}/work`;
  const mounted = works('mount', ['-t', 'overlay', 'trial', '-o', options, join(trial, 'merged')]);
  if (mounted) run('umount', [join(trial, 'merged')]);
  rmSync(trial, { recursive: true });
  return mounted;
}

/** Lends the root folder of a container for as long as the work goes on. */
export function inContainer(
  buildah: Buildah,
  image: string,
  work: (root: string, container: string) => void,
): void {
  const container = buildah.from(image);
  try {
    work(buildah.mount(container), container);
  } finally {
    buildah.remove(container);
  }
}
