/** What apt is set to on this machine, as `apt-get indextargets` prints it in FORMAT. */
export const FORMAT = '$(ORIGIN)|$(REPO_URI)|$(CODENAME)|$(COMPONENT)|$(CREATED_BY)';

export interface DebianMirror {
  readonly uri: string;
  readonly suite: string;
}

/**
 * The mirrors of Debian that this machine's apt uses, for another release of Debian: the same places, the other name.
 * The first one is the release itself.
 */
export function debianMirrors(indexTargets: string, release: string): readonly DebianMirror[] {
  const targets = indexTargets
    .split('\n')
    .map((line) => line.split('|'))
    .filter(
      ([origin, , , component, kind]) => origin === 'Debian' && component === 'main' && kind === 'Packages',
    );
  const own = targets.map(([, , codename = '']) => codename).find((codename) => !codename.includes('-'));
  if (own === undefined) return [];
  const mirrors = targets.map(([, uri = '', codename = '']) => ({
    uri,
    suite: codename.replace(own, release),
  }));
  const first = mirrors.filter((mirror) => mirror.suite === release);
  const others = mirrors.filter(
    (mirror) => mirror.suite === `${release}-updates` || mirror.suite === `${release}-security`,
  );
  return [...first, ...others];
}

export function sourcesList(mirrors: readonly DebianMirror[]): string {
  return mirrors.map(({ uri, suite }) => `deb ${uri} ${suite} main\n`).join('');
}

/** How this machine's apt gets through to its mirrors: the lines of `apt-config dump` that say so. */
export function aptSettings(dump: string): string {
  const lines = dump.split('\n').filter((line) => /^Acquire::(https?::|Check-)\S* ".+";$/.test(line));
  return lines.map((line) => `${line}\n`).join('');
}
