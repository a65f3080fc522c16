// A forward proxy, for what `http_proxy` and `https_proxy` name.
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import { connect, type Socket } from 'node:net';

export type ProxyRequest = { method: string; target: string; authorization: string | undefined };

export type Proxy = {
  url: string;
  /** What went through it: absolute URLs, and `host:port` for CONNECT. */
  requests: readonly ProxyRequest[];
  close(): Promise<void>;
};

/** `refuses`: the status that it answers to everything, in place of passing it on. */
export async function startProxy({ refuses = null }: { refuses?: number | null } = {}): Promise<Proxy> {
  const requests: ProxyRequest[] = [];
  const tunnels = new Set<Socket>();

  const record = (incoming: IncomingMessage) => {
    const { method = '', url = '', headers } = incoming;
    requests.push({ method, target: url, authorization: headers['proxy-authorization'] });
    return url;
  };

  const server = createServer((incoming, response) => {
    const target = record(incoming);
    if (refuses === null) pass(incoming, response, target);
    else response.writeHead(refuses, { 'content-type': 'text/html' }).end('<h1>no</h1>');
  });
  server.on('connect', (incoming: IncomingMessage, client: Socket, head: Buffer) => {
    const { hostname, port } = new URL(`http://${record(incoming)}`);
    if (refuses !== null) {
      client.end(`HTTP/1.1 ${refuses} ${STATUS_CODES[refuses]}\r\ncontent-length: 2\r\n\r\nno`);
      return;
    }
    const target = connect(Number(port || 80), hostname, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      target.write(head);
      target.pipe(client).pipe(target);
    });
    for (const socket of [client, target]) {
      tunnels.add(socket);
      // One end that breaks off takes the other with it, and neither may bring the test down.
      socket.on('error', () => {});
      socket.on('close', () => {
        tunnels.delete(socket);
        client.destroy();
        target.destroy();
      });
    }
  });

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');

  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const socket of tunnels) socket.destroy();
      }),
  };
}

function pass(incoming: IncomingMessage, response: ServerResponse, target: string): void {
  if (!target.startsWith('http://')) {
    response.writeHead(400).end('not a request to a proxy');
    return;
  }
  const { 'proxy-authorization': _own, 'proxy-connection': _also, ...headers } = incoming.headers;
  const onward = forward(target, { method: incoming.method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  incoming.pipe(onward);
}
