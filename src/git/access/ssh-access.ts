import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SshAddress, shownUri } from '../../core/repository-uri.ts';
import type { RepositorySource } from '../../core/source/repository-source.ts';
import { GitFailure } from '../failures/git-failure.ts';
import type { Access, AccessTools } from './access.ts';
import { agentOf } from './http-access.ts';
import { tunnelProgram, tunnelVariables } from './https-tunnel.ts';
import type { ReadKey } from './private-key.ts';
import { readKey } from './read-key.ts';
import { startAgent } from './ssh-agent.ts';
import { knownHostsText, sshConfig } from './ssh-config.ts';

/** An SSH agent with the key, a configuration of ssh for this run, and the proxy for it. */
export async function sshAccess(
  source: RepositorySource,
  address: SshAddress,
  { folder, lifetime, mask, environment, outer }: AccessTools,
): Promise<Access> {
  const url = shownUri(source.uri);
  const key = source.privateKey ? await readKey(source.privateKey, source.privateKeyPassphrase) : null;
  mask.add(key?.text);
  const agent =
    key === null ? agentOf(outer) : { SSH_AUTH_SOCK: await startAgent(folder, key, environment, lifetime) };
  const variables: Record<string, string> = { ...agent };
  if (source.httpsTunnel) {
    writeFileSync(join(folder, 'tunnel.mjs'), tunnelProgram());
    Object.assign(variables, tunnelVariables(source.httpsTunnel));
  }
  writeFileSync(join(folder, 'known_hosts'), knownHostsText(source.knownHosts));
  const command = source.gitConfig.findLast(({ name }) => name.toLowerCase() === 'core.sshcommand')?.value;
  // Whoever brings a command of their own may rely on the hosts that they know at home.
  const readsHome = key === null || command !== undefined;
  const config = { source, folder, urlHasUser: address.user !== null, home: outer.HOME ?? null, readsHome };
  writeFileSync(join(folder, 'ssh_config'), sshConfig(config));
  Object.assign(variables, sshCommand(command, join(folder, 'ssh_config')));
  const explain = async (failure: GitFailure): Promise<GitFailure> => {
    switch (failure.kind) {
      case 'unknown-host':
      case 'changed-host-key': {
        const { askHostKey, explainHostKey } = await import('./host-key-probe.ts');
        const shown = await askHostKey(folder, address, { ...environment, ...variables });
        return explainHostKey(failure, address, shown, readsHome);
      }
      case 'wrong-key':
        return key === null ? failure : nameKey(failure, url, key);
      default:
        return failure;
    }
  };
  return { url, environment: variables, settings: [], agent, explain };
}

/**
 * Git takes `GIT_SSH_COMMAND` before `core.sshCommand`. Where that one calls ssh itself (with options, say, for an
 * old server) it gets our configuration as well; any other program is left alone.
 */
function sshCommand(own: string | undefined, config: string): Readonly<Record<string, string>> {
  const [, ssh = null, options = ''] =
    own === undefined ? [null, 'ssh'] : (/^\s*((?:\S*\/)?ssh)(\s.*)?$/s.exec(own) ?? []);
  if (ssh === null) return {};
  return {
    GIT_SSH_COMMAND: `${ssh} -F '${config.replaceAll("'", `'\\''`)}'${options}`,
    GIT_SSH_VARIANT: 'ssh',
  };
}

async function nameKey(failure: GitFailure, url: string, key: ReadKey): Promise<GitFailure> {
  // Loaded only for a key that was refused: ssh2 takes as long as an empty program.
  const description = await import('./describe-key.ts')
    .then(({ describeKey }) => describeKey(key))
    .catch(() => null);
  if (description === null) return failure;
  const { type, fingerprint } = description;
  return new GitFailure(
    'wrong-key',
    `${url} does not accept private_key (${type} ${fingerprint}); add its public half there, or set another one.`,
  );
}
