// Servers that speak HTTP or TLS, but not git, and certificates for them.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { temporaryFolder } from '../temporary-folder.ts';

const servers: Server[] = [];

afterAll(() => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A certificate that signs itself; `from` and `to` as openssl has them: `20200101000000Z`. */
export function makeCertificate(name: string, from: string, to: string): Certificate {
  const folder = temporaryFolder();
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'request.pem')];
  const run = (...args: string[]) => {
    const { status, stderr } = spawnSync('openssl', args, { cwd: folder });
    if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`);
  };
  run('req', ...ec, ...files, '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`);
  const authority = ['-selfsign', '-keyfile', 'key.pem', '-in', 'request.pem', '-out', 'cert.pem'];
  spawnSync('sh', ['-c', 'touch index; echo 01 > serial'], { cwd: folder });
  spawnSync(
    'sh',
    [
      '-c',
      `printf '[ca]\ndefault_ca=d\n[d]\ndatabase=index\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\ncopy_extensions=copy\n[p]\ncommonName=supplied\n' > ca.cnf`,
    ],
    { cwd: folder },
  );
  run('ca', '-batch', '-config', 'ca.cnf', '-startdate', from, '-enddate', to, ...authority);
  return {
    key: readFileSync(join(folder, 'key.pem'), 'utf8'),
    cert: readFileSync(join(folder, 'cert.pem'), 'utf8'),
  };
}

/** Gives the port. Over TLS with a certificate. */
export async function startHttp(
  answer: RequestListener,
  certificate: Certificate | null = null,
): Promise<number> {
  const server = certificate === null ? createServer(answer) : createTlsServer(certificate, answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
