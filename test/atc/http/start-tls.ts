// HTTPS in front of a server that speaks HTTP, as a load balancer stands in front of an ATC.
import { request as forward } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import type { Certificate } from './certificates.ts';

export interface TlsServer {
  readonly url: string;
  /** Resolves once no connection is open any more. */
  closedByClients(): Promise<void>;
  close(): Promise<void>;
}

export async function startTls(
  target: string,
  { key, certificate }: Certificate,
  options: SecureContextOptions = {},
): Promise<TlsServer> {
  const sockets = new Set<Socket>();
  const server = createServer({ key, cert: certificate, ...options }, (incoming, response) => {
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
