// A link between this machine and itself: it delays what goes through it, and counts the bytes. It needs no rights,
// and no kernel module, as a network namespace with `tc netem` would.
import { connect, createServer, type Socket } from 'node:net';

export interface Relay {
  readonly port: number;
  /** Bytes since the last call: what the server sent, and what it was sent. */
  takeBytes(): { readonly received: number; readonly sent: number };
  close(): void;
}

/** `delay` is one way, in milliseconds. */
export async function startRelay(to: number, delay: number): Promise<Relay> {
  let received = 0;
  let sent = 0;
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    // The client believes that it is through; the handshake would have taken a way there and a way back.
    client.pause();
    later(2 * delay, () => {
      const upstream = connect({ port: to, host: '127.0.0.1', allowHalfOpen: true });
      join(client, upstream, (bytes) => {
        sent += bytes;
      });
      join(upstream, client, (bytes) => {
        received += bytes;
      });
      client.resume();
    });
  });
  const join = (from: Socket, into: Socket, count: (bytes: number) => void) => {
    sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (chunk: Buffer) => {
      count(chunk.length);
      later(delay, () => void into.write(chunk));
    });
    from.on('end', () => later(delay, () => void into.end()));
    from.on('error', () => into.destroy());
    from.on('close', () => sockets.delete(from));
  };
  const later = (milliseconds: number, task: () => void) =>
    void (milliseconds === 0 ? task() : setTimeout(task, milliseconds));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the relay has no port');
  return {
    port: address.port,
    takeBytes() {
      const bytes = { received, sent };
      received = 0;
      sent = 0;
      return bytes;
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
