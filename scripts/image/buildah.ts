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
  /** Forgets all images, also the layers that earlier builds left. */
  readonly clear: () => void;
  readonly environment: (image: string) => readonly string[];
  /** The command line that pushes the image from this store, for people to copy. */
  readonly pushCommand: (image: string, target: string) => string;
}

export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'pool-boy');
}

export function openBuildah(): Buildah {
  const folder = cacheFolder();
  mkdirSync(folder, { recursive: true });
  const driver = canStackFolders(folder) ? 'overlay' : 'vfs';
  const store = [
    ...['--root', join(folder, driver), '--runroot', join(folder, 'run')],
    ...['--storage-driver', driver],
  ];
  const layers = driver === 'overlay' ? ['--layers'] : [];
  // The one kind that needs nothing which a container, where CI often runs, may lack.
  const isolation = ['--isolation', 'chroot'];
  return {
    folder,
    has: (image) => works('buildah', [...store, 'inspect', '--type', 'image', image]),
    build: (image, args) => {
      run('buildah', [
        ...store,
        'build',
        ...isolation,
        ...layers,
        '--pull-never',
        '--tag',
        image,
        ...args,
        '.',
      ]);
    },
    from: (image) => ask('buildah', [...store, 'from', '--pull-never', image]),
    mount: (container) => ask('buildah', [...store, 'mount', container]),
    run: (container, command) =>
      void ask('buildah', [...store, 'run', ...isolation, container, '--', ...command]),
    commit: (container, image) => void ask('buildah', [...store, 'commit', '--quiet', container, image]),
    remove: (container) => void ask('buildah', [...store, 'rm', container]),
    clear: () => {
      ask('buildah', [...store, 'rm', '--all']);
      ask('buildah', [...store, 'rmi', '--all', '--force']);
    },
    environment: (image) => {
      const inspected: { OCIv1: { config: { Env?: readonly string[] } } } = JSON.parse(
        ask('buildah', [...store, 'inspect', '--type', 'image', image]),
      );
      return inspected.OCIv1.config.Env ?? [];
    },
    pushCommand: (image, target) => ['buildah', ...store, 'push', image, `docker://${target}`].join(' '),
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
