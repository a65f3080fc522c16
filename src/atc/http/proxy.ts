import { Agent as HttpAgent, request as plainRequest } from 'node:http';
import { Agent as HttpsAgent, request as secureRequest } from 'node:https';
import { BlockList, isIP } from 'node:net';
import type { RequestFunction } from 'got';
import type { Mask } from '../../runtime/secret-mask.ts';
import { AtcError } from './atc-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy for a URL, by the variables that Concourse gives to a resource's container. */
export function proxyFor(target: URL, environment: Environment): URL | null {
  const name = target.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const value = environment[name]?.trim() ?? '';
  if (value === '' || isExempt(target, environment.no_proxy ?? '')) return null;
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new AtcError(`${name} is not the URL of an HTTP proxy: have it set to http://HOST:PORT.`);
  const proxy = new URL(url);
  if (!isDecodable(proxy.username) || !isDecodable(proxy.password))
    throw new AtcError(`${name} holds a user or a password with a % that encodes nothing: write it as %25.`);
  return proxy;
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
  const host = target.hostname.toLowerCase().replace(/^\[|\]$/g, '');
  const port = target.port || (target.protocol === 'https:' ? '443' : '80');
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
  /** How a request is made, where it goes to a proxy in its whole URL. */
  readonly request?: RequestFunction;
  readonly end: () => void;
}

export async function openConnections(
  target: URL,
  environment: Environment,
  mask: Mask,
): Promise<Connections> {
  const proxy = proxyFor(target, environment);
  if (proxy !== null) mask.add(proxy.password, decodeURIComponent(proxy.password));
  if (target.protocol === 'https:') {
    const https = proxy === null ? new HttpsAgent({ keepAlive: true }) : await openTunnels(proxy);
    return { agent: { https }, end: () => https.destroy() };
  }
  if (proxy !== null) return throughProxy(proxy);
  const http = new HttpAgent({ keepAlive: true });
  return { agent: { http }, end: () => http.destroy() };
}

async function openTunnels(proxy: URL) {
  const { HttpsProxyAgent } = await import('https-proxy-agent');
  return new HttpsProxyAgent(proxy, { keepAlive: true });
}

/** Plain HTTP needs no tunnel, and many proxies grant none: the proxy is asked for the whole URL. */
function throughProxy(proxy: URL): Connections {
  const isSecure = proxy.protocol === 'https:';
  const agent = isSecure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const login = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const request: RequestFunction = (url, { method, headers }, callback) => {
    const options = {
      agent,
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port || (isSecure ? 443 : 80),
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
  return { agent: {}, request, end: () => agent.destroy() };
}
