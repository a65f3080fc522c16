import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, it } from '@jest/globals';
import type { RepositorySource } from '../../../src/core/source/repository-source.ts';
import { makeRepository, type TestRepository } from '../make-repository.ts';
import { describeWith } from '../needs.ts';
import { open, opening } from '../open.ts';
import { RUN, releaseOf } from '../sample-release.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { type KeyPair, makeKey, rewriteKey, SSHD, type SshServer, startSshd } from './start-sshd.ts';

describeWith([SSHD, '/usr/bin/ssh-agent'])('over SSH', () => {
  let server: SshServer;
  let made: TestRepository;
  let key: KeyPair;
  let rsa: KeyPair;

  beforeAll(async () => {
    server = await startSshd();
    key = makeKey('-t', 'ed25519');
    rsa = makeKey('-t', 'rsa', '-b', '2048');
    for (const one of [key, rsa]) server.authorize(one);
    made = makeRepository();
    made.addUnclaimed('aws', 'spare');
    made.addClaimed('aws', 'a');
  });

  const source = (more: Partial<RepositorySource> = {}) => ({
    uri: server.uriOf(made.path),
    privateKey: key.privateKey,
    knownHosts: [server.knownHost],
    ...more,
  });
  const headBy = async (more: Partial<RepositorySource>) => (await open(source(more))).fetch();
  const failureBy = async (more: Partial<RepositorySource>) => {
    const { repository, logged } = opening(source(more));
    const failure = await repository
      .then((one) => one.fetch())
      .then(
        () => null,
        (error: { kind: string; message: string }) => error,
      );
    return { kind: failure?.kind, message: failure?.message, logged: logged.join('') };
  };

  it('fetches and pushes', async () => {
    const repository = await open(source());
    const base = await repository.fetch();
    expect(base).toBe(made.head());
    const pushed = await repository.push([releaseOf('a')], base, RUN);
    expect(pushed).toMatchObject({ kind: 'pushed', head: made.head() });
    made.claim('aws', 'a');
  });

  it.each<[string, string[]]>([
    ['ed25519, with a passphrase', ['-t', 'ed25519', '-N', `it's a "secret" $PATH`]],
    ['ECDSA in PKCS#8, with a passphrase', ['-t', 'ecdsa', '-m', 'PKCS8', '-N', 'pass phrase']],
    ['ECDSA', ['-t', 'ecdsa', '-b', '384']],
  ])('takes a key of type %s', async (_name, options) => {
    const other = makeKey(...options);
    server.authorize(other);
    expect(await headBy(withPassphrase(other, options))).toBe(made.head());
  });

  it.each<[string, string[]]>([
    ['the format of OpenSSH', []],
    ['PEM', ['-m', 'PEM']],
    ['PEM, with a passphrase', ['-m', 'PEM', '-N', 'pass phrase']],
    ['PKCS#8', ['-m', 'PKCS8']],
  ])('takes an RSA key in %s', async (_name, options) => {
    expect(await headBy(withPassphrase(rewriteKey(rsa, ...options), options))).toBe(made.head());
  });

  it('takes an encrypted PEM key whose line breaks became blanks, and a passphrase with a newline', async () => {
    const other = rewriteKey(rsa, '-m', 'PEM', '-N', 'pass phrase');
    const { repository, logged } = opening(
      source({
        privateKey: other.privateKey.replaceAll(/\n+/g, ' '),
        privateKeyPassphrase: 'pass phrase\n',
      }),
    );
    expect(await (await repository).fetch()).toBe(made.head());
    expect(logged).toContain(
      'warning: private_key_passphrase of source ends with a line break, which is left out; remove it where the value is stored.\n',
    );
  });

  it('takes an ed25519 key in PKCS#8', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    const part = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
    const blob = Buffer.concat([part(Buffer.from('ssh-ed25519')), part(raw)]).toString('base64');
    server.authorize({ privateKey: '', publicKey: `ssh-ed25519 ${blob}`, fingerprint: '' });
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    expect(await headBy({ privateKey: pem })).toBe(made.head());
  });

  it.each<[string, (text: string) => string]>([
    ['without its last newline', (text) => text.trimEnd()],
    ['with carriage returns', (text) => text.replaceAll('\n', '\r\n')],
    ['indented', (text) => text.replaceAll(/^/gm, '    ')],
    ['with blank lines around it', (text) => `\n\n${text}\n\n`],
    ['with blanks for line breaks', (text) => text.trim().replaceAll('\n', ' ')],
    ['with a literal \\n for each line break', (text) => text.replaceAll('\n', '\\n')],
    [
      'with a literal \\r\\n for each line break, in quotes',
      (text) => `"${text.replaceAll('\n', '\\r\\n')}"`,
    ],
    ['without its line breaks', (text) => text.replaceAll('\n', '')],
  ])('takes a key that was pasted %s', async (_name, paste) => {
    expect(await headBy({ privateKey: paste(key.privateKey) })).toBe(made.head());
  });

  it('takes an address in each form, and the user of private_key_user where it has none', async () => {
    const { user, port } = server;
    const config = [{ name: 'core.quotePath', value: 'false' }];
    for (const uri of [
      `ssh://127.0.0.1:${port}${made.path}`,
      `git+ssh://127.0.0.1:${port}${made.path}`,
      `[127.0.0.1:${port}]:${made.path}`,
    ]) {
      expect(await headBy({ uri, privateKeyUser: user, gitConfig: config })).toBe(made.head());
    }
    expect(await headBy({ uri: `${user}@[127.0.0.1:${port}]:${made.path}` })).toBe(made.head());
  });

  it('uses an agent that is there, for want of a key', async () => {
    const socket = `${temporaryFolder()}/agent`;
    const agent = spawnSync('ssh-agent', ['-s', '-a', socket]).stdout.toString();
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(agent)?.[1]);
    try {
      const env = { ...process.env, SSH_AUTH_SOCK: socket };
      expect(spawnSync('ssh-add', ['-q', '-'], { env, input: key.privateKey }).status).toBe(0);
      const repository = await open({
        ...source({ privateKey: null }),
        environment: { SSH_AUTH_SOCK: socket },
      });
      expect(await repository.fetch()).toBe(made.head());
    } finally {
      process.kill(pid);
    }
  });

  it.each([true, false])(
    'hands the agent on to the host where forward_agent says so: %s',
    async (forwardAgent) => {
      const other = makeKey('-t', 'ed25519');
      const seen = `${temporaryFolder()}/keys`;
      server.authorize(other, `command="ssh-add -l > ${seen} 2>&1; exec sh -c \\"$SSH_ORIGINAL_COMMAND\\""`);
      expect(await headBy({ privateKey: other.privateKey, forwardAgent })).toBe(made.head());
      expect(readFileSync(seen, 'utf8').includes(other.fingerprint)).toBe(forwardAgent);
    },
  );

  it('takes what stands behind the colon for a path, also where it looks like a port', async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/ssh`, `#!/bin/sh\nprintf '%s\\n' "$@" > ${folder}/arguments\nexit 1\n`);
    chmodSync(`${folder}/ssh`, 0o755);
    const gitConfig = [
      { name: 'core.sshCommand', value: `${folder}/ssh` },
      { name: 'ssh.variant', value: 'ssh' },
    ];
    await failureBy({ uri: 'git@ssh.dev.azure.com:v3/o/p/r', gitConfig });
    const given = readFileSync(`${folder}/arguments`, 'utf8').trim().split('\n');
    expect(given.slice(-2)).toEqual(['git@ssh.dev.azure.com', "git-upload-pack 'v3/o/p/r'"]);
    expect(given).not.toContain('-p');
  });

  it('leaves neither the agent nor a file behind', async () => {
    const folder = temporaryFolder();
    const { repository, lifetime } = opening({ ...source(), environment: { TMPDIR: folder } });
    await (await repository).fetch();
    const [ours = ''] = readdirSync(folder);
    expect(agentsWith(`${folder}/${ours}`)).not.toEqual([]);
    lifetime.end();
    expect(readdirSync(folder)).toEqual([]);
    await goneSoon(() => agentsWith(folder).length === 0);
  });

  it('says which host is unknown, its fingerprint, and the line to set', async () => {
    const { kind, message } = await failureBy({ knownHosts: [] });
    expect(kind).toBe('unknown-host');
    expect(message).toContain(`[127.0.0.1]:${server.port}`);
    expect(message).toContain(server.hostKey.fingerprint);
    expect(message).toContain(server.knownHost.split(' ').slice(0, 3).join(' '));
    expect(message).toContain('known_hosts');
  });

  it('says that a host key has changed', async () => {
    const other = makeKey('-t', 'ed25519');
    const { kind, message } = await failureBy({
      knownHosts: [`[127.0.0.1]:${server.port} ${other.publicKey}`],
    });
    expect(kind).toBe('changed-host-key');
    expect(message).toContain(`[127.0.0.1]:${server.port}`);
    expect(message).toContain(server.hostKey.fingerprint);
    expect(message).toContain(server.knownHost.split(' ').slice(0, 3).join(' '));
  });

  it('trusts any host where it is told to', async () => {
    expect(await headBy({ knownHosts: [], skipHostKeyCheck: true })).toBe(made.head());
  });

  it('names the key that is not accepted', async () => {
    const stranger = makeKey('-t', 'ecdsa');
    expect(await failureBy({ privateKey: stranger.privateKey })).toMatchObject({
      kind: 'wrong-key',
      message: `${server.uriOf(made.path)} does not accept private_key (ecdsa-sha2-nistp256 ${stranger.fingerprint}); add its public half there, or set another one.`,
    });
  });

  it.each<[string, Partial<RepositorySource> | (() => Partial<RepositorySource>), string, string]>([
    [
      'no key at all',
      { privateKey: null },
      'wrong-key',
      'accepts no key that was offered; set private_key to one that it knows.',
    ],
    [
      'something else than a key',
      { privateKey: 'hello' },
      'not-a-private-key',
      'private_key is not a private key that OpenSSH can read: it does not start with a key header.',
    ],
    [
      'a key in base64',
      () => ({ privateKey: Buffer.from(key.privateKey).toString('base64') }),
      'not-a-private-key',
      'private_key is not a private key that OpenSSH can read: it is the base64 of a key; give the key itself.',
    ],
    [
      'a key with something else in it',
      () => ({ privateKey: key.privateKey.replace('\n', '\n*** REDACTED ***\n') }),
      'not-a-private-key',
      'private_key is not a private key that OpenSSH can read: it contains something other than base64.',
    ],
    [
      'the public key',
      () => ({ privateKey: key.publicKey }),
      'not-a-private-key',
      'private_key is a public key: give the private one.',
    ],
    [
      'half a key',
      () => ({ privateKey: key.privateKey.slice(0, 200) }),
      'not-a-private-key',
      'private_key is not a private key that OpenSSH can read: its end is missing.',
    ],
    [
      'a damaged key',
      () => ({ privateKey: key.privateKey.replace(/b3Bl[^\n]{30}/, 'b3BlAAAA') }),
      'not-a-private-key',
      'private_key is not a private key that OpenSSH can read: ',
    ],
    [
      'an encrypted key without its passphrase',
      () => ({ privateKey: makeKey('-t', 'ed25519', '-a', '1', '-N', 'pass phrase').privateKey }),
      'passphrase-needed',
      'private_key is encrypted: set private_key_passphrase.',
    ],
    [
      'an encrypted key with another passphrase',
      () => ({
        privateKey: makeKey('-t', 'ed25519', '-a', '1', '-N', 'pass phrase').privateKey,
        privateKeyPassphrase: 'other one',
      }),
      'wrong-passphrase',
      'private_key_passphrase does not open private_key.',
    ],
    [
      'an encrypted PKCS#8 key with another passphrase',
      () => ({
        privateKey: makeKey('-t', 'ecdsa', '-m', 'PKCS8', '-N', 'pass phrase').privateKey,
        privateKeyPassphrase: 'other one',
      }),
      'wrong-passphrase',
      'private_key_passphrase does not open private_key.',
    ],
    [
      'a path where nothing is',
      () => ({ uri: server.uriOf('/no/such/repository') }),
      'no-repository',
      'There is no git repository at',
    ],
    [
      'a port where nobody listens',
      { uri: 'ssh://git@127.0.0.1:1/x' },
      'cannot-connect',
      'Connection refused',
    ],
  ])('tells of %s', async (_name, more, kind, words) => {
    const failure = await failureBy(typeof more === 'function' ? more() : more);
    expect(failure.kind).toBe(kind);
    expect(failure.message).toContain(words);
    expect(failure.message).not.toContain('pass phrase');
    expect(failure.logged).not.toMatch(/pass phrase|other one|PRIVATE KEY/);
  });

  it.each([
    ['reads what is pushed', (run: string) => run],
    // The connection breaks while git sends its pack.
    [
      'ends before it reads anything',
      (run: string) => `case $SSH_ORIGINAL_COMMAND in *receive-pack*) ${run} < /dev/null;; *) ${run};; esac`,
    ],
  ])(
    'takes no silence for success: a key that may only run a git-upload-pack that %s',
    async (_how, commandFor) => {
      const reader = makeKey('-t', 'ed25519');
      server.authorize(reader, `command="${commandFor(`git-upload-pack '${made.path}'`)}"`);
      const repository = await open(source({ privateKey: reader.privateKey }));
      const base = await repository.fetch();
      const before = made.head();
      const words = `${server.uriOf(made.path)} does not report what becomes of a push to main, as where a key may only run git-upload-pack; give the account the right to write.`;
      await expect(repository.push([releaseOf('a')], base, RUN)).rejects.toMatchObject({
        kind: 'not-allowed-to-push',
        message: expect.stringContaining(words),
      });
      expect(made.head()).toBe(before);
      expect(await repository.pushProblem(base)).toMatchObject({ message: words });
    },
  );

  it('gives the words of the server to the sentence, and all of them to the debug log', async () => {
    const refused = makeKey('-t', 'ed25519');
    server.authorize(
      refused,
      'command="printf \'Hello!\\nThe vault \\033[31mis\\033[0m sealed.\\n\' >&2; exit 1"',
    );
    const { kind, message, logged } = await failureBy({ privateKey: refused.privateKey });
    expect({ kind, message }).toEqual({
      kind: 'refused',
      message: `${server.uriOf(made.path)} refused the connection: Hello! The vault is sealed.`,
    });
    expect(logged).toContain('debug:   Hello!\ndebug:   The vault is sealed.\n');
  });

  it('tries again where the connection ends without a word', async () => {
    const cut = makeKey('-t', 'ed25519');
    const counter = `${temporaryFolder()}/tries`;
    const script = `echo x >> ${counter}; test $(wc -l < ${counter}) -gt 2 && exec sh -c "$SSH_ORIGINAL_COMMAND"; exit 1`;
    server.authorize(cut, `command="${script.replaceAll('"', '\\"')}"`);
    expect(await headBy({ privateKey: cut.privateKey })).toBe(made.head());
    expect(readFileSync(counter, 'utf8')).toBe('x\nx\nx\n');
  });

  it.each<[string, Parameters<typeof startSshd>[0], string, string]>([
    [
      'host keys',
      { settings: ['HostKeyAlgorithms ssh-rsa'], hostKeyOptions: ['-t', 'rsa', '-b', '2048'] },
      'host key type',
      'HostKeyAlgorithms=+ssh-rsa',
    ],
    [
      'key exchanges',
      { settings: ['KexAlgorithms diffie-hellman-group1-sha1'] },
      'key exchange method',
      'KexAlgorithms=+diffie-hellman-group1-sha1',
    ],
  ])('says how to reach a server with old %s, and goes that way', async (_name, setup, what, option) => {
    const old = await startSshd(setup ?? {});
    old.authorize(key);
    const to = { uri: old.uriOf(made.path), knownHosts: [old.knownHost] };
    const { kind, message } = await failureBy(to);
    expect(kind).toBe('no-common-algorithm');
    expect(message).toBe(
      `${to.uri} offers no ${what} that OpenSSH accepts by default, only ${option.split('+')[1]}; update the server, or in git_config set core.sshCommand to: ssh -o ${option}.`,
    );
    const gitConfig = [{ name: 'core.sshCommand', value: `ssh -o ${option}` }];
    expect(await headBy({ ...to, gitConfig })).toBe(made.head());
    // The host is still checked.
    expect(await failureBy({ ...to, gitConfig, knownHosts: [] })).toMatchObject({ kind: 'unknown-host' });
  });

  it('says so where a key may only read', async () => {
    const reader = makeKey('-t', 'ed25519');
    const refuse =
      'case "$SSH_ORIGINAL_COMMAND" in git-receive*) echo "ERROR: The key you are authenticating with has been marked as read only." >&2; exit 1;; *) exec sh -c "$SSH_ORIGINAL_COMMAND";; esac';
    server.authorize(reader, `command="${refuse.replaceAll('"', '\\"')}"`);
    const repository = await open(source({ privateKey: reader.privateKey }));
    const base = await repository.fetch();
    const before = made.head();
    await expect(repository.push([releaseOf('a')], base, RUN)).rejects.toMatchObject({
      kind: 'not-allowed-to-push',
      isWorthRetry: false,
      message: `${server.uriOf(made.path)} does not let this account push (The key you are authenticating with has been marked as read only); give it the right to write.`,
    });
    expect(made.head()).toBe(before);
  });
});

function withPassphrase({ privateKey }: KeyPair, options: readonly string[]): Partial<RepositorySource> {
  const at = options.indexOf('-N');
  return { privateKey, privateKeyPassphrase: at === -1 ? null : (options[at + 1] ?? null) };
}

function agentsWith(text: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
      return line.startsWith('ssh-agent') && line.includes(text);
    } catch {
      return false;
    }
  });
}

/** A killed process is gone a moment later. */
async function goneSoon(isGone: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !isGone(); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(isGone()).toBe(true);
}
