// A push gateway that only writes down what it is sent.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface PushRecorder {
  /** Without a scheme, as people write it. */
  readonly address: string;
  readonly pushes: { readonly method: string; readonly path: string; readonly body: string }[];
  close(): Promise<void>;
}

export async function recordPushes(): Promise<PushRecorder> {
  const pushes: PushRecorder['pushes'] = [];
  const server = createServer(async (request, response) => {
    pushes.push({ method: request.method ?? '', path: request.url ?? '', body: await text(request) });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    pushes,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
