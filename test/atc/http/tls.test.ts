import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { openConcourses } from '../../../src/atc/concourses.ts';
import type { ConcourseTools } from '../../../src/atc/config.ts';
import { Failure } from '../../../src/core/failure.ts';
import type { ConcourseSource } from '../../../src/core/source/concourse-source.ts';
import { createLifetime } from '../../../src/runtime/lifetime.ts';
import { startAtc } from '../../fake-atc/start-atc.ts';
import { startProxy } from '../../fake-atc/start-proxy.ts';
import { configFor, newCi, toolsFor } from '../scene.ts';
import { type Certificate, EXPIRED, FUTURE, GOOD, OTHER_HOST } from './certificates.ts';
import { startTls } from './start-tls.ts';

interface Https {
  readonly begin: (config: Partial<ConcourseSource>, tools?: Partial<ConcourseTools>) => Promise<void>;
  readonly url: string;
  readonly closedByClients: () => Promise<void>;
}

async function overHttps(
  play: (https: Https) => Promise<void>,
  certificate: Certificate = GOOD,
): Promise<void> {
  const atc = await startAtc(newCi());
  const tls = await startTls(atc.url, certificate);
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

  test('nor one that another ca_cert signed', async () => {
    await overHttps(async ({ begin, url }) => {
      await expect(begin({ caCert: OTHER_HOST.certificate })).rejects.toEqual(
        new Failure(
          `The certificate of ${url} is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT), also not by ca_cert: set ca_cert to the certificate of the authority that signed it.`,
        ),
      );
    });
  });

  test('one that ca_cert names is, and connections end with the run', async () => {
    await overHttps(async ({ begin, closedByClients }) => {
      await begin({ caCert: GOOD.certificate });
      await closedByClients();
    });
  });

  test('any is with skip_ssl_verification', async () => {
    await overHttps(({ begin }) => begin({ skipSslVerification: true }));
  });

  test.each([
    ['has expired', EXPIRED, 'has expired: renew it on the server; ca_cert does not help.'],
    [
      'is not valid yet',
      FUTURE,
      'is not valid yet: check the clock here and the certificate on the server; ca_cert does not help.',
    ],
    [
      'is for another host',
      OTHER_HOST,
      'is for another host (concourse.example.com, *.ci.example.com): set concourse.url to a name that it is for, or replace the certificate; ca_cert does not help.',
    ],
  ])(
    'against one that %s a ca_cert cannot help, and nobody is told to set one',
    async (_name, one, words) => {
      await overHttps(async ({ begin, url }) => {
        await expect(begin({ caCert: one.certificate })).rejects.toEqual(
          new Failure(`The certificate of ${url} ${words}`),
        );
        await begin({ skipSslVerification: true });
      }, one);
    },
  );

  test('a port that serves plain HTTP is told in one line, without the words of OpenSSL', async () => {
    const atc = await startAtc(newCi());
    const url = atc.url.replace('http:', 'https:');
    const lifetime = createLifetime();
    try {
      await expect(openConcourses([configFor(url)], toolsFor(lifetime, [])).begin()).rejects.toEqual(
        new Failure(
          `${url} does not speak TLS on that port: correct the port in concourse.url, or set http:// if Concourse serves no HTTPS.`,
        ),
      );
    } finally {
      lifetime.end();
      await atc.close();
    }
  });

  test('a handshake that fails is told in one line, with the reason only', async () => {
    const atc = await startAtc(newCi());
    const tls = await startTls(atc.url, GOOD, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' });
    const lifetime = createLifetime();
    try {
      const config = configFor(tls.url, { skipSslVerification: true });
      await expect(openConcourses([config], toolsFor(lifetime, [])).begin()).rejects.toEqual(
        new Failure(
          `The TLS handshake with ${tls.url} failed (tlsv1 alert protocol version): check concourse.url and the TLS settings of the server.`,
        ),
      );
    } finally {
      lifetime.end();
      await tls.close();
      await atc.close();
    }
  });

  test('http to a port that wants https is told to set https', async () => {
    // As Concourse itself answers there.
    const server = createServer((_incoming, response) => {
      response.writeHead(400).end('Client sent an HTTP request to an HTTPS server.\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const lifetime = createLifetime();
    try {
      await expect(openConcourses([configFor(url)], toolsFor(lifetime, [])).begin()).rejects.toEqual(
        new Failure(
          `A server in front of ${url} or in its place answers 400 to /sky/issuer/token, not Concourse: set https:// in concourse.url if that port serves HTTPS, else check concourse.url and the proxy in front of it.`,
        ),
      );
    } finally {
      lifetime.end();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    }
  });

  test('goes through the tunnel of a proxy, with the trust of the target', async () => {
    const proxy = await startProxy();
    try {
      await overHttps(async ({ begin, url }) => {
        const environment = { https_proxy: proxy.url.replace('http://', 'http://me:secret@') };
        await begin({ caCert: GOOD.certificate }, { environment });
        expect(proxy.requests).toEqual([
          { method: 'CONNECT', target: new URL(url).host, authorization: `Basic ${btoa('me:secret')}` },
        ]);
        await expect(begin({}, { environment })).rejects.toThrow('is not trusted');
      });
    } finally {
      await proxy.close();
    }
  });

  test.each([
    [
      403,
      'http://',
      'The proxy PROXY refuses a connection to URL (403 Forbidden): ask its operator to permit it, or add the host to no_proxy.',
    ],
    [
      407,
      'http://',
      "The proxy PROXY requires a login (407): set the proxy's variable to http://USER:PASSWORD@HOST:PORT.",
    ],
    [
      407,
      'http://me:secret@',
      "The proxy PROXY rejects the user and password that the proxy's variable has (407): correct them.",
    ],
  ])('a proxy that answers CONNECT with %i is named, whatever it says', async (refuses, scheme, sentence) => {
    const proxy = await startProxy({ refuses });
    try {
      await overHttps(async ({ begin, url }) => {
        const environment = { HTTPS_PROXY: proxy.url.replace('http://', scheme) };
        await expect(begin({ caCert: GOOD.certificate }, { environment })).rejects.toEqual(
          new Failure(sentence.replace('PROXY', new URL(proxy.url).host).replace('URL', url)),
        );
      });
    } finally {
      await proxy.close();
    }
  });
});
