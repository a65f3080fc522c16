import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HTTP_BACKEND, type HttpsGit, startHttpsGit } from '../git/access/start-https-git.ts';
import { type KeyPair, makeKey, SSHD, type SshServer, startSshd } from '../git/access/start-sshd.ts';
import { describeWith } from '../git/needs.ts';
import { startWorld, type World } from '../steps/start-world.ts';
import { filesBelow, PASSWORD, type Secrets, secretsOf, TOKEN } from './marks.ts';
import { runWatched } from './run-watched.ts';

const NO_SECRETS: readonly string[] = [];
const BASIC = Buffer.from(`someone:${PASSWORD}`).toString('base64');
const ENCODED = encodeURIComponent(PASSWORD);

let world: World;
/** Answers everything with what it was sent, as a chatty proxy or a page for debugging would. */
let echo: Server;
let echoAddress = '';

beforeAll(async () => {
  echo = createServer((request, response) => {
    const { authorization = '', 'proxy-authorization': proxy = '' } = request.headers;
    const decoded = [authorization, proxy].map((value) =>
      Buffer.from(value.split(' ')[1] ?? '', 'base64').toString(),
    );
    response.writeHead(403, { 'content-type': 'text/plain' }).end(`${authorization} ${proxy} ${decoded}\n`);
  });
  echo.on('connect', ({ headers }, socket) => {
    const sent = headers['proxy-authorization'] ?? '';
    const account = Buffer.from(sent.split(' ')[1] ?? '', 'base64').toString('latin1');
    socket.end(`HTTP/1.1 407 ${sent} ${account}\r\n\r\n`, 'latin1');
  });
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  echoAddress = `127.0.0.1:${(echo.address() as AddressInfo).port}`;
});

afterAll(() => {
  echo.closeAllConnections();
  echo.close();
});

beforeEach(async () => {
  world = await startWorld();
  world.claimByBuild('env-1', { name: '2', status: 'failed' });
});

afterEach(() => world.atc.close());

/** Both with the usual log and with everything in it, also that of packages which look for DEBUG. */
async function leaksOf(
  program: 'check' | 'in' | 'out',
  source: Record<string, unknown>,
  { secrets = secretsOf(NO_SECRETS), env = {} }: { secrets?: Secrets; env?: NodeJS.ProcessEnv } = {},
) {
  const runs = [];
  for (const logLevel of ['info', 'debug']) {
    const request = {
      source: { ...source, log_level: logLevel },
      ...(program === 'in' ? { version: { ref: world.repository.head(), stale: 'none' } } : {}),
    };
    const more = logLevel === 'debug' ? { DEBUG: '*' } : {};
    runs.push(await runWatched(program, request, secrets, { ...env, ...more }));
  }
  return {
    statuses: runs.map(({ status }) => status),
    leaks: runs.flatMap(({ leaks }) => leaks),
    // Packages that write past our log, and so past the mask.
    strangers: runs.flatMap(({ stderr }) => stderr.match(/^.*(?:simple-git|https-proxy-agent).*$/gm) ?? []),
    stderr: runs[0]?.stderr ?? '',
  };
}

const FAILED = [1, 1];

