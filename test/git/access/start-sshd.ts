// A real OpenSSH server on a port of its own, and keys for it.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { temporaryFolder } from '../temporary-folder.ts';

const servers: ChildProcess[] = [];

afterAll(() => {
  for (const server of servers) server.kill();
});

export const SSHD = '/usr/sbin/sshd';

export interface KeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
  /** `SHA256:...` */
  readonly fingerprint: string;
}

export interface SshServer {
  readonly port: number;
  readonly user: string;
  readonly hostKey: KeyPair;
  /** The line that makes a client trust it. */
  readonly knownHost: string;
  uriOf(path: string): string;
  /** Lets a key in; `options` as in authorized_keys. */
  authorize(key: KeyPair, options?: string): void;
  log(): string;
}

export function makeKey(...options: string[]): KeyPair {
  const file = join(temporaryFolder(), 'key');
  const args = options.includes('-N') ? options : ['-N', '', ...options];
  const { status, stderr } = spawnSync('ssh-keygen', ['-q', '-f', file, ...args]);
  if (status !== 0) throw new Error(`ssh-keygen: ${stderr}`);
  const publicKey = readFileSync(`${file}.pub`, 'utf8').trim();
  const digest = createHash('sha256').update(Buffer.from(publicKey.split(' ')[1] ?? '', 'base64'));
  return {
    privateKey: readFileSync(file, 'utf8'),
    publicKey,
    fingerprint: `SHA256:${digest.digest('base64').replace(/=+$/, '')}`,
  };
}

/** The same key in another format, or with a passphrase. Making an RSA key takes a hundred times longer. */
export function rewriteKey({ privateKey, ...key }: KeyPair, ...options: string[]): KeyPair {
  const file = join(temporaryFolder(), 'key');
  writeFileSync(file, privateKey, { mode: 0o600 });
  const args = options.includes('-N') ? options : ['-N', '', ...options];
  const { status, stderr } = spawnSync('ssh-keygen', ['-q', '-p', '-f', file, ...args]);
  if (status !== 0) throw new Error(`ssh-keygen: ${stderr}`);
  return { ...key, privateKey: readFileSync(file, 'utf8') };
}

/** `settings`: lines of sshd_config; `hostKeyOptions`: the options of ssh-keygen for it. */
export async function startSshd({
  settings = [],
  hostKeyOptions = ['-t', 'ed25519'],
}: {
  readonly settings?: readonly string[];
  readonly hostKeyOptions?: readonly string[];
} = {}): Promise<SshServer> {
  const folder = temporaryFolder();
  const file = (name: string) => join(folder, name);
  const hostKey = makeKey(...hostKeyOptions);
  const port = await freePort();
  writeFileSync(file('host_key'), hostKey.privateKey, { mode: 0o600 });
  writeFileSync(file('authorized_keys'), '');
  mkdirSync(file('home'));
  writeFileSync(
    file('sshd_config'),
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${file('host_key')}`,
      `AuthorizedKeysFile ${file('authorized_keys')}`,
      'StrictModes no',
      'UsePAM no',
      'PidFile none',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'MaxStartups 100',
      // An empty home: what the developer's own shell does at its start is slow, and is no part of the test.
      `SetEnv HOME=${file('home')}`,
      ...settings,
      // The default, sntrup761, takes a client longer than all the rest of a connection. The first such line counts.
      'KexAlgorithms curve25519-sha256',
      '',
    ].join('\n'),
  );
  // Debian's sshd wants its folder, which a machine that never started the service lacks.
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true });
  const server = spawn(SSHD, ['-D', '-e', '-f', file('sshd_config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  servers.push(server);
  let said = '';
  server.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await listening(port);
  const user = userInfo().username;
  return {
    port,
    user,
    hostKey,
    knownHost: `[127.0.0.1]:${port} ${hostKey.publicKey}`,
    uriOf: (path) => `ssh://${user}@127.0.0.1:${port}${path}`,
    authorize: (key, options = '') =>
      writeFileSync(file('authorized_keys'), `${options} ${key.publicKey}\n`.trimStart(), { flag: 'a' }),
    log: () => said,
  };
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Waits until somebody listens on the port. */
async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => setTimeout(resolve, 25, false));
    });
    if (isThere) return;
  }
  throw new Error(`nobody listens on port ${port}`);
}
