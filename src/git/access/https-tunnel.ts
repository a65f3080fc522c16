import type { Socket } from 'node:net';
import type { HttpsTunnel } from '../../core/source/repository-source.ts';

/** The variables that carry what the program below must not have in its arguments. */
export function tunnelVariables({ host, port, user, password }: HttpsTunnel): Record<string, string> {
  const credentials = Buffer.from(`${user ?? ''}:${password ?? ''}`).toString('base64');
  return {
    POOL_BOY_PROXY_HOST: host,
    POOL_BOY_PROXY_PORT: String(port),
    ...(user === null ? {} : { POOL_BOY_PROXY_AUTH: credentials }),
  };
}

/** A program for ssh's `ProxyCommand`, as text: `node FILE HOST PORT`. */
export function tunnelProgram(): string {
  return `(${tunnel.toString()})(await import('node:net'));\n`;
}

/**
 * Asks an HTTP proxy for a way to a host and passes bytes on. It runs in a process of its own and has only what it
 * brings: nothing from outside this function can be used.
 */
function tunnel(net: { connect(port: number, host: string): Socket }): void {
  const [, , host = '', port = ''] = process.argv;
  const { POOL_BOY_PROXY_HOST = '', POOL_BOY_PROXY_PORT = '', POOL_BOY_PROXY_AUTH } = process.env;
  const target = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const lines = [`CONNECT ${target} HTTP/1.1`, `Host: ${target}`];
  if (POOL_BOY_PROXY_AUTH !== undefined) lines.push(`Proxy-Authorization: Basic ${POOL_BOY_PROXY_AUTH}`);
  const fail = (words: string) => {
    process.stderr.write(`The proxy ${POOL_BOY_PROXY_HOST}:${POOL_BOY_PROXY_PORT} ${words}\n`);
    process.exit(1);
  };
  const socket = net.connect(Number(POOL_BOY_PROXY_PORT), POOL_BOY_PROXY_HOST);
  socket.setTimeout(30_000, () => fail('did not answer'));
  socket.on('error', ({ message }) => fail(`cannot be used: ${message}`));
  socket.once('connect', () => socket.write(`${lines.join('\r\n')}\r\n\r\n`));
  let head = Buffer.alloc(0);
  let isThrough = false;
  const answer = (chunk: Buffer) => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end === -1) {
      if (head.length > 65_536) fail('refused: its answer is not HTTP');
      return;
    }
    socket.off('data', answer);
    const status = head.toString('utf8', 0, head.indexOf('\r\n'));
    if (!/^HTTP\/1\.\d 2/.test(status)) fail(`refused: ${status}`);
    isThrough = true;
    socket.setTimeout(0);
    process.stdout.write(head.subarray(end + 4));
    socket.pipe(process.stdout);
    process.stdin.pipe(socket);
  };
  socket.on('data', answer);
  socket.on('close', () => (isThrough ? process.exit(0) : fail('closed the connection')));
}
