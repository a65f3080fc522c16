import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  decodedPart,
  httpOrigin,
  isHttp,
  parseUri,
  type RepositoryUri,
  type SshAddress,
  shownUri,
  sshAddress,
} from '../../core/repository-uri.ts';
import type { GitSetting, RepositorySource } from '../../core/source/repository-source.ts';
import type { Lifetime } from '../../runtime/lifetime.ts';
import type { Mask } from '../../runtime/secret-mask.ts';
import type { GitFailure, KeyDescription } from '../failures/git-failure.ts';
import { askHostKey, explainHostKey } from './host-key-probe.ts';
import { tunnelProgram, tunnelVariables } from './https-tunnel.ts';
import { readKey } from './private-key.ts';
import { startAgent } from './ssh-agent.ts';
import { knownHostsText, sshConfig } from './ssh-config.ts';

/** What lets git in at the remote. Only commands that talk to the remote get it. */
export interface Access {
  /** The remote's URL without a secret in it: git and ssh get it as an argument. */
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly settings: readonly GitSetting[];
  /** The private key, where it could be read, for errors to name. */
  readonly key: KeyDescription | null;
  /** A failure in better words, where asking around can find them. */
  explain(failure: GitFailure): Promise<GitFailure>;
}

export interface AccessTools {
  /** Private to this run; what is written there holds no secret. */
  readonly folder: string;
  readonly lifetime: Lifetime;
  readonly mask: Mask;
  /** The environment of git commands, for the programs that are started here. */
  readonly environment: Readonly<Record<string, string>>;
  readonly outer: NodeJS.ProcessEnv;
}

export async function openAccess(source: RepositorySource, tools: AccessTools): Promise<Access> {
  const uri = parseUri(source.uri);
  hideSecrets(source, uri, tools.mask);
  const address = sshAddress(uri);
  return address === null ? httpAccess(source, uri) : sshAccess(source, address, tools);
}

function hideSecrets(source: RepositorySource, uri: RepositoryUri, mask: Mask): void {
  const { privateKey, privateKeyPassphrase, username, password, httpsTunnel } = source;
  mask.add(privateKey, privateKeyPassphrase, password, httpsTunnel?.password, ...secretsIn(uri));
  if (password) mask.add(`${username ?? ''}:${password}`);
  if (httpsTunnel?.password) mask.add(`${httpsTunnel.user ?? ''}:${httpsTunnel.password}`);
}

/** In an http URL the user can be a token as well. */
function secretsIn(uri: RepositoryUri): string[] {
  if (uri.kind !== 'url') return [];
  const parts = [...(isHttp(uri) && uri.user !== null ? [uri.user] : []), uri.password ?? ''];
  return [...parts, ...parts.map(decodedPart)];
}

/** Answers git's question for a password from variables, so that it stands in no argument, URL or file. */
const HELPER =
  '!f() { test "$1" = get && printf "username=%s\\npassword=%s\\n" "$POOL_BOY_USERNAME" "$POOL_BOY_PASSWORD"; }; f';

function httpAccess(source: RepositorySource, uri: RepositoryUri): Access {
  const url = shownUri(source.uri);
  const { username, password } = accountOf(source, uri);
  const origin = httpOrigin(uri);
  const settings: GitSetting[] = [];
  if (source.skipSslVerification) settings.push({ name: 'http.sslVerify', value: 'false' });
  if (origin === null || (!username && !password))
    return { url, environment: {}, settings, key: null, explain: unchanged };
  // An empty value removes the helpers of others; ours answers for this host only, wherever a redirect leads.
  settings.push({ name: 'credential.helper', value: '' });
  settings.push({ name: `credential.${origin}.helper`, value: HELPER });
  const environment = { POOL_BOY_USERNAME: username || 'git', POOL_BOY_PASSWORD: password ?? '' };
  return { url, environment, settings, key: null, explain: unchanged };
}

/** What the URL names takes precedence, as for git; what it leaves out comes from `source`. */
function accountOf({ username, password }: RepositorySource, uri: RepositoryUri) {
  const [user, secret] = uri.kind === 'url' ? [uri.user, uri.password] : [null, null];
  return {
    username: user === null ? (username ?? null) : decodedPart(user),
    password: secret === null ? (password ?? null) : decodedPart(secret),
  };
}

async function sshAccess(source: RepositorySource, address: SshAddress, tools: AccessTools): Promise<Access> {
  const { folder, lifetime, environment, outer } = tools;
  const variables: Record<string, string> = {};
  let key: KeyDescription | null = null;
  if (source.privateKey) {
    const read = await readKey(source.privateKey, source.privateKeyPassphrase ?? null);
    key = read.description;
    variables.SSH_AUTH_SOCK = await startAgent(folder, read, environment, lifetime);
  } else if (outer.SSH_AUTH_SOCK !== undefined) {
    variables.SSH_AUTH_SOCK = outer.SSH_AUTH_SOCK;
  }
  if (source.httpsTunnel) {
    writeFileSync(join(folder, 'tunnel.mjs'), tunnelProgram());
    Object.assign(variables, tunnelVariables(source.httpsTunnel));
  }
  writeFileSync(join(folder, 'known_hosts'), knownHostsText(source.knownHosts ?? []));
  const config = sshConfig({ source, folder, urlHasUser: address.user !== null, home: outer.HOME ?? null });
  writeFileSync(join(folder, 'ssh_config'), config);
  // Git would not look at core.sshCommand any more, and git_config is passed on as it is.
  if (!source.gitConfig.some(({ name }) => name.toLowerCase() === 'core.sshcommand')) {
    variables.GIT_SSH_COMMAND = `ssh -F '${join(folder, 'ssh_config').replaceAll("'", `'\\''`)}'`;
    variables.GIT_SSH_VARIANT = 'ssh';
  }
  const explain = async (failure: GitFailure) =>
    failure.kind === 'unknown-host' || failure.kind === 'changed-host-key'
      ? explainHostKey(failure, address, await askHostKey(folder, address, { ...environment, ...variables }))
      : failure;
  return { url: shownUri(source.uri), environment: variables, settings: [], key, explain };
}

async function unchanged(failure: GitFailure): Promise<GitFailure> {
  return failure;
}
