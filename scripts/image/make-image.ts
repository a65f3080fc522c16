// Builds the Dockerfile, tries the programs of the image as Concourse runs them, and says how large its parts are.
// With Docker where there is one, else with Debian's buildah on base images made of Debian's packages.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { provideBaseImages } from './base-images.ts';
import { cacheFolder, inContainer, openBuildah } from './buildah.ts';
import { inDocker } from './docker.ts';
import { ask, run, Stop, timed, works } from './run-tool.ts';
import { tryImage } from './try-image.ts';

const IMAGE = 'localhost/pool-boy';
const TRY_NEEDS = { sshd: 'openssh-server', ip: 'iproute2', unshare: 'util-linux', setpriv: 'util-linux' };
const BUILD_NEEDS = { buildah: 'buildah', debootstrap: 'debootstrap', npm: 'npm' };
/** Set in the process that does the work with buildah. */
const ALONE = 'POOL_BOY_IMAGE_ALONE';

function versionOfPackage(): string {
  const { version }: { version: string } = JSON.parse(readFileSync('package.json', 'utf8'));
  return version;
}

function buildArguments(): readonly string[] {
  const version = versionOfPackage();
  const commit = works('git', ['rev-parse', 'HEAD']) ? ask('git', ['rev-parse', 'HEAD']) : 'unknown';
  return ['--build-arg', `VERSION=${version}`, '--build-arg', `COMMIT=${commit}`];
}

/** An image on one machine helps nobody: the last lines are the two commands that bring it to a registry. */
function sayHowToPush(login: string, push: (target: string) => string): void {
  const target = `registry.example.com/ci/pool-boy:${versionOfPackage()}`;
  console.log(`\nThe image is ${IMAGE}. To push it, with your registry in place of registry.example.com:`);
  console.log(`  ${login} registry.example.com\n  ${push(target)}`);
}

function demand(tools: Readonly<Record<string, string>>): void {
  const missing = Object.entries(tools).filter(([tool]) => !works('sh', ['-c', `command -v ${tool}`]));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(([, name]) => name))].join(' ');
  throw new Stop(`make image needs ${missing.map(([tool]) => tool).join(', ')}: apt-get install ${packages}`);
}

function withDocker(): void {
  timed('Image', () => run('docker', ['build', '--tag', IMAGE, ...buildArguments(), '.']));
  tryInDocker();
  sayHowToPush('docker login', (target) => `docker tag ${IMAGE} ${target} && docker push ${target}`);
}

function tryInDocker(): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    console.log('The programs were tried in the build. Trying them over SSH takes root on Linux.');
    return;
  }
  demand(TRY_NEEDS);
  inDocker(IMAGE, tryImage);
}

function withBuildah(): void {
  if (process.getuid?.() !== 0) throw new Stop('make image needs a running Docker engine, or root.');
  demand({ ...BUILD_NEEDS, ...TRY_NEEDS });
  if (process.env[ALONE] === undefined) {
    process.exitCode = runAlone();
    return;
  }
  const buildah = openBuildah();
  provideBaseImages(buildah);
  timed('Image', () => buildah.build(IMAGE, buildArguments()));
  inContainer(buildah, IMAGE, (root) => tryImage(root, buildah.environment(IMAGE)));
  sayHowToPush('buildah login', (target) => buildah.pushCommand(IMAGE, target));
}

/** One run at a time, and in namespaces of its own: when it ends, however it ends, no mount and no process is left. */
function runAlone(): number {
  const folder = cacheFolder();
  mkdirSync(folder, { recursive: true });
  const { status } = spawnSync(
    'flock',
    [
      join(folder, 'lock'),
      ...['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'],
      ...[process.execPath, import.meta.filename],
    ],
    { stdio: 'inherit', env: { ...process.env, [ALONE]: '1' } },
  );
  return status ?? 1;
}

try {
  if (works('docker', ['info'])) withDocker();
  else withBuildah();
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
