import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { HttpsTunnel } from '../../../src/core/source/repository-source.ts';
import { makeRepository, type TestRepository } from '../make-repository.ts';
import { describeWith } from '../needs.ts';
import { opening } from '../open.ts';
import { type KeyPair, makeKey, SSHD, type SshServer, startSshd } from './start-sshd.ts';

const ACCOUNT = 'proxy-user:pr0xy:p@ss';

describeWith([SSHD, '/usr/bin/ssh-agent'])('SSH through a proxy', () => {
  let server: SshServer;
  let made: TestRepository;
  let key: KeyPair;
  let port = 0;
  const targets: string[] = [];
  const sockets: Socket[] = [];

  const proxy = createServer().on('connect', (request, client: Socket, head: Buffer) => {
    sockets.push(client);
    client.on('error', () => {});
    if (request.headers['proxy-authorization'] !== `Basic ${Buffer.from(ACCOUNT).toString('base64')}`) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    targets.push(request.url ?? '');
    const [host = '', to = ''] = (request.url ?? '').split(':');
    const target = connect(Number(to), host, () => {
      client.write('HTTP/1.1 200 OK\r\nX-Proxy: yes\r\n\r\n');
      target.write(head);
      target.pipe(client).pipe(target);
    });
    target.on('error', () => client.destroy());
  });

  beforeAll(async () => {
    server = await startSshd();
    key = makeKey('-t', 'ed25519');
    server.authorize(key);
    made = makeRepository();
    made.addUnclaimed('aws', 'a');
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const address = proxy.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
  });

  afterAll(() => {
    proxy.close();
    for (const socket of sockets) socket.destroy();
  });

  const attempt = async (more: Partial<HttpsTunnel>) => {
    const { repository, logged } = opening({
      uri: server.uriOf(made.path),
      privateKey: key.privateKey,
      knownHosts: [server.knownHost],
      httpsTunnel: { host: '127.0.0.1', port, user: 'proxy-user', password: 'pr0xy:p@ss', ...more },
    });
    const result = await repository
      .then((one) => one.fetch())
      .catch(({ kind, message }) => ({ kind, message }));
    return { result, logged: logged.join('') };
  };

  it('fetches', async () => {
    expect((await attempt({})).result).toBe(made.head());
    expect(targets).toEqual([`127.0.0.1:${server.port}`]);
  });

  it.each<[string, Partial<HttpsTunnel>, (port: number) => string]>([
    [
      'refuses',
      { password: 'wr0ng:p@ss' },
      (at) => `127.0.0.1:${at} refused: HTTP/1.1 407 Proxy Authentication Required`,
    ],
    ['is not there', { port: 1 }, () => '127.0.0.1:1 cannot be used: connect ECONNREFUSED 127.0.0.1:1'],
  ])('says so where the proxy %s', async (_name, more, words) => {
    const { result, logged } = await attempt(more);
    expect(result).toEqual({
      kind: 'proxy',
      message: `The proxy of https_tunnel, ${words(port)}; check https_tunnel.`,
    });
    expect(logged).not.toMatch(/wr0ng|pr0xy/);
  });
});
