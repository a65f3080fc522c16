// The images that the Dockerfile starts from, made of packages from Debian and npm alone, for machines that reach no
// image registry. They bear the names that the Dockerfile asks for, in a store that only this script uses.
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type Buildah, inContainer } from './buildah.ts';
import { aptSettings, type DebianMirror, debianMirrors, FORMAT, sourcesList } from './debian-mirrors.ts';
import { ask, run, Stop, timed } from './run-tool.ts';

const RELEASE = 'trixie';
const DEBIAN = 'docker.io/library/debian:trixie-slim';
const NODE = 'docker.io/library/node:26-trixie-slim';
/** The major version of npm that comes with Node 26. */
const NPM = 'npm@11';
const NODE_PACKAGE = `node_modules/node-linux-${process.arch}`;
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';
const OWN_CERTIFICATES = '/usr/local/share/ca-certificates';
/** Debian's slim images leave out the same. */
const LEFT_OUT = ['doc', 'groff', 'info', 'linda', 'lintian', 'locale', 'man'];
/** Milliseconds. Debian's updates are to get in, as they get into the real images, and old layers out. */
const TOO_OLD = 14 * 24 * 3600 * 1000;
/** Kilobytes that the layers of earlier builds may take. */
const TOO_LARGE = 4_000_000;

/** Makes the two images where they are not there yet, or old, or made with other settings. */
export function provideBaseImages(buildah: Buildah): void {
  const mirrors = debianMirrors(ask('apt-get', ['indextargets', '--format', FORMAT]), RELEASE);
  const [mirror] = mirrors;
  if (mirror === undefined)
    throw new Stop("apt names no mirror of Debian here: run 'apt-get update' once, on a Debian.");
  const key = keyOf(mirrors);
  const stamp = join(buildah.folder, 'base-images.json');
  const small = Number.parseInt(ask('du', ['-sk', buildah.folder]), 10) < TOO_LARGE;
  if (small && isFresh(stamp, key) && [DEBIAN, NODE].every((name) => buildah.has(name))) return;
  rmSync(stamp, { force: true });
  buildah.clear();
  timed(`Base image ${DEBIAN}`, () => makeDebian(buildah, mirror, mirrors));
  timed(`Base image ${NODE}`, () => makeNode(buildah));
  writeFileSync(stamp, JSON.stringify({ key, made: Date.now() }));
}

function makeDebian(buildah: Buildah, mirror: DebianMirror, mirrors: readonly DebianMirror[]): void {
  inContainer(buildah, 'scratch', (root, container) => {
    // It says all that it unpacks: only of interest when it fails.
    const log = ask('debootstrap', ['--variant=minbase', mirror.suite, root, mirror.uri]);
    if (!existsSync(join(root, 'usr/bin/apt-get'))) throw new Stop(`debootstrap made no Debian: ${log}`);
    for (const kind of LEFT_OUT) leaveOut(root, kind);
    for (const leftover of ['var/lib/apt/lists', 'var/cache/apt', 'var/log'])
      rmSync(join(root, leftover), { recursive: true, force: true });
    for (const needed of ['var/lib/apt/lists/partial', 'var/cache/apt/archives/partial', 'var/log'])
      mkdirSync(join(root, needed), { recursive: true });
    writeFileSync(join(root, 'etc/apt/sources.list'), sourcesList(mirrors));
    writeFileSync(join(root, 'etc/apt/apt.conf.d/80-mirrors'), aptSettings(ask('apt-config', ['dump'])));
    trustOwnCertificates(root);
    buildah.commit(container, DEBIAN);
  });
}

function makeNode(buildah: Buildah): void {
  inContainer(buildah, DEBIAN, (root, container) => {
    buildah.run(container, [
      'sh',
      '-ec',
      'apt-get -q update; apt-get -qy install --no-install-recommends libatomic1; rm -rf /var/lib/apt/lists/*',
    ]);
    copyFileSync(join(NODE_PACKAGE, 'bin/node'), join(root, 'usr/local/bin/node'));
    copyFileSync(join(NODE_PACKAGE, 'LICENSE'), join(root, 'usr/local/LICENSE'));
    run('npm', ['install', '--global', '--loglevel=error', '--prefix', join(root, 'usr/local'), NPM]);
    const settings = npmSettings();
    if (existsSync(settings)) {
      mkdirSync(join(root, 'usr/local/etc'), { recursive: true });
      copyFileSync(settings, join(root, 'usr/local/etc/npmrc'));
    }
    buildah.commit(container, NODE);
  });
}

/** The file with the machine's own settings of npm: the Node of this project, first in PATH, has none. */
function npmSettings(): string {
  const path = (process.env.PATH ?? '').split(':').filter((folder) => !folder.includes('node_modules'));
  return ask('env', [`PATH=${path.join(':')}`, 'npm', 'config', 'get', 'globalconfig']);
}

/** Removes a kind of documentation, and tells dpkg to unpack no more of it. */
function leaveOut(root: string, kind: string): void {
  const folder = `usr/share/${kind}`;
  const rules = join(root, 'etc/dpkg/dpkg.cfg.d/slim');
  mkdirSync(dirname(rules), { recursive: true });
  appendFileSync(rules, `path-exclude /${folder}/*\n`);
  // The licences of Debian's packages stay.
  if (kind === 'doc') appendFileSync(rules, 'path-include /usr/share/doc/*/copyright\n');
  const keep = kind === 'doc' ? ['!', '-name', 'copyright'] : [];
  if (existsSync(join(root, folder)))
    ask('find', [join(root, folder), '-mindepth', '1', '!', '-type', 'd', ...keep, '-delete']);
}

/** Machines behind a proxy that opens HTTPS have a certificate of their own, which npm in the image needs as well. */
function trustOwnCertificates(root: string): void {
  if (existsSync(CERTIFICATES)) {
    mkdirSync(dirname(join(root, CERTIFICATES)), { recursive: true });
    copyFileSync(CERTIFICATES, join(root, CERTIFICATES));
  }
  if (existsSync(OWN_CERTIFICATES))
    cpSync(OWN_CERTIFICATES, join(root, OWN_CERTIFICATES), { recursive: true, dereference: true });
}

function keyOf(mirrors: readonly DebianMirror[]): string {
  const hash = createHash('sha256').update(JSON.stringify(mirrors)).update(NPM);
  hash.update(readFileSync(join(NODE_PACKAGE, 'package.json')));
  hash.update(readFileSync(import.meta.filename));
  if (existsSync(CERTIFICATES)) hash.update(readFileSync(CERTIFICATES));
  return hash.digest('hex');
}

function isFresh(stamp: string, key: string): boolean {
  if (!existsSync(stamp)) return false;
  const found: { key?: unknown; made?: unknown } = JSON.parse(readFileSync(stamp, 'utf8'));
  return found.key === key && Date.now() - Number(found.made) < TOO_OLD;
}
