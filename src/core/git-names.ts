const SCHEMES = ['https', 'http', 'ssh', 'git+ssh', 'ssh+git', 'git', 'file'];

/**
 * Why git must not be given this URL, or null. `ext::` and its like run commands, and a leading `-` is an option to
 * some program further down.
 */
export function uriProblem(uri: string): string | null {
  if (uri.trim() === '') return 'want the URL of the lock repository, have an empty text';
  if (uri.startsWith('-')) return 'a URL must not start with -';
  if (hasControls(uri)) return 'a URL must not contain control characters';
  const helper = /^([a-z0-9][a-z0-9+.-]*)::/i.exec(uri)?.[1];
  if (helper !== undefined)
    return `${helper}:: URLs run other programs and are refused; want https, ssh, git, file or a path`;
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(uri)?.[1];
  if (scheme !== undefined && !SCHEMES.includes(scheme.toLowerCase())) {
    return `${scheme}:// URLs are not supported; want https, http, ssh, git, file, USER@HOST:PATH or a path`;
  }
  const host = scheme === undefined ? scpHost(uri) : hostOf(uri);
  if (host?.startsWith('-')) return 'the host in a URL must not start with -';
  return null;
}

/** Git's own rules for the names of branches (`git check-ref-format --branch`). */
export function branchProblem(branch: string): string | null {
  const parts = branch.split('/');
  const bad =
    branch === '' ||
    branch === '@' ||
    branch === 'HEAD' ||
    branch.startsWith('-') ||
    hasControls(branch) ||
    /[ ~^:?*[\\]|\.\.|@\{/.test(branch) ||
    branch.endsWith('.') ||
    parts.some((part) => part === '' || part.startsWith('.') || part.endsWith('.lock'));
  return bad ? `git allows no branch of the name ${JSON.stringify(branch)}` : null;
}

/** For logs and reports. The user of an SSH URL is part of the address; that of an HTTP URL may be a token. */
export function uriWithoutCredentials(uri: string): string {
  return uri
    .replace(/^(https?:\/\/)[^/?#]*@/i, '$1')
    .replace(/^([a-z][a-z0-9+.-]*:\/\/[^/?#:@]*):[^/?#]*@/i, '$1@');
}

function hostOf(uri: string): string | undefined {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^/]*@)?([^/]*)/i.exec(uri)?.[1];
}

/** `[USER@]HOST:PATH`, unless a slash comes before the colon: then it is a path. */
function scpHost(uri: string): string | undefined {
  return /^(?:[^/:]*@)?([^/:@]+):/.exec(uri)?.[1];
}

function hasControls(text: string): boolean {
  return /\p{Cc}/u.test(text);
}
