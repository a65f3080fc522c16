import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { startProxy } from '../../fake-atc/start-proxy.ts';
import { makeRepository, type TestRepository } from '../make-repository.ts';
import { describeWith } from '../needs.ts';
import { type Opening, opening } from '../open.ts';
import { RUN, releaseOf } from '../sample-release.ts';
import { HTTP_BACKEND, type HttpsGit, startHttpsGit } from './start-https-git.ts';

const PASSWORD = `p@ss:w/o%20rd "$HOME" 'x' \\ ü`;

describeWith([HTTP_BACKEND, '/usr/bin/openssl'])('over HTTPS', () => {
  let server: HttpsGit;
  let made: TestRepository;

  beforeAll(async () => {
    server = await startHttpsGit(`someone:${PASSWORD}`);
    made = makeRepository();
    made.addUnclaimed('aws', 'spare');
    made.addClaimed('aws', 'a');
  });

  afterEach(() => server.intercept(null));

  const source = (more: Partial<Opening> = {}): Opening => ({
    uri: server.uriOf(made.path),
    username: 'someone',
    password: PASSWORD,
    gitConfig: [{ name: 'http.sslCAInfo', value: server.caFile }],
    ...more,
  });
  const attempt = async (more: Partial<Opening> = {}, isPush = false) => {
    const { repository, logged } = opening(source(more));
    try {
      const one = await repository;
      const head = await one.fetch();
      if (!isPush) return { head, logged: logged.join('') };
      const result = await one.push([releaseOf('a')], head, RUN);
      return { ...result, logged: logged.join('') };
    } catch (error) {
      const { kind, message, isWorthRetry } = error as {
        kind: string;
        message: string;
        isWorthRetry: boolean;
      };
      return { kind, message, isWorthRetry, logged: logged.join('') };
    }
  };

  it('fetches and pushes with any password', async () => {
    expect(await attempt({}, true)).toMatchObject({ kind: 'pushed', head: made.head() });
    made.claim('aws', 'a');
  });

  it('trusts a CA that the environment names, or nobody where it is told to check nothing', async () => {
    const head = made.head();
    expect(await attempt({ gitConfig: [], skipSslVerification: true })).toMatchObject({ head });
    expect(await attempt({ gitConfig: [], environment: { GIT_SSL_CAINFO: server.caFile } })).toMatchObject({
      head,
    });
  });

  it.each<[string, Partial<Opening>, string, string]>([
    ['an unknown CA', { gitConfig: [] }, 'tls', 'The TLS certificate of'],
    [
      'no account',
      { username: null, password: null },
      'credentials-needed',
      'asks for an account; set username and password.',
    ],
    [
      'a wrong password',
      { password: 'hunter22' },
      'wrong-credentials',
      'does not accept username and password; check them.',
    ],
  ])('tells of %s', async (_name, more, kind, words) => {
    const failure = await attempt(more);
    expect(failure).toMatchObject({ kind, message: expect.stringContaining(words), isWorthRetry: false });
    expect(JSON.stringify(failure)).not.toMatch(/hunter22|p@ss/);
  });

  it('takes the account from the URL, and shows it nowhere', async () => {
    const uri = server.uriOf(made.path).replace('//', `//someone:${encodeURIComponent(PASSWORD)}@`);
    const fine = await attempt({ uri, username: null, password: null });
    expect(fine).toMatchObject({ head: made.head() });
    const missing = await attempt({ uri: `${uri}x`, username: null, password: null });
    expect(missing).toMatchObject({
      kind: 'no-repository',
      message: `There is no git repository at ${server.uriOf(made.path)}x, or the given account is not permitted to see it; check uri and the credentials.`,
    });
    expect(JSON.stringify([fine, missing])).not.toContain(encodeURIComponent(PASSWORD).slice(0, 8));
  });

  it.each<[string, string, Partial<Opening>]>([
    ['a user in the URL and a password in source', 'someone@', { username: null }],
    ['the same user in both', 'someone@', {}],
    ['a password in the URL and a user in source', `:${encodeURIComponent(PASSWORD)}@`, { password: null }],
  ])('takes %s', async (_name, account, more) => {
    const uri = server.uriOf(made.path).replace('//', `//${account}`);
    expect(await attempt({ uri, ...more })).toMatchObject({ head: made.head() });
  });

  it.each(['t0ken-in-url@', 't0ken-in-url:@'])('takes a token as the user alone: %s', async (account) => {
    const other = await startHttpsGit('t0ken-in-url:');
    const uri = other.uriOf(made.path).replace('//', `//${account}`);
    const gitConfig = [{ name: 'http.sslCAInfo', value: other.caFile }];
    const result = await attempt({ uri, username: null, password: null, gitConfig });
    expect(result).toMatchObject({ head: made.head() });
    expect(result.logged).not.toContain('t0ken');
  });

  it('leaves out a newline at the end of username and password, and warns', async () => {
    const result = await attempt({ username: 'someone\n', password: `${PASSWORD}\r\n` });
    expect(result).toMatchObject({ head: made.head() });
    for (const key of ['username', 'password']) {
      expect(result.logged).toContain(
        `warning: ${key} of source ends with a line break, which is left out; remove it where the value is stored.\n`,
      );
    }
  });

  it('says so where there is a line break within a password', async () => {
    expect(await attempt({ password: 'one\ntwo' })).toMatchObject({
      kind: 'wrong-credentials',
      message: 'password of source has a line break in it; check the value.',
    });
  });

  it('warns where the URL names another user than source', async () => {
    const uri = server.uriOf(made.path).replace('//', '//someone@');
    const result = await attempt({ uri, username: 'someone-else' });
    expect(result).toMatchObject({ head: made.head() });
    expect(result.logged).toContain('takes precedence over username of source.');
  });

  it.each<[number, boolean, string, boolean]>([
    [403, false, 'not-allowed-to-read', false],
    [403, true, 'not-allowed-to-push', false],
    [404, false, 'no-repository', false],
    [503, false, 'server-trouble', true],
    [429, false, 'server-trouble', true],
  ])('takes status %i (push: %s) for %s', async (status, isPush, kind, isWorthRetry) => {
    server.intercept((request, response) => {
      if (isPush && !/receive-pack/.test(request.url ?? '')) return false;
      response.writeHead(status).end();
      return true;
    });
    expect(await attempt({}, isPush)).toMatchObject({ kind, isWorthRetry });
  });

  it('tries again where the server is in trouble for a moment', async () => {
    let refusals = 2;
    server.intercept((_request, response) => {
      if (refusals === 0) return false;
      refusals -= 1;
      response.writeHead(503).end();
      return true;
    });
    const { head, logged } = await attempt();
    expect(head).toBe(made.head());
    expect(logged?.match(/Trying again \(attempt \d of 3\)/g)).toEqual([
      'Trying again (attempt 2 of 3)',
      'Trying again (attempt 3 of 3)',
    ]);
  });

  it('does not hand the account to another host', async () => {
    const other = await startHttpsGit();
    const seen: (string | undefined)[] = [];
    other.intercept((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      return true;
    });
    server.intercept((request, response) => {
      response.writeHead(302, { location: `https://localhost:${other.port}${request.url}` }).end();
      return true;
    });
    expect(await attempt({ gitConfig: [], skipSslVerification: true })).toMatchObject({
      kind: 'credentials-needed',
      message: expect.stringContaining(
        `redirects to https://localhost:${other.port}, which asks for an account`,
      ),
    });
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.filter((one) => one !== undefined)).toEqual([]);
  });

  it('does not wait for a server that hangs, nor leaves anybody waiting', async () => {
    server.intercept(() => true);
    expect(await attempt({ patience: 1000 })).toMatchObject({ kind: 'timed-out', isWorthRetry: true });
    expect(processesWith(server.uriOf(made.path))).toEqual([]);
  });

  it('stops within a moment while a server hangs', async () => {
    const reached = new Promise<void>((resolve) => {
      server.intercept(() => {
        resolve();
        return true;
      });
    });
    const { repository, lifetime } = opening(source());
    const fetched = repository.then((one) => one.fetch());
    await reached;
    lifetime.stop();
    await expect(fetched).rejects.toThrow('Stopped before git was done.');
    expect(processesWith(server.uriOf(made.path))).toEqual([]);
  });

  it('finds its push in the branch when the answer was lost', async () => {
    server.intercept((request, response) => {
      if (request.method !== 'POST' || !request.url?.endsWith('git-receive-pack')) return false;
      // The server takes the push, and the connection breaks before it can say so.
      response.write = () => true;
      response.end = () => response.destroy();
      return false;
    });
    const before = made.head();
    expect(await attempt({}, true)).toMatchObject({ kind: 'pushed', head: made.head() });
    expect(made.git('rev-parse', 'main~1')).toBe(before);
    made.claim('aws', 'a');
  });

  it.each([
    ['nobody else pushes', 0],
    ['others push on top', 2],
  ])('finds its push in the branch when only the first answer was lost and %s', async (_name, others) => {
    // curl sends a request again when a connection that it used before closes without a byte.
    let posts = 0;
    server.intercept((request, response) => {
      if (request.method !== 'POST' || !request.url?.endsWith('git-receive-pack')) return false;
      posts += 1;
      if (posts === 1) {
        response.write = () => true;
        response.end = () => response.destroy();
      } else {
        for (let number = 0; number < others; number += 1) made.addUnclaimed('aws', `other-${number}`);
      }
      return false;
    });
    const before = made.head();
    const result = await attempt({}, true);
    expect(posts).toBe(2);
    expect(made.git('rev-parse', `main~${others + 1}`)).toBe(before);
    expect(result).toMatchObject({ kind: 'pushed', head: made.git('rev-parse', `main~${others}`) });
    made.claim('aws', 'a');
  });

  it('says that nobody knows what landed when the server dies with the push', async () => {
    let isDead = false;
    server.intercept((request, response) => {
      if (isDead) {
        response.destroy();
        return true;
      }
      if (request.method !== 'POST' || !request.url?.endsWith('git-receive-pack')) return false;
      isDead = true;
      response.destroy();
      return true;
    });
    const { kind, message } = await attempt({}, true);
    expect(kind).toBe('cannot-connect');
    expect(message).toContain('it is not known whether its commits are in');
    expect(message).toContain("git log --grep='Run: a-run' origin/main");
  });

  it('says so when a connection breaks in the middle of a push that did not arrive', async () => {
    server.intercept((request, response) => {
      if (request.method !== 'POST' || !request.url?.endsWith('git-receive-pack')) return false;
      response.destroy();
      return true;
    });
    const before = made.head();
    expect(await attempt({}, true)).toMatchObject({ kind: 'cannot-connect', isWorthRetry: true });
    expect(made.head()).toBe(before);
  });

  it('says so when a connection breaks in the middle of a fetch', async () => {
    server.intercept((request, response) => {
      if (request.method !== 'POST') return false;
      response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-result' });
      response.write('0');
      setImmediate(() => response.destroy());
      return true;
    });
    expect(await attempt()).toMatchObject({ kind: 'cannot-connect', isWorthRetry: true });
  });

  it('goes through the proxy that the environment names', async () => {
    const proxy = await startProxy();
    try {
      expect(await attempt({ environment: { https_proxy: proxy.url } })).toMatchObject({ head: made.head() });
      expect(proxy.requests).toMatchObject([{ method: 'CONNECT', target: `localhost:${server.port}` }]);
    } finally {
      await proxy.close();
    }
  });

  it('tells of a proxy that cannot be used', async () => {
    expect(await attempt({ environment: { https_proxy: 'http://no-such-proxy.invalid:1' } })).toMatchObject({
      kind: 'proxy',
    });
  });

  it.each([
    ['that stands in keys of its own', false],
    ['that stands in the URL', true],
  ])('shows a password %s in no process', async (_name, isInUrl) => {
    const lines = new Set<string>();
    server.intercept(() => {
      for (const line of commandLines()) lines.add(line);
      return false;
    });
    const account = `//someone:${encodeURIComponent(PASSWORD)}@`;
    const uri = server.uriOf(made.path).replace('//', account);
    const result = await attempt(isInUrl ? { uri, username: null, password: null } : {}, true);
    expect(result).toMatchObject({ kind: 'pushed' });
    made.claim('aws', 'a');
    expect([...lines].filter((line) => line.includes('git')).length).toBeGreaterThan(0);
    expect([...lines].filter((line) => line.includes('p@ss') || line.includes('p%40ss'))).toEqual([]);
  });
});

function commandLines(): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
    } catch {
      return [];
    }
  });
}

function processesWith(text: string): string[] {
  return commandLines().filter((line) => line.includes(text));
}
