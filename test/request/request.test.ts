import { expect, test } from '@jest/globals';
import { type Json, LEAST, readCheck, readOut } from './read.ts';

/** What is read of a source that has these keys beside the least that it needs. */
function read(keys: Json) {
  return readOut({ ...LEAST, ...keys }).source;
}

test('the least that a source needs, and what it means', () => {
  expect(readOut({ uri: '/srv/locks', stale_after: 60 })).toEqual({
    source: {
      repository: {
        uri: '/srv/locks',
        branch: null,
        privateKey: null,
        privateKeyUser: null,
        privateKeyPassphrase: null,
        forwardAgent: false,
        username: null,
        password: null,
        skipSslVerification: false,
        httpsTunnel: null,
        gitConfig: [],
        knownHosts: [],
        skipHostKeyCheck: false,
      },
      pools: null,
      narrowedTo: [],
      policy: { staleAfter: 3_600 },
      concourses: [],
      pushGateway: null,
      logLevel: 'info',
    },
    params: { dryRun: false, pools: null, release: null, limit: null },
    version: null,
  });
});

test('all keys of the pool resource have its meaning', () => {
  const { repository, pools } = read({
    branch: 'locks',
    pool: 'aws',
    private_key: 'KEY',
    private_key_user: 'git',
    private_key_passphrase: 'phrase',
    username: 'me',
    password: 'hunter22',
    git_config: [
      { name: 'user.name', value: 'Me' },
      { name: 'core.bigFileThreshold', value: 1 },
      { name: 'http.sslVerify', value: false },
    ],
    retry_delay: '10s',
    https_tunnel: { proxy_host: 'proxy', proxy_port: '3128', proxy_user: 'u', proxy_password: 'p' },
    forward_agent: true,
    skip_ssl_verification: true,
  });
  expect(pools).toEqual([{ name: 'aws', policy: {} }]);
  expect(repository).toMatchObject({
    branch: 'locks',
    privateKey: 'KEY',
    privateKeyUser: 'git',
    privateKeyPassphrase: 'phrase',
    username: 'me',
    password: 'hunter22',
    gitConfig: [
      { name: 'user.name', value: 'Me' },
      { name: 'core.bigFileThreshold', value: '1' },
      { name: 'http.sslVerify', value: 'false' },
    ],
    httpsTunnel: { host: 'proxy', port: 3_128, user: 'u', password: 'p' },
    forwardAgent: true,
    skipSslVerification: true,
  });
});

test.each([
  'branch',
  'pool',
  'private_key',
  'private_key_user',
  'private_key_passphrase',
  'username',
  'password',
  'git_config',
  'retry_delay',
  'https_tunnel',
  'forward_agent',
  'skip_ssl_verification',
  'prometheus_push_gateway',
])('%s may be null, as for the pool resource', (key) => {
  expect(read({ [key]: null })).toEqual(read({}));
});

test.each(['private_key', 'private_key_user', 'username', 'password', 'prometheus_push_gateway'])(
  '%s may be empty, as for the pool resource',
  (key) => {
    expect(read({ [key]: '' })).toEqual(read({}));
  },
);

test.each<[string, unknown, unknown]>([
  [
    'names',
    ['aws', 'cf/*', './gcp/'],
    [
      { name: 'aws', policy: {} },
      { name: 'cf/*', policy: {} },
      { name: 'gcp', policy: {} },
    ],
  ],
  [
    'a policy of its own',
    [
      {
        name: 'aws',
        stale_after: '2h',
        exclude: 'prod-*',
        grace: 1,
        error_grace: '90s',
        warn_after: '1d',
        on_success: 'keep',
        handover_timeout: '3d',
        on_failure: 'keep',
        on_error: 'timeout',
        on_abort: 'release',
        by_hand: 'keep',
      },
    ],
    [
      {
        name: 'aws',
        policy: {
          staleAfter: 7_200,
          exclude: ['prod-*'],
          grace: 60,
          errorGrace: 90,
          warnAfter: 86_400,
          onSuccess: 'keep',
          handoverTimeout: 259_200,
          onFailure: 'keep',
          onError: 'timeout',
          onAbort: 'release',
          byHand: 'keep',
        },
      },
    ],
  ],
  [
    'the form of the original tool',
    'aws:60, cf/dev:30,gcp',
    [
      { name: 'aws', policy: { staleAfter: 3_600 } },
      { name: 'cf/dev', policy: { staleAfter: 1_800 } },
      { name: 'gcp', policy: {} },
    ],
  ],
])('pools as %s', (_name, pools, entries) => {
  expect(read({ pools, pool: 'other' }).pools).toEqual(entries);
});

const KEEPING = {
  url: 'https://ci.example.com',
  formerUrls: [],
  caCert: null,
  skipSslVerification: false,
  team: 'main',
  whenUnreachable: 'fail',
};

test.each<[string, unknown, unknown]>([
  ['without a login', { url: 'https://ci.example.com/' }, [{ ...KEEPING, login: { kind: 'none' } }]],
  [
    'with a password',
    { url: 'https://ci.example.com', username: 'me', password: ' p ' },
    [{ ...KEEPING, login: { kind: 'password', username: 'me', password: ' p ' } }],
  ],
  [
    'with a token from a file',
    { url: 'https://ci.example.com', token: 'abc\n' },
    [{ ...KEEPING, login: { kind: 'token', token: 'abc' } }],
  ],
  [
    'and another one, with all keys',
    [
      { url: 'https://ci.example.com' },
      {
        url: 'http://10.0.0.1:8080/ci//',
        former_urls: ['https://old/'],
        ca_cert: 'PEM',
        skip_ssl_verification: true,
        team: 'ops',
        when_unreachable: 'keep',
      },
    ],
    [
      { ...KEEPING, login: { kind: 'none' } },
      {
        url: 'http://10.0.0.1:8080/ci',
        login: { kind: 'none' },
        formerUrls: ['https://old'],
        caCert: 'PEM',
        skipSslVerification: true,
        team: 'ops',
        whenUnreachable: 'keep',
      },
    ],
  ],
])('a Concourse %s', (_name, concourse, concourses) => {
  expect(read({ concourse }).concourses).toEqual(concourses);
});

test.each<[unknown, string[]]>([
  ['a b c\n\n  d e f \n', ['a b c', 'd e f']],
  [['a b c'], ['a b c']],
])('known_hosts as %j', (known_hosts, lines) => {
  expect(read({ known_hosts }).repository.knownHosts).toEqual(lines);
});

test('params of out', () => {
  const claim = 'c'.repeat(40);
  const params = {
    dry_run: true,
    pools: ['aws'],
    release: [`aws/a@b@${claim}`, `cf/dev/a\n1@${claim}`],
    limit: 0,
  };
  expect(readOut(LEAST, params).params).toEqual({
    dryRun: true,
    pools: ['aws'],
    release: [
      { path: 'aws/a@b', claim },
      { path: 'cf/dev/a\n1', claim },
    ],
    limit: 0,
  });
});

test.each([null, undefined, {}])('params that are %j', (params) => {
  expect(readOut(LEAST, params).params).toEqual({ dryRun: false, pools: null, release: null, limit: null });
  expect(readCheck(LEAST, null, params).params).toBeNull();
});

test.each<[unknown, unknown]>([
  [null, null],
  [undefined, null],
  [{ ref: 'abc' }, { ref: 'abc' }],
  [
    { ref: '0'.repeat(40), stale: 'none' },
    { ref: '0'.repeat(40), stale: 'none' },
  ],
])('a version that is %j', (version, read) => {
  expect(readCheck(LEAST, version).version).toEqual(read);
});
