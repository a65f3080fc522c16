// HTTPS in front of a server that speaks HTTP, as a load balancer stands in front of an ATC.
import { request as forward } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** Signed by itself, for localhost; it proves nothing to anybody but these tests. */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgUTRl7+lpVNOOIb0k
rbSWyvO73GUPjzzGEJCplCDGyaGhRANCAAToYMczFIS0UkUsUcbXCIv3vyKM34AR
4iykMiJNO6c0eD27MgSYKsiJfIDeMyw8rygmdkR9xQESgZEahp2TsupU
-----END PRIVATE KEY-----`;

export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBlzCCAT2gAwIBAgIUS5z4fgKmvzHN6NfZWZqXCiGKXjgwCgYIKoZIzj0EAwIw
EjEQMA4GA1UEAwwHY2kudGVzdDAgFw0yNjExMjUwMTM0MDZaGA8yMTI2MTEwMTAx
MzQwNlowEjEQMA4GA1UEAwwHY2kudGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABOhgxzMUhLRSRSxRxtcIi/e/IozfgBHiLKQyIk07pzR4PbsyBJgqyIl8gN4z
LDyvKCZ2RH3FARKBkRqGnZOy6lSjbzBtMB0GA1UdDgQWBBS2iGn195VfYD43PRXh
F6/m1KWxBzAfBgNVHSMEGDAWgBS2iGn195VfYD43PRXhF6/m1KWxBzAPBgNVHRMB
Af8EBTADAQH/MBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAKBggqhkjOPQQD
AgNIADBFAiB+Ha29Tm1BoSgrzNRoo5MYkvNyvwS7XI/H+iDVhZrMTwIhAIyI8s97
kuBDPtqV22+bJ1SmNcgI7eVtTHNKmhSKRvmO
-----END CERTIFICATE-----`;

export interface TlsServer {
  readonly url: string;
  /** Resolves once no connection is open any more. */
  closedByClients(): Promise<void>;
  close(): Promise<void>;
}

export async function startTls(target: string): Promise<TlsServer> {
  const sockets = new Set<Socket>();
  const server = createServer({ key: KEY, cert: CERTIFICATE }, (incoming, response) => {
    const { method, headers, url } = incoming;
    const onward = forward(`${target}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    incoming.pipe(onward);
  });
  server.on('secureConnection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}`,
    closedByClients: async () => {
      await Promise.all(
        [...sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve))),
      );
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
