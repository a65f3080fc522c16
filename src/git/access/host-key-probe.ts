import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { SshAddress } from '../../core/repository-uri.ts';
import { GitFailure } from '../failures/git-failure.ts';

const PATIENCE = 15_000;

/** What a host shows as its key, as a line of known_hosts. */
export interface HostKey {
  readonly line: string;
  readonly fingerprint: string;
}

/**
 * Asks the host for its key, to show which line to set. No login is tried, and the answer is trusted by nobody.
 */
export async function askHostKey(
  folder: string,
  address: SshAddress,
  environment: Readonly<Record<string, string>>,
): Promise<HostKey | null> {
  const file = join(folder, 'host_key');
  rmSync(file, { force: true });
  const options = [
    'StrictHostKeyChecking=accept-new',
    `UserKnownHostsFile="${file}"`,
    'GlobalKnownHostsFile=/dev/null',
    'HashKnownHosts=no',
    'PreferredAuthentications=none',
  ].flatMap((option) => ['-o', option]);
  const port = address.port === null ? [] : ['-p', String(address.port)];
  const args = [...options, '-F', join(folder, 'ssh_config'), ...port, '--', address.host, 'true'];
  await new Promise<void>((resolve) => {
    const ssh = spawn('ssh', args, {
      env: { ...environment },
      stdio: 'ignore',
      timeout: PATIENCE,
      killSignal: 'SIGKILL',
    });
    ssh.on('error', () => resolve());
    ssh.on('close', () => resolve());
  });
  return hostKeyIn(file, address);
}

function hostKeyIn(file: string, address: SshAddress): HostKey | null {
  try {
    const [, type = '', blob = ''] = readFileSync(file, 'utf8').trim().split(/\s+/);
    if (blob === '') return null;
    const hash = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64');
    return {
      line: `${knownHostName(address)} ${type} ${blob}`,
      fingerprint: `SHA256:${hash.replace(/=+$/, '')}`,
    };
  } catch {
    return null;
  }
}

/**
 * The failure with the host, the fingerprint and the line to set, where the host could be asked. `readsHome`: whether
 * `~/.ssh/known_hosts` counted as well.
 */
export function explainHostKey(
  failure: GitFailure,
  address: SshAddress,
  shown: HostKey | null,
  readsHome: boolean,
): GitFailure {
  if (shown === null) return failure;
  const host = knownHostName(address);
  const home = readsHome ? '' : ' (with private_key, ~/.ssh/known_hosts is not read)';
  const advice = `Compare the fingerprint with the one that the host publishes; if it is right, set known_hosts${home} to: ${shown.line}`;
  return new GitFailure(
    failure.kind,
    failure.kind === 'changed-host-key'
      ? `The host ${host} shows another key (${shown.fingerprint}) than the known one: possible man-in-the-middle. ${advice}`
      : `The host ${host} shows a key that is not known (${shown.fingerprint}). ${advice}`,
  );
}

/** How known_hosts writes a host: with its port where that is not the usual one. */
function knownHostName({ host, port }: SshAddress): string {
  return port === null || port === 22 ? host : `[${host}]:${port}`;
}
