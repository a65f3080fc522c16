import { describe, expect, test } from '@jest/globals';
import { openConcourses } from '../../../src/atc/concourses.ts';
import type { ConcourseTools } from '../../../src/atc/config.ts';
import { proxyFor } from '../../../src/atc/http/proxy.ts';
import { Failure } from '../../../src/core/failure.ts';
import { mergePolicy } from '../../../src/core/policy.ts';
import type { ConcourseSource } from '../../../src/core/source/concourse-source.ts';
import { createLifetime } from '../../../src/runtime/lifetime.ts';
import { judgeClaim } from '../../../src/sweep/judge-claim.ts';
import { startAtc } from '../../fake-atc/start-atc.ts';
import { startProxy } from '../../fake-atc/start-proxy.ts';
import { acquired, configFor, deploy, lock, NOW, newCi, onStage, ref, toolsFor } from '../scene.ts';
import { CERTIFICATE, startTls } from './start-tls.ts';

describe('connections', () => {
  test('go out a few at a time, and nothing is asked twice', async () => {
    const ci = newCi();
    const p = deploy(ci);
    const claims = Array.from({ length: 40 }, (_, i) => {
      const commit = String(i + 10).repeat(20);
      acquired(p, 'failed', { name: String(i + 1), outputs: [{ resource: 'locks', version: ref(commit) }] });
      return lock({ commit, message: `main/deploy/acquire build ${i + 1} claiming: L` });
    });
    await onStage(ci, { tools: { bounds: { atOnce: 4 } } }, async ({ atc, concourses }) => {
      await concourses.begin();
      atc.answer('/builds/', { kind: 'slow', milliseconds: 2 });
      await Promise.all(claims.map((claim) => judgeClaim(concourses, claim, mergePolicy({}), NOW)));
      expect(atc.mostAtOnce()).toBe(4);
      expect(new Set(atc.lines()).size).toBe(atc.lines().length);
    });
  });

  test('two locks of one build are one request', async () => {
    const ci = newCi();
    acquired(deploy(ci), 'started', { outputs: [] });
    await onStage(ci, {}, async ({ atc, concourses }) => {
      await concourses.begin();
      atc.forget();
      const claims = [lock(), lock({ commit: 'e'.repeat(40) })];
      await Promise.all(claims.map((claim) => judgeClaim(concourses, claim, mergePolicy({}), NOW)));
      expect(atc.lines()).toHaveLength(1);
    });
  });

  test('a run that is told to stop waits for no answer', async () => {
    const ci = newCi();
    acquired(deploy(ci), 'started');
    await onStage(ci, {}, async ({ atc, concourses, lifetime }) => {
      await concourses.begin();
      atc.answer('/builds/1', { kind: 'hang' });
      atc.onRequest('/builds/1', () => lifetime.stop());
      await expect(judgeClaim(concourses, lock(), mergePolicy({}), NOW)).rejects.toThrow(
        'This operation was aborted',
      );
    });
  });

  test('a host that is not there fails the run', async () => {
    const lifetime = createLifetime();
    const concourses = openConcourses([configFor('http://127.0.0.1:1')], toolsFor(lifetime, []));
    await expect(concourses.begin()).rejects.toEqual(
      new Failure(
        'http://127.0.0.1:1 refused the connection (ECONNREFUSED): check concourse.url, the network and the proxy.',
      ),
    );
  });

  test('of several Concourses in trouble each is named', async () => {
    const configs = [configFor('http://127.0.0.1:1'), configFor('http://127.0.0.1:2')];
    const concourses = openConcourses(configs, toolsFor(createLifetime(), []));
    await expect(concourses.begin()).rejects.toMatchObject({
      sentences: [expect.any(String), expect.any(String)],
    });
  });
});

interface Https {
  readonly begin: (config: Partial<ConcourseSource>, tools?: Partial<ConcourseTools>) => Promise<void>;
  readonly url: string;
  readonly closedByClients: () => Promise<void>;
}

async function overHttps(play: (https: Https) => Promise<void>): Promise<void> {
  const atc = await startAtc(newCi());
  const tls = await startTls(atc.url);
  const lifetime = createLifetime();
  try {
    await play({
      url: tls.url,
      begin: async (config, tools = {}) => {
        await openConcourses([configFor(tls.url, config)], toolsFor(lifetime, [], tools)).begin();
      },
      closedByClients: async () => {
        lifetime.end();
        await tls.closedByClients();
      },
    });
  } finally {
    lifetime.end();
    await tls.close();
    await atc.close();
  }
}

describe('HTTPS', () => {
  test('a certificate that nobody knows is not trusted', async () => {
    await overHttps(async ({ begin, url }) => {
      await expect(begin({})).rejects.toEqual(
        new Failure(
          `The certificate of ${url} is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT): set ca_cert, or skip_ssl_verification if you must.`,
        ),
      );
    });
  });

  test('one that ca_cert names is, and connections end with the run', async () => {
    await overHttps(async ({ begin, closedByClients }) => {
      await begin({ caCert: CERTIFICATE });
      await closedByClients();
    });
  });

  test('any is with skip_ssl_verification', async () => {
    await overHttps(({ begin }) => begin({ skipSslVerification: true }));
  });

  test('goes through the tunnel of a proxy, with the trust of the target', async () => {
    const proxy = await startProxy();
    try {
      await overHttps(async ({ begin, url }) => {
        const environment = { https_proxy: proxy.url.replace('http://', 'http://me:secret@') };
        await begin({ caCert: CERTIFICATE }, { environment });
        expect(proxy.requests).toEqual([
          { method: 'CONNECT', target: new URL(url).host, authorization: `Basic ${btoa('me:secret')}` },
        ]);
        await expect(begin({}, { environment })).rejects.toThrow('is not trusted');
      });
    } finally {
      await proxy.close();
    }
  });
});

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
      await begin({ https_proxy: proxy.url, HTTP_PROXY: proxy.url });
      expect(proxy.requests).toHaveLength(2);
    } finally {
      lifetime.end();
      await proxy.close();
      await atc.close();
    }
  });

  test.each(['http_proxy', 'https_proxy'])('%s with a password that is not encoded is refused', (name) => {
    const target = new URL(name === 'http_proxy' ? 'http://ci.example.com' : 'https://ci.example.com');
    expect(() => proxyFor(target, { [name]: 'http://me:pa%ss@proxy.example.com:3128' })).toThrow(
      `${name} holds a user or a password with a % that encodes nothing: write it as %25.`,
    );
    expect(proxyFor(target, { [name]: 'http://me:pa%25ss@proxy.example.com:3128' })?.host).toBe(
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
          new Failure('http_proxy is not the URL of an HTTP proxy: have it set to http://HOST:PORT.'),
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
    expect(proxy?.href).toBe(isProxied ? 'http://proxy.example.com:3128/' : undefined);
  });
});
