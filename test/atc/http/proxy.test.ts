import { describe, expect, test } from '@jest/globals';
import { openConcourses } from '../../../src/atc/concourses.ts';
import { proxyFor } from '../../../src/atc/http/proxy.ts';
import { Failure } from '../../../src/core/failure.ts';
import { createLifetime } from '../../../src/runtime/lifetime.ts';
import { startAtc } from '../../fake-atc/start-atc.ts';
import { startProxy } from '../../fake-atc/start-proxy.ts';
import { configFor, newCi, onStage, toolsFor } from '../scene.ts';

describe('proxies', () => {
  test('http_proxy is used for http, and not where no_proxy names the host', async () => {
    const proxy = await startProxy();
    const atc = await startAtc(newCi());
    const lifetime = createLifetime();
    const begin = (environment: Record<string, string>) =>
      openConcourses([configFor(atc.url)], toolsFor(lifetime, [], { environment })).begin();
    try {
      await begin({ http_proxy: proxy.url });
      expect(proxy.requests.map(({ target }) => target)).toEqual([
        `${atc.url}/sky/issuer/token`,
        `${atc.url}/api/v1/info`,
      ]);
      await begin({ http_proxy: proxy.url, no_proxy: '127.0.0.1' });
      await begin({ http_proxy: proxy.url, NO_PROXY: '127.0.0.1' });
      await begin({ https_proxy: proxy.url, HTTPS_PROXY: proxy.url });
      expect(proxy.requests).toHaveLength(2);
      await begin({ ALL_PROXY: proxy.url });
      expect(proxy.requests).toHaveLength(4);
    } finally {
      lifetime.end();
      await proxy.close();
      await atc.close();
    }
  });

  test.each(['http_proxy', 'https_proxy'])('%s with a password that is not encoded is refused', (name) => {
    const target = new URL(name === 'http_proxy' ? 'http://ci.example.com' : 'https://ci.example.com');
    expect(() => proxyFor(target, { [name]: 'http://me:pa%ss@proxy.example.com:3128' })).toThrow(
      `${name} has a user or a password with a % that encodes nothing: write it as %25.`,
    );
    expect(proxyFor(target, { [name]: 'http://me:pa%25ss@proxy.example.com:3128' })?.url.host).toBe(
      'proxy.example.com:3128',
    );
  });

  test('a run that is told to stop waits for no proxy either', async () => {
    const proxy = await startProxy();
    try {
      await onStage(newCi(), { tools: { environment: { http_proxy: proxy.url } } }, async (stage) => {
        stage.atc.answer('/info', { kind: 'hang' });
        stage.atc.onRequest('/info', () => stage.lifetime.stop());
        await expect(stage.concourses.begin()).rejects.toThrow('This operation was aborted');
      });
    } finally {
      await proxy.close();
    }
  });

  test('a value that is no proxy fails the run', async () => {
    await onStage(
      newCi(),
      { tools: { environment: { http_proxy: 'socks5://proxy:1080' } } },
      async ({ concourses }) => {
        await expect(concourses.begin()).rejects.toEqual(
          new Failure('http_proxy is not the URL of an HTTP proxy: set it to http://HOST:PORT.'),
        );
      },
    );
  });

  test.each([
    ['https://ci.example.com', '', true],
    ['https://ci.example.com', 'example.com', false],
    ['https://ci.example.com', '.example.com', false],
    ['https://ci.example.com', '*.example.com', false],
    ['https://ci.example.com', 'other.com, ci.example.com', false],
    ['https://ci.example.com', 'CI.EXAMPLE.COM', false],
    ['https://ci.example.com', 'ple.com', true],
    ['https://ci.example.com', 'example.com:443', false],
    ['https://ci.example.com', 'example.com:8443', true],
    ['https://ci.example.com:8443', 'example.com:8443', false],
    ['https://ci.example.com', '*', false],
    ['https://10.1.2.3', '10.0.0.0/8', false],
    ['https://11.1.2.3', '10.0.0.0/8', true],
    ['https://10.1.2.3', '10.1.2.3', false],
    ['https://[fd00::1]:8443', 'fd00::1', false],
    ['https://[fd00::1]', 'fd00::/8', false],
    ['https://ci.example.com', '10.0.0.0/8,fd00::/99', true],
  ])('%s with no_proxy %s goes through the proxy: %s', (url, no_proxy, isProxied) => {
    const proxy = proxyFor(new URL(url), { https_proxy: 'proxy.example.com:3128', no_proxy });
    expect(proxy?.url.href).toBe(isProxied ? 'http://proxy.example.com:3128/' : undefined);
  });

  const HTTP = 'http://ci.example.com';
  const HTTPS = 'https://ci.example.com';
  test.each([
    ['https_proxy', HTTPS, { https_proxy: 'a' }, 'a'],
    ['HTTPS_PROXY', HTTPS, { HTTPS_PROXY: 'a' }, 'a'],
    ['http_proxy', HTTP, { http_proxy: 'a' }, 'a'],
    ['HTTP_PROXY, which git does not know either', HTTP, { HTTP_PROXY: 'a' }, null],
    ['all_proxy', HTTP, { all_proxy: 'a' }, 'a'],
    ['ALL_PROXY', HTTPS, { ALL_PROXY: 'a' }, 'a'],
    ['ALL_PROXY that is a SOCKS proxy', HTTPS, { ALL_PROXY: 'socks5://a' }, null],
    ['the lower case before the upper', HTTPS, { https_proxy: 'a', HTTPS_PROXY: 'b' }, 'a'],
    ['the special one before the general one', HTTPS, { HTTPS_PROXY: 'a', all_proxy: 'b' }, 'a'],
    ['one that is set to nothing', HTTPS, { https_proxy: '', HTTPS_PROXY: 'b', all_proxy: 'c' }, null],
    ['NO_PROXY', HTTPS, { HTTPS_PROXY: 'a', NO_PROXY: 'example.com' }, null],
    ['no_proxy before NO_PROXY', HTTPS, { HTTPS_PROXY: 'a', no_proxy: '', NO_PROXY: 'example.com' }, 'a'],
  ])('counts as for git: %s', (_name, url, environment, host) => {
    expect(proxyFor(new URL(url), environment)?.url.host ?? null).toBe(host);
  });

  test.each([
    [
      403,
      'The proxy PROXY or a server behind it, on the way to URL, answers 403 to /sky/issuer/token, not Concourse: check concourse.url and the proxy in front of it.',
    ],
    [
      407,
      "The proxy PROXY requires a login (407): set the proxy's variable to http://USER:PASSWORD@HOST:PORT.",
    ],
    [
      502,
      "URL, or the proxy PROXY on the way to it, answers 502 to /sky/issuer/token: check the ATC's log, and the proxy in front of it.",
    ],
  ])('a proxy that answers %i is not taken for Concourse', async (refuses, sentence) => {
    const proxy = await startProxy({ refuses });
    try {
      await onStage(newCi(), { tools: { environment: { http_proxy: proxy.url } } }, async (stage) => {
        await expect(stage.concourses.begin()).rejects.toEqual(
          new Failure(sentence.replace('PROXY', new URL(proxy.url).host).replace('URL', stage.atc.url)),
        );
      });
    } finally {
      await proxy.close();
    }
  });

  test('a proxy that is not there is named, not Concourse', async () => {
    const environment = { http_proxy: 'http://127.0.0.1:1' };
    await onStage(newCi(), { tools: { environment } }, async ({ concourses }) => {
      await expect(concourses.begin()).rejects.toEqual(
        new Failure(
          "The proxy 127.0.0.1:1 refused the connection (ECONNREFUSED): check the proxy's variable, the network and concourse.url.",
        ),
      );
    });
  });
});
