// What a warm `check` costs by each way to a repository, beside `git ls-remote` by the same way.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startHttpsServer } from './https-server.ts';
import { forget, minimaInTurn, type Resource, run, runStep } from './run.ts';
import { startSshServer } from './ssh-server.ts';

export interface WarmCost {
  readonly way: 'file' | 'ssh' | 'https';
  /** Milliseconds, the least of many. */
  readonly emptyNode: number;
  readonly lsRemote: number;
  readonly check: number;
  /** HTTP requests of one check; null by another way. */
  readonly requests: number | null;
}

/** How to reach the repository, for Pool Boy and for git alone. */
interface Way {
  readonly name: WarmCost['way'];
  readonly uri: string;
  readonly source: Readonly<Record<string, unknown>>;
  readonly env: NodeJS.ProcessEnv;
  readonly takeRequests: (() => number) | null;
}

/** `git` with a password, without a question and without one in its arguments. */
const PASSWORD_HELPER = '!f() { echo "username=$BENCH_USER"; echo "password=$BENCH_PASSWORD"; }; f';

export async function measureWarm(
  directory: string,
  folder: string,
  runs: number,
  atEnd: (end: () => void) => void,
): Promise<WarmCost[]> {
  mkdirSync(folder, { recursive: true });
  const costs: WarmCost[] = [];
  for (const way of await waysTo(directory, folder, atEnd)) costs.push(await measureWay(way, folder, runs));
  return costs;
}

async function measureWay(
  { name, uri, source, env, takeRequests }: Way,
  folder: string,
  runs: number,
): Promise<WarmCost> {
  const resource: Resource = {
    source: { uri, branch: 'main', pools: ['aws'], stale_after: '105m', ...source },
    folder: join(folder, `resource-${name}`),
  };
  forget(resource);
  await runStep('check', resource);
  const [emptyNode = 0, lsRemote = 0, check = 0] = await minimaInTurn(runs, [
    () => run([process.execPath, '-e', '']),
    () => run(['git', 'ls-remote', uri, 'refs/heads/main'], { env }),
    () => runStep('check', resource),
  ]);
  takeRequests?.();
  await runStep('check', resource);
  return { way: name, emptyNode, lsRemote, check, requests: takeRequests?.() ?? null };
}

async function waysTo(directory: string, folder: string, atEnd: (end: () => void) => void): Promise<Way[]> {
  const uri = `file://${directory}`;
  const ways: Way[] = [{ name: 'file', uri, source: {}, env: {}, takeRequests: null }];
  const ssh = await startSshServer(folder);
  if (ssh !== null) {
    atEnd(() => ssh.stop());
    ways.push({
      name: 'ssh',
      uri: ssh.uriOf(directory),
      source: { private_key: ssh.privateKey, known_hosts: ssh.knownHost },
      env: { GIT_SSH_COMMAND: ssh.sshCommand },
      takeRequests: null,
    });
  }
  const https = await startHttpsServer(folder);
  if (https !== null) {
    atEnd(() => https.stop());
    const { username, password, caFile } = https;
    ways.push({
      name: 'https',
      uri: https.uriOf(directory),
      source: { username, password, git_config: [{ name: 'http.sslCAInfo', value: caFile }] },
      env: {
        GIT_SSL_CAINFO: caFile,
        BENCH_USER: username,
        BENCH_PASSWORD: password,
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'credential.helper',
        GIT_CONFIG_VALUE_0: PASSWORD_HELPER,
      },
      takeRequests: () => https.takeRequests(),
    });
  }
  return ways;
}
