import { ask } from './run-tool.ts';

/** The image's parts, as a list of Debian's packages or of paths. What is in none of them is Debian's base. */
const PARTS: Readonly<Record<string, { readonly packages?: string; readonly paths?: string }>> = {
  Node: { paths: '/usr/local/bin/node /usr/local/share/doc/node' },
  git: { packages: 'git' },
  OpenSSH: { packages: 'openssh-client' },
  'CA certificates': { packages: 'ca-certificates openssl', paths: '/etc/ssl/certs' },
  'Pool Boy': { paths: '/opt/resource /usr/local/share/doc/pool-boy' },
  'compiled code': { paths: '/opt/compile-cache' },
};

/** Prints how much room each part of an image takes. */
export function printSizes(root: string): void {
  const bytesOf = (list: string) =>
    Number(
      ask('chroot', [
        root,
        'sh',
        '-c',
        `(${list}) | xargs -d '\\n' stat --printf '%s %F\\n' 2>/dev/null | awk '/regular/ { n += $1 } END { print n + 0 }'`,
      ]),
    );
  const files = (paths: string) => `find ${paths} -xdev -type f`;
  const rows = Object.entries(PARTS).map(([name, { packages, paths }]): [string, number] => {
    const lists = [packages && `dpkg-query --listfiles ${packages}`, paths && files(paths)];
    return [name, bytesOf(lists.filter(Boolean).join(';'))];
  });
  const all = bytesOf(files('/'));
  const rest = all - rows.reduce((sum, [, bytes]) => sum + bytes, 0);
  for (const [name, bytes] of [...rows, ['Debian and libraries', rest], ['all', all]] as const)
    console.log(`${name.padEnd(22)}${(bytes / 1e6).toFixed(1).padStart(8)} MB`);
}