describe('no secret shows', () => {
  it.each<[string, () => Record<string, unknown>, RegExp]>([
    ['a password of Concourse that is refused', () => atc({ password: PASSWORD }), /password/],
    ['a token that is refused', () => ({ concourse: { url: world.atc.url, token: TOKEN } }), /token/],
    [
      'a Concourse that sends back what it was sent',
      () => atc({ url: `http://${echoAddress}`, password: PASSWORD }),
      /403|refused|Concourse/,
    ],
    [
      'a Concourse URL with an account in it',
      () => atc({ url: `http://someone:${ENCODED}@${echoAddress}` }),
      /error/,
    ],
    [
      'a URL with an account where nobody listens',
      () => ({ uri: `http://someone:${ENCODED}@127.0.0.1:1/x.git` }),
      /refused|connect/i,
    ],
    [
      'a token as the user of a URL',
      () => ({ uri: `http://${TOKEN}@127.0.0.1:1/x.git` }),
      /refused|connect/i,
    ],
    [
      'a URL of a strange scheme',
      () => ({ uri: `htp://someone:${ENCODED}@git.example.com/x` }),
      /starts with htp/,
    ],
    [
      'a URL with a raw password',
      () => ({ uri: `https://someone:${PASSWORD}@git.example.invalid/x` }),
      /error/,
    ],
    [
      'a URL with a blank at its end',
      () => ({ uri: `https://someone:${ENCODED}@git.example.com/x ` }),
      /blank/,
    ],
    [
      'an ssh URL with a password',
      () => ({ uri: `ssh://someone:${ENCODED}@127.0.0.1:1/x.git` }),
      /refused|connect/i,
    ],
    ['a password that is a list', () => ({ username: 'x', password: [PASSWORD] }), /password/],
    ['a password that is an object', () => ({ username: 'x', password: { a: PASSWORD } }), /password/],
    ['a misspelt key', () => ({ passwort: PASSWORD }), /passwort/],
    ['the key of another tool', () => ({ api_token: TOKEN }), /api_token/],
    ['a private key that is none', () => ({ uri: 'ssh://git@127.0.0.1:1/x', private_key: PASSWORD }), /key/],
    [
      'a header in git_config, with a URL that is broken',
      () => ({
        uri: 'http://127.0.0.1:1/x.git',
        git_config: [{ name: 'http.extraHeader', value: `Authorization: Basic ${BASIC}` }],
      }),
      /connect|refused/i,
    ],
    [
      'a setting of git_config that git refuses',
      () => ({ git_config: [{ name: `http.proxyAuthMethod\n${TOKEN}`, value: PASSWORD }] }),
      /./,
    ],
    [
      'a tunnel with an account, where nobody listens',
      () => ({
        uri: 'ssh://git@127.0.0.1:1/x.git',
        https_tunnel: {
          proxy_host: '127.0.0.1',
          proxy_port: 1,
          proxy_user: 'someone',
          proxy_password: PASSWORD,
        },
      }),
      /proxy/,
    ],
    [
      'a tunnel that sends back what it was sent',
      () => ({
        uri: 'ssh://git@127.0.0.1:1/x.git',
        https_tunnel: {
          proxy_host: '127.0.0.1',
          proxy_port: Number(echoAddress.split(':')[1]),
          proxy_user: 'someone',
          proxy_password: PASSWORD,
        },
      }),
      /proxy/,
    ],
    [
      'a tunnel with a port that is none',
      () => ({ https_tunnel: { proxy_host: 'x', proxy_port: 'no', proxy_password: PASSWORD } }),
      /port/,
    ],
  ])('where there is %s', async (_name, more, words) => {
    const result = await leaksOf('out', world.source(more()));
    expect(result).toMatchObject({ leaks: [], stderr: expect.stringMatching(words), statuses: FAILED });
  });

  it('where the request is not JSON', async () => {
    const request = `{"source": {"uri": "x", "password": "${TOKEN}", }`;
    const ran = await runWatched('check', request, secretsOf(NO_SECRETS));
    expect(ran).toMatchObject({ status: 1, leaks: [] });
  });

  it.each<[string, (address: string) => string]>([
    ['a scheme', (address) => `http://someone:${ENCODED}@${address}`],
    ['no scheme', (address) => `someone:${ENCODED}@${address}`],
  ])('where a metrics gateway sends back what it was sent: %s', async (_name, url) => {
    const result = await leaksOf('out', world.source({ prometheus_push_gateway: url(echoAddress) }));
    expect(result).toMatchObject({ leaks: [], statuses: [0, 0], stderr: expect.stringMatching(/403/) });
  });

  it.each<[string, (proxy: string) => NodeJS.ProcessEnv]>([
    ['Concourse', (proxy) => ({ http_proxy: proxy })],
    ['git', (proxy) => ({ http_proxy: proxy, no_proxy: '127.0.0.1' })],
  ])('where a proxy with an account refuses: %s', async (name, env) => {
    const source = world.source(name === 'git' ? { uri: 'http://git.example.invalid/x.git' } : {});
    const proxy = `http://someone:${ENCODED}@${echoAddress}`;
    expect(await leaksOf('out', source, { env: env(proxy) })).toMatchObject({ leaks: [], statuses: FAILED });
  });

  it('where a hook of the server knows the secret and says it', async () => {
    const hooks = `${world.repository.path}/hooks`;
    mkdirSync(hooks, { recursive: true });
    writeFileSync(`${hooks}/pre-receive`, `#!/bin/sh\necho '${TOKEN} may not push'\nexit 1\n`);
    chmodSync(`${hooks}/pre-receive`, 0o755);
    const result = await leaksOf('out', world.source({ password: TOKEN }));
    expect(result).toMatchObject({
      leaks: [],
      statuses: FAILED,
      stderr: expect.stringMatching(/\*\*\* may/),
    });
  });

  it.each(['check', 'in', 'out'] as const)('in what %s writes when all goes well', async (program) => {
    // The account is of no use over this way in, and is given all the same.
    const source = world.source({ username: 'someone', password: PASSWORD, private_key_passphrase: TOKEN });
    expect(await leaksOf(program, source)).toMatchObject({ leaks: [], strangers: [], statuses: [0, 0] });
    expect(leaksInRepository()).toEqual([]);
  });
});

