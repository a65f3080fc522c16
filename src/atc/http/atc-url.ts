const SECURE_PORT = '443';
const PLAIN_PORT = '80';

/** `host:port` with the port that is meant, so that `https://ci` and `https://ci:443/` are one; null for no URL. */
export function hostAndPort(url: string): string | null {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || parsed.hostname === '') return null;
  return `${parsed.hostname}:${parsed.port || (parsed.protocol === 'https:' ? SECURE_PORT : PLAIN_PORT)}`;
}

/** An ATC without an external URL calls itself `http://127.0.0.1:8080`, and so does every other one. */
export function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** For people: no credentials, no query, no slash at the end (the ATC answers a doubled one with a redirect). */
export function withoutExtras(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.replace(/\/+$/, '')}`;
}
