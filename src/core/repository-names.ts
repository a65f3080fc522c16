const SCHEMES = ['https', 'http', 'ssh', 'git+ssh', 'git', 'file'];

/** Why git must not be given this `uri`, as the end of a sentence about it; null when it may. */
export function uriProblem(uri: string): string | null {
  if (uri.trim() === '') return 'is empty';
  if (/\p{Cc}/u.test(uri)) return 'holds a control character';
  if (uri !== uri.trim()) return 'starts or ends with a blank';
  if (uri.startsWith('-')) return 'starts with "-", which git would read as an option';
  // `ext::sh -c ...` runs a program: no helper of git's is ever chosen by name.
  if (/^[a-z0-9+.-]*::/i.test(uri))
    return `names a transport helper, which would run another program; ${accepted()}`;
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(uri)?.[1];
  if (scheme === undefined) return hostProblem(scpHost(uri));
  if (!SCHEMES.includes(scheme.toLowerCase())) return `starts with ${scheme}://; ${accepted()}`;
  if (scheme.toLowerCase() === 'file') return null;
  const authority = uri.slice(scheme.length + 3).split('/')[0] ?? '';
  // `USER@HOST` goes to ssh as one word, so neither it nor the host alone may look like an option.
  if (authority.startsWith('-')) return 'names a user that starts with "-"';
  return hostProblem(authority.slice(authority.lastIndexOf('@') + 1));
}

function accepted(): string {
  return 'https, http, ssh, git+ssh, git and file URLs, HOST:PATH and local paths are accepted';
}

/** The host of `[USER@]HOST:PATH`; null for a local path, as git tells them apart. */
function scpHost(uri: string): string | null {
  const colon = uri.indexOf(':');
  const slash = uri.indexOf('/');
  if (colon === -1 || (slash !== -1 && slash < colon)) return null;
  const before = uri.slice(0, colon);
  return before.slice(before.lastIndexOf('@') + 1);
}

/** ssh and proxies get the host as an argument. */
function hostProblem(host: string | null): string | null {
  if (host === null) return null;
  if (host === '') return 'names no host';
  return host.startsWith('-') ? 'names a host that starts with "-"' : null;
}

/** Whether `uri` is a path on this machine, as git sees it. */
export function isLocalPath(uri: string): boolean {
  return !/^[a-z][a-z0-9+.-]*:\/\//i.test(uri) && scpHost(uri) === null;
}

/** Why git has no branch of this name (`git check-ref-format`), as the end of a sentence; null when it may have. */
export function branchProblem(branch: string): string | null {
  if (branch === '') return 'is empty';
  if (branch.startsWith('-')) return 'starts with "-"';
  if (branch === '@') return 'is "@"';
  if (branch.startsWith('refs/')) return 'starts with "refs/": the name alone is wanted';
  if (!branch.isWellFormed()) return 'is not well-formed Unicode';
  if (/[\p{Cc} ~^:?*[\\]/u.test(branch)) return 'holds a character that git allows in no branch name';
  if (branch.includes('..') || branch.includes('@{')) return 'holds ".." or "@{"';
  if (branch.endsWith('.')) return 'ends with "."';
  const parts = branch.split('/');
  if (parts.includes('')) return 'has an empty part between slashes';
  if (parts.some((part) => part.startsWith('.') || part.endsWith('.lock'))) {
    return 'has a part that starts with "." or ends with ".lock"';
  }
  return null;
}

/** The URI for people to see. In an http URL the user can be a token as well. */
export function shownUri(uri: string): string {
  return uri.replace(/^([a-z][a-z0-9+.-]*:\/\/)([^/]*)@/i, (_all, scheme: string, user: string) =>
    /^https?:/i.test(scheme) ? scheme : `${scheme}${user.split(':')[0]}@`,
  );
}
