// `git http-backend` behind a real HTTPS server that asks for a password.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { join } from 'node:path';

const BACKEND = '/usr/lib/git-core/git-http-backend';

export interface HttpsServer {
  readonly username: string;
  readonly password: string;
  /** The certificate, which signs itself. */
  readonly caFile: string;
  uriOf(path: string): string;
  /** How many requests there were since the last call. */
  takeRequests(): number;
  stop(): void;
}

/** Null where this machine has no `git http-backend` or no openssl. */
export async function startHttpsServer(folder: string): Promise<HttpsServer | null> {
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(folder, name));
  if (!existsSync(BACKEND) || key === undefined || cert === undefined) return null;
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const made = spawnSync('openssl', ['req', '-x509', ...ec, ...names, '-keyout', key, '-out', cert]);
  if (made.status !== 0) return null;
  const [username, password] = ['someone', 'a-password'];
  const wanted = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  let requests = 0;
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
    requests += 1;
    if (request.headers.authorization === wanted) serve(request, response);
    else response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    username,
    password,
    caFile: cert,
    uriOf: (path) => `https://localhost:${port}${path}`,
    takeRequests() {
      const taken = requests;
      requests = 0;
      return taken;
    },
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function serve(request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? '/', 'https://localhost');
  const backend = spawn(BACKEND, [], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: '/',
      GIT_HTTP_EXPORT_ALL: '1',
      REQUEST_METHOD: request.method,
      PATH_INFO: decodeURIComponent(pathname),
      QUERY_STRING: search.slice(1),
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REMOTE_USER: 'someone',
    },
  });
  backend.stdin.on('error', () => undefined);
  request.pipe(backend.stdin);
  let head: Buffer | null = Buffer.alloc(0);
  backend.stdout.on('data', (chunk: Buffer) => {
    if (head === null) return void response.write(chunk);
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end === -1) return;
    for (const line of head.toString('latin1', 0, end).split('\r\n')) {
      const [name = '', value = ''] = line.split(/: (.*)/s);
      if (name.toLowerCase() === 'status') response.statusCode = Number(value.split(' ')[0]);
      else response.setHeader(name, value);
    }
    response.write(head.subarray(end + 4));
    head = null;
  });
  backend.stdout.on('end', () => response.end());
  response.on('close', () => backend.kill());
}