describeWith([HTTP_BACKEND, '/usr/bin/openssl'])('no secret shows over HTTPS', () => {
  let server: HttpsGit;
  beforeAll(async () => {
    server = await startHttpsGit(`someone:${PASSWORD}`);
  });
  const source = (more: Record<string, unknown> = {}) =>
    world.source({ uri: server.uriOf(world.repository.path), skip_ssl_verification: true, ...more });

  it.each<[string, () => Record<string, unknown>]>([
    ['a wrong password', () => ({ username: 'someone', password: `${PASSWORD}x` })],
    ['a certificate that nobody knows', () => ({ ...account(), skip_ssl_verification: false })],
    ['no such repository', () => ({ ...account(), uri: server.uriOf('/no/such') })],
    ['no such branch', () => ({ ...account(), branch: 'gone' })],
    [
      'a wrong account in the URL',
      () => ({ uri: server.uriOf(world.repository.path).replace('//', `//someone:${ENCODED}x@`) }),
    ],
  ])('where there is %s', async (_name, more) => {
    expect(await leaksOf('check', source(more()))).toMatchObject({ leaks: [], statuses: FAILED });
  });

  it.each<[string, () => Record<string, unknown>]>([
    ['an account', account],
    [
      'an account in the URL',
      () => ({ uri: server.uriOf(world.repository.path).replace('//', `//someone:${ENCODED}@`) }),
    ],
  ])('in what all three programs leave with %s', async (_name, more) => {
    for (const program of ['check', 'in', 'out'] as const)
      expect(await leaksOf(program, source(more()))).toMatchObject({ leaks: [], statuses: [0, 0] });
    expect(leaksInRepository()).toEqual([]);
  });
});

describeWith([SSHD, '/usr/bin/ssh-agent'])('no secret shows over SSH', () => {
  let server: SshServer;
  let key: KeyPair;
  let stranger: KeyPair;
  let locked: KeyPair;
  let secrets: Secrets;
  beforeAll(async () => {
    server = await startSshd();
    [key, stranger, locked] = [[], [], ['-N', PASSWORD]].map((more) => makeKey('-t', 'ed25519', ...more)) as [
      KeyPair,
      KeyPair,
      KeyPair,
    ];
    server.authorize(key);
    server.authorize(locked);
    secrets = secretsOf([key, stranger, locked].map(({ privateKey }) => privateKey));
  });
  const source = (more: Record<string, unknown> = {}) =>
    world.source({
      uri: server.uriOf(world.repository.path),
      private_key: key.privateKey,
      known_hosts: [server.knownHost],
      ...more,
    });

  it.each<[string, () => Record<string, unknown>]>([
    ['a key that is not accepted', () => ({ private_key: stranger.privateKey })],
    [
      'a wrong passphrase',
      () => ({ private_key: locked.privateKey, private_key_passphrase: `${PASSWORD}x` }),
    ],
    ['no passphrase', () => ({ private_key: locked.privateKey })],
    ['half a key', () => ({ private_key: key.privateKey.slice(0, 220) })],
    ['a damaged key', () => ({ private_key: key.privateKey.replace(/b3Bl[^\n]{30}/, 'b3BlAAAA') })],
    ['a key as a list', () => ({ private_key: [key.privateKey] })],
    ['a key under a misspelt name', () => ({ private_kee: key.privateKey })],
    ['an unknown host', () => ({ known_hosts: [] })],
    ['no such repository', () => ({ uri: server.uriOf('/no/such') })],
  ])('where there is %s', async (_name, more) => {
    expect(await leaksOf('check', source(more()), { secrets })).toMatchObject({
      leaks: [],
      statuses: FAILED,
    });
  });

  it('in what a release leaves', async () => {
    const more = { private_key: locked.privateKey, private_key_passphrase: PASSWORD };
    expect(await leaksOf('out', source(more), { secrets })).toMatchObject({ leaks: [], statuses: [0, 0] });
    expect(leaksInRepository(secrets)).toEqual([]);
  });

  it('in what a run leaves that is stopped while Concourse thinks', async () => {
    world.atc.answer('/api/v1/info', { kind: 'hang' });
    let stop = () => {};
    world.atc.onRequest('/api/v1/info', () => stop());
    const ran = await runWatched('out', { source: source() }, secrets, {}, (_pid, end) => {
      stop = end;
    });
    expect(ran).toMatchObject({ status: 1, leaks: [] });
    expect(ran.seen).toBeGreaterThan(0);
  });
});

function atc(more: Record<string, unknown>): Record<string, unknown> {
  return { concourse: { url: world.atc.url, username: 'pool-boy', ...more } };
}

function account(): Record<string, unknown> {
  return { username: 'someone', password: PASSWORD };
}

function leaksInRepository(secrets: Secrets = secretsOf(NO_SECRETS)): string[] {
  const objects = world.repository.git('cat-file', '--batch-all-objects', '--batch');
  const texts = [{ path: 'objects', text: objects }, ...filesBelow(world.repository.path)];
  return texts.flatMap(({ path, text }) => (secrets.leakIn(text) === null ? [] : [path]));
}
