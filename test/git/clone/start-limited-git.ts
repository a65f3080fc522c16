// A git host that offers less than git's own: its advertisement (protocol 0) lacks capabilities, or it breaks at some.
import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll } from '@jest/globals';

const servers: Server[] = [];

afterAll(() => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});

export interface Limits {
  /** Capabilities that are not advertised, so git does not use them. */
  readonly lacks?: readonly string[];
  /** Ends the connection where a request has this line, as dulwich does at a filter. */
  readonly breaksAt?: RegExp;
  /** Knows nothing of a depth, and so answers too early. */
  readonly ignoresDepth?: boolean;
  /** Serves the files of the repository, and no protocol of git's. */
  readonly isDumb?: boolean;
}

export interface LimitedGit {
  uriOf(path: string): string;
  /** The lines of all requests so far. */
  readonly lines: readonly string[];
}

export async function startLimitedGit(limits: Limits): Promise<LimitedGit> {
  const lines: string[] = [];
  const server = createServer((request, response) => {
    void answer(request, response, limits, lines).catch(() => response.destroy());
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { uriOf: (path) => `http://127.0.0.1:${port}${path}`, lines };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { lacks = [], breaksAt, ignoresDepth = false, isDumb = false }: Limits,
  lines: string[],
): Promise<void> {
  const [, path = '', service = ''] =
    /^(\/.*?)\/(?:info\/refs\?service=)?(git-(?:upload|receive)-pack)$/.exec(request.url ?? '') ?? [];
  if (service === '' || isDumb) return serveFile(request, response);
  const program = service.replace('git-', '');
  if (request.method === 'GET') {
    const refs = await run([program, '--stateless-rpc', '--advertise-refs', path], Buffer.alloc(0));
    response.setHeader('content-type', `application/x-${service}-advertisement`);
    response.end(
      Buffer.concat([packet(`# service=${service}\n`), Buffer.from('0000'), without(refs, lacks)]),
    );
    return;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const sent = Buffer.concat(chunks);
  const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
  const packets = packetsOf(body);
  lines.push(...packets.map((one) => one.toString('utf8', 4).trim()));
  if (breaksAt !== undefined && packets.some((one) => breaksAt.test(one.toString('utf8', 4)))) {
    response.destroy();
    return;
  }
  response.setHeader('content-type', `application/x-${service}-result`);
  const isDeep = packets.some((one) => /^deepen /.test(one.toString('utf8', 4)));
  response.end(
    ignoresDepth && isDeep ? packet('NAK\n') : await run([program, '--stateless-rpc', path], body),
  );
}

async function serveFile(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { readFile } = await import('node:fs/promises');
  const path = decodeURIComponent((request.url ?? '').replace(/\?.*/, ''));
  try {
    response.end(await readFile(path));
  } catch {
    response.writeHead(404).end();
  }
}

async function run(args: readonly string[], input: Buffer): Promise<Buffer> {
  // Plain filters and any commit id, as on large hosts.
  const settings = ['-c', 'uploadpack.allowFilter=true', '-c', 'http.receivepack=true'];
  const child = spawn('git', [...settings, ...args], { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A list of refs whose first line names fewer capabilities. */
function without(refs: Buffer, lacks: readonly string[]): Buffer {
  const length = Number.parseInt(refs.toString('latin1', 0, 4), 16);
  const [ref = '', words = ''] = refs.toString('latin1', 4, length).split('\0');
  const kept = words
    .trim()
    .split(' ')
    .filter((word) => !lacks.includes(word.split('=')[0] ?? ''));
  return Buffer.concat([packet(`${ref}\0${kept.join(' ')}\n`), refs.subarray(length)]);
}

/** The packets of a request, `0000` among them; what follows a push's commands is left out. */
function packetsOf(body: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const length = Number.parseInt(body.toString('latin1', at, at + 4), 16);
    if (!(length >= 0)) break;
    const size = Math.max(length, 4);
    packets.push(body.subarray(at, at + size));
    at += size;
  }
  return packets;
}

function packet(line: string): Buffer {
  return Buffer.from(`${(line.length + 4).toString(16).padStart(4, '0')}${line}`, 'latin1');
}
