import { hasControls } from './text.ts';
/** `uri` taken apart once, as git does it; everything that needs a part of it starts from here. */
export type RepositoryUri =
  /** A path on this machine. */
  | { readonly kind: 'path'; readonly path: string }
  /** `[USER@]HOST:PATH`, git's short form for SSH. */
  | {
      readonly kind: 'scp';
      readonly user: string | null;
      readonly host: string;
      readonly port: number | null;
    }
  | {
      readonly kind: 'url';
      /** In lower case, as written before `://`; one that git does not know is possible here. */
      readonly scheme: string;
      /** As they stand in the URL, with its percent signs; null where the URL has none. */
      readonly user: string | null;
      readonly password: string | null;
      /** Without the brackets of an IPv6 address. */
      readonly host: string;
      /** As written: null where there is none. */
      readonly port: string | null;
      /** What stands behind the authority, with the slash. */
      readonly rest: string;
    };

/** What git takes as a URL of SSH, of HTTP, and besides them. */
const SSH = ['ssh', 'git+ssh', 'ssh+git'];
const HTTP = ['https', 'http'];
const ACCEPTED = ['https', 'http', 'ssh', 'git+ssh', 'git', 'file'];

/** Never fails: `uriProblem` says what is wrong with a value. */
export function parseUri(uri: string): RepositoryUri {
  const [, scheme, authority = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/([^/]*)(.*)$/is.exec(uri) ?? [];
  if (scheme === undefined) return parseScp(uri) ?? { kind: 'path', path: uri };
  // A password that was not percent-encoded may hold an @: what stands before the last one is the account.
  const at = authority.lastIndexOf('@');
  const [user = '', ...password] = at === -1 ? [] : authority.slice(0, at).split(':');
  const [, host = '', port = null] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(authority.slice(at + 1)) ?? [];
  return {
    kind: 'url',
    scheme: scheme.toLowerCase(),
    user: user === '' ? null : user,
    password: password.length === 0 ? null : password.join(':'),
    host: withoutBrackets(host),
    port: port === '' ? null : port,
    rest,
  };
}

/** Git takes a colon before the first slash for the end of a host's name. */
function parseScp(uri: string): RepositoryUri | null {
  const [, user, host = ''] = /^(?:([^/:]*)@)?(\[[^\]]*\]|[^/:]*):/.exec(uri) ?? [];
  if (!/^[^/]*:/.test(uri)) return null;
  // `[HOST:PORT]:PATH` is git's way to give a port in this form.
  const [, name, port] = /^\[([^:\]]+):(\d+)\]$/.exec(host) ?? [];
  return {
    kind: 'scp',
    user: user ? user : null,
    host: name ?? withoutBrackets(host),
    port: port === undefined ? null : Number(port),
  };
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

/** Whom an SSH remote leads to. */
export interface SshAddress {
  readonly user: string | null;
  readonly host: string;
  readonly port: number | null;
}

/** The address that ssh connects to; null for a remote that is not reached over SSH. */
export function sshAddress(uri: RepositoryUri): SshAddress | null {
  if (uri.kind === 'scp') return uri;
  if (uri.kind !== 'url' || !SSH.includes(uri.scheme)) return null;
  return { user: uri.user, host: uri.host, port: uri.port === null ? null : Number(uri.port) };
}

export function isHttp(uri: RepositoryUri): boolean {
  return uri.kind === 'url' && HTTP.includes(uri.scheme);
}

/** `https://HOST[:PORT]` of an http URL; null for everything else. */
export function httpOrigin(uri: RepositoryUri): string | null {
  return uri.kind === 'url' && isHttp(uri) && uri.host !== '' ? `${uri.scheme}://${hostAndPort(uri)}` : null;
}

function hostAndPort({ host, port }: { readonly host: string; readonly port: string | null }): string {
  return `${host.includes(':') ? `[${host}]` : host}${port === null ? '' : `:${port}`}`;
}

/**
 * The URI as people may see it, and every process on the machine that reads the arguments of git and ssh: without a
 * password, and in an http URL without the user, which can be a token as well.
 */
export function shownUri(uri: string): string {
  const parsed = parseUri(uri);
  if (parsed.kind !== 'url' || (parsed.user === null && parsed.password === null)) return uri;
  const user = isHttp(parsed) || parsed.user === null ? '' : `${parsed.user}@`;
  return `${uri.slice(0, parsed.scheme.length)}://${user}${hostAndPort(parsed)}${parsed.rest}`;
}

/** A part of a URL without its percent signs; as it is where they are not valid. */
export function decodedPart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Why git must not be given this `uri`, as the end of a sentence about it; null when it may. */
export function uriProblem(uri: string): string | null {
  if (uri.trim() === '') return 'is empty';
  if (hasControls(uri)) return 'has a control character';
  if (uri !== uri.trim()) return 'starts or ends with a blank';
  if (uri.startsWith('-')) return 'starts with "-", which git would read as an option';
  // `ext::sh -c ...` runs a program: git is never given the name of a transport helper.
  if (/^[a-z0-9+.-]*::/i.test(uri))
    return `names a transport helper, which would run another program; ${acceptedForms()}`;
  const parsed = parseUri(uri);
  switch (parsed.kind) {
    case 'path':
      return pathProblem(parsed.path);
    case 'scp':
      return hostProblem(parsed.host) ?? userProblem(parsed.user);
    case 'url':
      return urlProblem(parsed);
  }
}

function acceptedForms(): string {
  return 'https, http, ssh, git+ssh, git and file URLs, HOST:PATH and local paths are accepted';
}

/** `git@github.com/org/repo`: git would look for a folder of this name. */
function pathProblem(path: string): string | null {
  const [, user, host, rest] = /^([\w.-]+)@([\w.-]+)\/(.+)$/.exec(path) ?? [];
  if (user === undefined) return null;
  return `has no colon behind the host, so git would take it for a local path; write ${user}@${host}:${rest} for SSH, or ./${path} for a path`;
}

function urlProblem(uri: Extract<RepositoryUri, { readonly kind: 'url' }>): string | null {
  if (!ACCEPTED.includes(uri.scheme)) return `starts with ${uri.scheme}://; ${acceptedForms()}`;
  if (uri.scheme === 'file') return null;
  const problem = userProblem(uri.user) ?? hostProblem(uri.host);
  if (problem !== null || uri.port === null || /^\d{1,5}$/.test(uri.port)) return problem;
  return 'has a port that is not a number; in a password write / as %2F, and @ as %40';
}

/** `USER@HOST` goes to ssh as one word, so neither it nor the host alone may look like an option. */
function userProblem(user: string | null): string | null {
  return user?.startsWith('-') ? 'names a user that starts with "-"' : null;
}

/** ssh and proxies get the host as an argument. */
function hostProblem(host: string): string | null {
  if (host === '') return 'names no host';
  return host.startsWith('-') ? 'names a host that starts with "-"' : null;
}
