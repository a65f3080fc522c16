// A real SSH server on loopback that serves git repositories to one key. For a process that has namespaces of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { run } from './run-tool.ts';

const PORT = 2222;

export interface SshServer {
  readonly process: ChildProcess;
  readonly uri: (repository: string) => string;
  readonly privateKey: string;
  readonly knownHosts: string;
}

/** `folder` is one that nobody else sees. */
export async function startSshServer(folder: string): Promise<SshServer> {
  const at = mkdtempSync(join(folder, 'sshd-'));
  for (const key of ['host', 'user'])
    run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', key, '-f', join(at, key)]);
  writeFileSync(
    join(at, 'config'),
    [
      `ListenAddress 127.0.0.1:${PORT}`,
      `HostKey ${at}/host`,
      `AuthorizedKeysFile ${at}/user.pub`,
      'StrictModes no',
      'UsePAM no',
      'PermitRootLogin yes',
      'PasswordAuthentication no',
      'PidFile none',
      'LogLevel FATAL',
      '',
    ].join('\n'),
  );
  // Where sshd puts itself while nobody has logged in.
  run('mount', ['-t', 'tmpfs', 'run', '/run']);
  mkdirSync('/run/sshd');
  const process = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(at, 'config')], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  await listening();
  const hostKey = readFileSync(join(at, 'host.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
  return {
    process,
    uri: (repository) => `ssh://root@127.0.0.1:${PORT}${repository}`,
    privateKey: readFileSync(join(at, 'user'), 'utf8'),
    knownHosts: `[127.0.0.1]:${PORT} ${hostKey}`,
  };
}

async function listening(): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const socket = connect(PORT, '127.0.0.1');
    const connected = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (connected) return;
    await setTimeout(50);
  }
  throw new Error('sshd does not listen.');
}
