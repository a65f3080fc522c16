import { join } from 'node:path';
import SHIPPED_HOSTS from '../../../assets/known_hosts' with { type: 'text' };
import type { RepositorySource } from '../../core/source/repository-source.ts';
import { replaceControls } from '../../core/text.ts';

interface ConfigInput {
  readonly source: RepositorySource;
  readonly folder: string;
  readonly urlHasUser: boolean;
  readonly home: string | null;
  /** Whether the hosts that the user knows count, too: not for a key in `source`, which must work the same anywhere. */
  readonly readsHome: boolean;
}

/** The host keys that ssh trusts: those that come with the program, then those of `source`. */
export function knownHostsText(lines: readonly string[]): string {
  return [SHIPPED_HOSTS.trimEnd(), ...lines, ''].join('\n');
}

/** The configuration of ssh for one run. Of several values ssh takes the first, so ours take precedence. */
export function sshConfig({ source, folder, urlHasUser, home, readsHome }: ConfigInput): string {
  const isChecked = !source.skipHostKeyCheck;
  const own = quoted(join(folder, 'known_hosts'));
  const people = home === null || !readsHome ? '' : ` ${quoted(join(home, '.ssh/known_hosts'))}`;
  const lines = [
    'BatchMode yes',
    `StrictHostKeyChecking ${isChecked ? 'yes' : 'no'}`,
    `UserKnownHostsFile ${isChecked ? `${own}${people}` : '/dev/null'}`,
    'UpdateHostKeys no',
    'ConnectTimeout 30',
    // A server that hangs is given up after a minute.
    'ServerAliveInterval 15',
    'ServerAliveCountMax 4',
    `ForwardAgent ${source.forwardAgent ? 'yes' : 'no'}`,
    'PermitLocalCommand no',
    'ControlPath none',
  ];
  // As for the pool resource, a user in the URL takes precedence.
  if (source.privateKeyUser && !urlHasUser) lines.push(`User ${quoted(source.privateKeyUser)}`);
  if (source.privateKey) lines.push('IdentityFile none', 'IdentitiesOnly no');
  if (source.httpsTunnel) {
    const program = [process.execPath, join(folder, 'tunnel.mjs')].map(shellQuoted).join(' ');
    lines.push(`ProxyCommand ${program.replaceAll('%', '%%')} %h %p`);
  }
  // A person at a terminal has settings of their own; a key in `source` needs none.
  if (!source.privateKey && home !== null) lines.push(`Include ${quoted(join(home, '.ssh/config'))}`);
  return `Host *\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

/** ssh_config knows no escapes within quotes, and a line break would start a setting. */
function quoted(text: string): string {
  return `"${replaceControls(text, '').replaceAll('"', '')}"`;
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
