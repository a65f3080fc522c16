/** The port that is meant where none is written, too. */
export function portOf({ port, protocol }: URL): string {
  return port || (protocol === 'https:' ? '443' : '80');
}

/** As a socket takes it: an IPv6 address without brackets. */
export function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

/** `host:port`, so that `https://ci` and `https://ci:443/` are one; null for what is no URL. */
export function hostAndPort(text: string): string | null {
  const url = URL.parse(text);
  return url === null || url.hostname === '' ? null : `${url.hostname}:${portOf(url)}`;
}

/** An ATC without an external URL calls itself `http://127.0.0.1:8080`, and so does every other one. */
export function isLoopback(text: string): boolean {
  const hostname = URL.parse(text)?.hostname ?? '';
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** For people: no credentials, no query, no slash at the end (the ATC answers a doubled one with a redirect). */
export function shownUrl(text: string): string {
  const { origin, pathname } = new URL(text);
  return `${origin}${pathname.replace(/\/+$/, '')}`;
}
