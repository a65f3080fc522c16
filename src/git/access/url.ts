/** Whom an SSH URL leads to. */
export interface SshAddress {
  readonly user: string | null;
  readonly host: string;
  readonly port: number | null;
}

/** The address in `ssh://`, `git+ssh://` and `[USER@]HOST:PATH`; null for everything else. */
export function sshAddress(uri: string): SshAddress | null {
  const url = /^(?:git\+ssh|ssh\+git|ssh):\/\/(?:([^/]*)@)?(\[[^\]]*\]|[^/:]*)(?::(\d+))?(?:\/|$)/i.exec(uri);
  if (url !== null) return address(url[1], url[2], url[3]);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(uri)) return null;
  const scp = /^(?:([^/:@]*)@)?(\[[^\]]*\]|[^/:]+):/.exec(uri);
  if (scp === null) return null;
  // `[HOST:PORT]:PATH` is git's way to give a port in this form.
  const withPort = /^\[([^:\]]+):(\d+)\]$/.exec(scp[2] ?? '');
  return withPort === null ? address(scp[1], scp[2], undefined) : address(scp[1], withPort[1], withPort[2]);
}

function address(user: string | undefined, host: string | undefined, port: string | undefined): SshAddress {
  return {
    user: user === undefined || user === '' ? null : (user.split(':')[0] ?? null),
    host: (host ?? '').replace(/^\[|\]$/g, ''),
    port: port === undefined ? null : Number(port),
  };
}

/** `https://HOST[:PORT]` of an http URL; null for everything else. */
export function httpOrigin(uri: string): string | null {
  const url = /^(https?):\/\/(?:[^/]*@)?([^/?#]+)/i.exec(uri);
  return url === null ? null : `${(url[1] ?? '').toLowerCase()}://${url[2]}`;
}

/** An http URL and the account in it, apart: git hands the URL to another program as an argument. */
export function splitHttpUrl(uri: string): {
  readonly uri: string;
  readonly user: { readonly username: string; readonly password: string } | null;
} {
  // A raw password may hold an @, as what is masked and shown of the URL takes it, too.
  const [, scheme, user, rest] = /^(https?:\/\/)([^/]*)@(.*)$/is.exec(uri) ?? [];
  if (scheme === undefined || user === undefined) return { uri, user: null };
  const [name = '', ...password] = user.split(':');
  return {
    uri: `${scheme}${rest}`,
    user: { username: decodedPart(name), password: decodedPart(password.join(':')) },
  };
}

/** An ssh URL without a password: ssh takes none from it, but gets it as an argument. */
export function withoutPassword(uri: string): string {
  return uri.replace(/^([a-z][a-z0-9+.-]*:\/\/)([^/:]*):[^/]*@/i, '$1$2@');
}

export function decodedPart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** How known_hosts writes a host: with its port where that is not the usual one. */
export function knownHostName({ host, port }: SshAddress): string {
  return port === null || port === 22 ? host : `[${host}]:${port}`;
}
