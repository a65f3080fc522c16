import { Agent as HttpAgent, request as plainRequest } from 'node:http';
import { Agent as HttpsAgent, request as secureRequest } from 'node:https';
import { BlockList, isIP } from 'node:net';
import type { RequestFunction } from 'got';
import type { Mask } from '../../runtime/secret-mask.ts';
import { AtcError } from './atc-error.ts';
import { bareHost, portOf, shownUrl } from './atc-url.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A forward proxy, and the variable of the environment that names it. */
export interface ForwardProxy {
  readonly url: URL;
  readonly variable: string;
}

/**
 * The proxy for a URL, by the variables that count for git, too: curl, which git uses, knows all of them in lower and
 * in upper case, the former first, but no `HTTP_PROXY` (any client of a CGI program can set that one). Concourse gives
 * the lower-case ones to a resource's container.
 */
export function proxyFor(target: URL, environment: Environment): ForwardProxy | null {
  const named = namedProxy(target, environment);
  const exempt = environment.no_proxy ?? environment.NO_PROXY ?? '';
  if (named === null || isExempt(target, exempt)) return null;
  const { variable, value } = named;
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  const url = URL.parse(text);
  const fail = (kind: 'proxy-is-no-url' | 'proxy-login-not-encoded') =>
    new AtcError(shownUrl(target.href), { kind, variable });
  if (url === null || !/^https?:$/.test(url.protocol)) {
    // git can use a SOCKS proxy for everything; we cannot, and Concourse may well be reached without.
    if (/^all_proxy$/i.test(variable)) return null;
    throw fail('proxy-is-no-url');
  }
  if (!isDecodable(url.username) || !isDecodable(url.password)) throw fail('proxy-login-not-encoded');
  return { url, variable };
}

function namedProxy(target: URL, environment: Environment): { variable: string; value: string } | null {
  const variables =
    target.protocol === 'https:'
      ? ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY']
      : ['http_proxy', 'all_proxy', 'ALL_PROXY'];
  // One that is set to nothing turns the others off, as it does for curl.
  const variable = variables.find((name) => environment[name] !== undefined);
  const value = variable === undefined ? '' : (environment[variable]?.trim() ?? '');
  return variable === undefined || value === '' ? null : { variable, value };
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** `*`, names with all that is below them, addresses, networks (`10.0.0.0/8`), each with a port or without. */
function isExempt(target: URL, list: string): boolean {
  const host = bareHost(target).toLowerCase();
  const port = portOf(target);
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*' || isInNetwork(host, entry)) return true;
      const [, named = '', onPort] =
        /^\[?(.*?)\]?(?::(\d+))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry) ?? [];
      const suffix = named.replace(/^\*?\./, '');
      return (onPort ?? port) === port && suffix !== '' && (host === suffix || host.endsWith(`.${suffix}`));
    });
}

function isInNetwork(host: string, entry: string): boolean {
  const [, address = '', bits = ''] = /^(.+)\/(\d{1,3})$/.exec(entry) ?? [];
  const family = isIP(address);
  if (family === 0 || isIP(host) !== family || Number(bits) > (family === 4 ? 32 : 128)) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const network = new BlockList();
  network.addSubnet(address, Number(bits), type);
  return network.check(host, type);
}

/** Connections that are kept for the next request; `end` closes them all. */
export interface Connections {
  readonly agent: { readonly http?: HttpAgent; readonly https?: HttpsAgent };
  /** How a request is made where it goes to a proxy with its whole URL. */
  readonly request?: RequestFunction;
  readonly proxy: ForwardProxy | null;
  readonly end: () => void;
}

export async function openConnections(
  target: URL,
  environment: Environment,
  mask: Mask,
): Promise<Connections> {
  const proxy = proxyFor(target, environment);
  if (proxy !== null) mask.add(proxy.url.password, decodeURIComponent(proxy.url.password));
  if (target.protocol === 'https:') {
    const https = proxy === null ? new HttpsAgent({ keepAlive: true }) : await openTunnels(proxy.url);
    return { agent: { https }, proxy, end: () => https.destroy() };
  }
  if (proxy !== null) return throughProxy(proxy);
  const http = new HttpAgent({ keepAlive: true });
  return { agent: { http }, proxy, end: () => http.destroy() };
}

async function openTunnels(proxy: URL) {
  const { HttpsProxyAgent } = await import('https-proxy-agent');
  return new HttpsProxyAgent(proxy, { keepAlive: true });
}

/** Plain HTTP needs no tunnel, and many proxies grant none: the proxy gets the whole URL. */
function throughProxy(proxy: ForwardProxy): Connections {
  const { url: at } = proxy;
  const isSecure = at.protocol === 'https:';
  const agent = isSecure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const login = `${decodeURIComponent(at.username)}:${decodeURIComponent(at.password)}`;
  const request: RequestFunction = (url, { method, headers }, callback) => {
    const options = {
      agent,
      host: bareHost(at),
      port: portOf(at),
      method: method ?? 'GET',
      path: url.href,
      headers: {
        ...headers,
        host: url.host,
        ...(login === ':' ? {} : { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` }),
      },
    };
    return isSecure ? secureRequest(options, callback) : plainRequest(options, callback);
  };
  return { agent: {}, request, proxy, end: () => agent.destroy() };
}
