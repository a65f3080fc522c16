// OpenSSH's own server on a port of its own, with a key that it lets in.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort, listening } from './ports.ts';

const SSHD = '/usr/sbin/sshd';

export interface SshServer {
  readonly privateKey: string;
  /** The line of known_hosts that makes a client trust it. */
  readonly knownHost: string;
  /** For git without Pool Boy. */
  readonly sshCommand: string;
  uriOf(path: string): string;
  stop(): void;
}

/** Null where this machine has no sshd. */
export async function startSshServer(folder: string): Promise<SshServer | null> {
  if (!existsSync(SSHD)) return null;
  const file = (name: string) => join(folder, name);
  for (const name of ['host', 'user'])
    spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(name)]);
  const publicKey = (name: string) => readFileSync(file(`${name}.pub`), 'utf8').trim();
  const port = await freePort();
  const knownHost = `[127.0.0.1]:${port} ${publicKey('host')}`;
  writeFileSync(file('authorized_keys'), `${publicKey('user')}\n`);
  writeFileSync(file('known_hosts'), `${knownHost}\n`);
  const settings = {
    Port: port,
    ListenAddress: '127.0.0.1',
    HostKey: file('host'),
    AuthorizedKeysFile: file('authorized_keys'),
    StrictModes: 'no',
    UsePAM: 'no',
    PidFile: 'none',
    MaxStartups: 100,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} ${value}\n`);
  writeFileSync(file('sshd_config'), lines.join(''));
  // Debian's sshd wants its folder, which a machine that never started the service lacks.
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true });
  const server = spawn(SSHD, ['-D', '-e', '-f', file('sshd_config')], { stdio: 'ignore' });
  await listening(port, server);
  return {
    privateKey: readFileSync(file('user'), 'utf8'),
    knownHost,
    sshCommand: `ssh -F none -i ${file('user')} -o UserKnownHostsFile=${file('known_hosts')}`,
    uriOf: (path) => `ssh://${userInfo().username}@127.0.0.1:${port}${path}`,
    stop: () => void server.kill(),
  };
}
