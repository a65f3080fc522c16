import { describe, expect, test } from '@jest/globals';
import { parseEnvelope } from '../../src/request/request.ts';
import { type Json, LEAST, problemsOf, problemsWith, readCheck, readOut } from './read.ts';

const DURATION = 'minutes as a number, or a duration such as 90m, 1h30m or 3d';
const POOL = 'a path in the repository, without .. and without a slash in front';

test.each<[string, string, string]>([
  ['nothing', '', 'stdin is empty; expected the JSON request that Concourse sends.'],
  ['blanks', ' \n', 'stdin is empty; expected the JSON request that Concourse sends.'],
  ['no JSON', '{"a', 'stdin is not JSON; expected the JSON request that Concourse sends.'],
  ['a list', '[]', 'stdin is not a JSON object; expected the JSON request that Concourse sends.'],
  ['null', 'null', 'stdin is not a JSON object; expected the JSON request that Concourse sends.'],
  ['no source', '{}', "The request on stdin has no source; expected the resource's source as an object."],
  [
    'a null source',
    '{"source":null}',
    "The request on stdin has no source; expected the resource's source as an object.",
  ],
])('on standard input: %s', (_name, stdin, problem) => {
  expect(problemsOf(() => parseEnvelope(stdin))).toEqual([problem]);
});

test('a source that is no object', () => {
  expect(problemsOf(() => readOut('x'))).toEqual(['source: expected an object with a uri, got "x".']);
  expect(problemsOf(() => readOut([]))).toEqual(['source: expected an object with a uri, got a list.']);
});

test('all problems are said at once', () => {
  const source = {
    stale_afer: 60,
    branch: '-x',
    concourse: { url: 'ci', username: 'me' },
    log_level: 'loud',
  };
  expect(problemsOf(() => readOut(source, { limit: -1, dry: true }, { stale: 1 }))).toEqual([
    'source.uri is missing; expected the URL of the lock repository.',
    'source.branch: starts with "-".',
    'source.concourse.url: expected an http:// or https:// URL without credentials and without a query, got "ci".',
    'source.concourse.password is missing, but username is set; set both.',
    'source.log_level: expected info or debug, got "loud".',
    'source.stale_afer is not a known key; did you mean stale_after?',
    'params.limit: expected 0 or more, got -1.',
    'params.dry is not a known key; known keys are dry_run, pools, release, limit.',
    'version.ref is missing; expected the hash of a commit.',
    'version.stale: expected a string such as none, got 1.',
  ]);
});

describe('a key that is not known suggests the nearest one', () => {
  test.each<[string, Json, string]>([
    ['at the top level', { brnch: 'x' }, 'source.brnch is not a known key; did you mean branch?'],
    ['of a policy', { on_sucess: 'keep' }, 'source.on_sucess is not a known key; did you mean on_success?'],
    [
      'in a pool',
      { pools: [{ name: 'aws', stale_afer: 1 }] },
      'source.pools[0].stale_afer is not a known key; did you mean stale_after?',
    ],
    [
      'in concourse',
      { concourse: { url: 'https://ci', usrname: 'x' } },
      'source.concourse.usrname is not a known key; did you mean username?',
    ],
    [
      'in one of several',
      { concourse: [{ url: 'https://ci' }, { url: 'https://ci2', tokn: 'x' }] },
      'source.concourse[1].tokn is not a known key; did you mean token?',
    ],
    [
      'in https_tunnel',
      { https_tunnel: { proxy_host: 'x', proxy_port: 1, proxy_usr: 'x' } },
      'source.https_tunnel.proxy_usr is not a known key; did you mean proxy_user?',
    ],
    [
      'in git_config',
      { git_config: [{ name: 'user.name', value: 'b', vale: 'c' }] },
      'source.git_config[0].vale is not a known key; did you mean value?',
    ],
    [
      'with a new line in it',
      { 'branch\n': 'x' },
      'source."branch\\n" is not a known key; did you mean branch?',
    ],
    [
      'that is far from all',
      { pools: [{ name: 'aws', colour: 'red' }] },
      'source.pools[0].colour is not a known key; known keys are name, stale_after, exclude, grace, error_grace, warn_after, on_success, handover_timeout, on_failure, on_error, on_abort, by_hand, release_to.',
    ],
  ])('%s', (_name, keys, problem) => {
    expect(problemsWith(keys)).toEqual([problem]);
  });

  test('in params', () => {
    expect(problemsOf(() => readOut(LEAST, { dry_rum: true }))).toEqual([
      'params.dry_rum is not a known key; did you mean dry_run?',
    ]);
    expect(problemsOf(() => readCheck(LEAST, null, { dry_run: true }))).toEqual([
      'params.dry_run is not a known key; no keys are allowed here.',
    ]);
  });

  test('each of several', () => {
    expect(problemsWith({ brnch: 'x', polls: 'y' })).toEqual([
      'source.brnch is not a known key; did you mean branch?',
      'source.polls is not a known key; did you mean pools?',
    ]);
  });
});

describe('a value that does not fit', () => {
  test.each<[string, Json, string]>([
    ['a uri of another kind', { uri: 5 }, 'source.uri: expected the URL of the lock repository, got 5.'],
    ['an empty uri', { uri: '' }, 'source.uri: is empty.'],
    [
      'a uri that runs programs',
      { uri: 'ext::sh -c id' },
      'source.uri: names a transport helper, which would run another program; https, http, ssh, git+ssh, git and file URLs, HOST:PATH and local paths are accepted.',
    ],
    ['a branch that is no text', { branch: ['main'] }, 'source.branch: expected a branch, got a list.'],
    ['an empty branch', { branch: '' }, 'source.branch: is empty.'],
    ['a pool that climbs out', { pool: '../x' }, `source.pool: expected ${POOL}, got "../x".`],
    ['an empty pool', { pool: '' }, `source.pool: expected ${POOL}, got an empty string.`],
    ['an absolute pool in a list', { pools: ['a', '/b'] }, `source.pools[1]: expected ${POOL}, got "/b".`],
    ['a pool with a dot part', { pools: ['a/./b'] }, `source.pools[0]: expected ${POOL}, got "a/./b".`],
    [
      'a pool that is a number',
      { pools: [5] },
      'source.pools[0]: expected a pool name, or an object with a name, got 5.',
    ],
    [
      'a pool without a name',
      { pools: [{ stale_after: 5 }] },
      'source.pools[0].name is missing; expected a pool name.',
    ],
    [
      'no pools',
      { pools: [] },
      'source.pools is empty; name a pool, or leave pools out to select every pool.',
    ],
    [
      'null pools',
      { pools: null },
      'source.pools: expected a list of pools, or a string such as aws:60,vsphere:30, got null.',
    ],
    [
      'an empty string of pools',
      { pools: '' },
      'source.pools: expected pools as in aws:60,vsphere:30, got an empty string.',
    ],
    [
      'a string of pools with a bad time',
      { pools: 'aws:x,gcp:30' },
      'source.pools: expected pools as in aws:60,vsphere:30, got "aws:x,gcp:30".',
    ],
    [
      'a string of pools without a wait',
      { pools: 'aws:0' },
      'source.pools: expected pools as in aws:60,vsphere:30, got "aws:0".',
    ],
    [
      'no duration',
      { stale_after: '5m garbage' },
      `source.stale_after: expected ${DURATION}, got "5m garbage".`,
    ],
    ['an empty duration', { grace: '' }, `source.grace: expected ${DURATION}, got an empty string.`],
    ['a negative duration', { grace: -1 }, `source.grace: expected ${DURATION}, got -1.`],
    ['a null duration', { grace: null }, `source.grace: expected ${DURATION}, got null.`],
    ['a timeout of nothing', { stale_after: 0 }, 'source.stale_after: expected more than 0, got 0.'],
    [
      'a duration in a pool',
      { pools: [{ name: 'a', warn_after: {} }] },
      `source.pools[0].warn_after: expected ${DURATION}, got an object.`,
    ],
    [
      'another rule',
      { on_failure: 'handover' },
      'source.on_failure: expected release, timeout or keep, got "handover".',
    ],
    [
      'another rule of success',
      { on_success: 'wait' },
      'source.on_success: expected handover, timeout, release or keep, got "wait".',
    ],
    [
      'another rule by hand',
      { by_hand: 'release' },
      'source.by_hand: expected timeout or keep, got "release".',
    ],
    [
      'exclude that is no list',
      { exclude: 5 },
      'source.exclude: expected a list of globs of lock names, got 5.',
    ],
    [
      'an empty glob',
      { exclude: ['a', ''] },
      'source.exclude[1]: expected a glob of lock names, got an empty string.',
    ],
    [
      'a switch that is a text',
      { skip_ssl_verification: 'true' },
      'source.skip_ssl_verification: expected true or false, got "true".',
    ],
    [
      'a tunnel that is a text',
      { https_tunnel: 'http://u:hunter22@proxy' },
      'source.https_tunnel: expected an object with proxy_host and proxy_port, got "http://***@proxy".',
    ],
    [
      'a port that is none',
      { https_tunnel: { proxy_host: 'x', proxy_port: '70000' } },
      'source.https_tunnel.proxy_port: expected a port number.',
    ],
    [
      'a tunnel without a port',
      { https_tunnel: { proxy_host: 'x' } },
      'source.https_tunnel.proxy_port is missing; expected a port number.',
    ],
    [
      'git_config that is an object',
      { git_config: { a: 'b' } },
      'source.git_config: expected a list of {name, value}, got an object.',
    ],
    [
      'git_config of texts',
      { git_config: ['a=b'] },
      'source.git_config[0]: expected an object with a name and a value, got "a=b".',
    ],
    [
      'known_hosts that is an object',
      { known_hosts: {} },
      'source.known_hosts: expected lines of known_hosts, got an object.',
    ],
    [
      'a value with a new line',
      { log_level: 'a\nb' },
      'source.log_level: expected info or debug, got "a\\nb".',
    ],
    [
      'a very long value',
      { log_level: 'x'.repeat(100) },
      'source.log_level: expected info or debug, got a string of 100 characters.',
    ],
  ])('%s', (_name, keys, problem) => {
    expect(problemsWith(keys)).toEqual([problem]);
  });
});

const CLAIM = 'POOL/LOCK@CLAIM, with the 40 digits of the claim commit';

test.each<[string, unknown, string]>([
  ['that are no object', [], 'params: expected an object, got a list.'],
  ['with no pools', { pools: [] }, 'params.pools is empty; name a pool, or leave pools out.'],
  ['with no claims', { release: [] }, 'params.release is empty; name a claim, or leave release out.'],
  ['with a lock alone', { release: ['aws/a1'] }, `params.release[0]: expected ${CLAIM}, got "aws/a1".`],
  [
    'with a short commit',
    { release: ['aws/a1@abc'] },
    `params.release[0]: expected ${CLAIM}, got "aws/a1@abc".`,
  ],
  [
    'with a text for a list',
    { release: 'aws/a1' },
    `params.release: expected a list of ${CLAIM}, got "aws/a1".`,
  ],
  ['with a text for a switch', { dry_run: 'yes' }, 'params.dry_run: expected true or false, got "yes".'],
  ['with half a limit', { limit: 1.5 }, 'params.limit: expected a whole number, got 1.5.'],
  ['with a text for a limit', { limit: '5' }, 'params.limit: expected a whole number, got "5".'],
])('params %s', (_name, params, problem) => {
  expect(problemsOf(() => readOut(LEAST, params))).toEqual([problem]);
});

test.each<[string, unknown, string]>([
  ['that is a text', 'abc', 'version: expected an object with a ref, got "abc".'],
  ['with another key', { ref: 'abc', pool: 'x' }, 'version: expected only ref and stale, got pool.'],
  ['with an option for a ref', { ref: '--upload-pack=id' }, 'version.ref: expected the hash of a commit.'],
  ['with a refspec for a ref', { ref: '+a:b' }, 'version.ref: expected the hash of a commit.'],
  ['with an empty ref', { ref: '' }, 'version.ref: expected the hash of a commit.'],
])('a version %s', (_name, version, problem) => {
  expect(problemsOf(() => readCheck(LEAST, version))).toEqual([problem]);
});

describe('a pool that nothing could ever judge', () => {
  const uri = LEAST.uri;
  test.each<[string, Json, string[]]>([
    [
      'every pool',
      { uri },
      ['source: set stale_after or concourse; with neither, no lock can be judged stale.'],
    ],
    [
      'some of the named ones',
      { uri, pools: ['a\nb', { name: 'c', stale_after: 5 }, { name: 'd' }] },
      [
        'source: set stale_after or concourse for pool "a\\nb"; with neither, none of its locks can be judged stale.',
        'source: set stale_after or concourse for pool d; with neither, none of its locks can be judged stale.',
      ],
    ],
    [
      'one of the original form',
      { uri, pools: 'aws:60,gcp' },
      [
        'source: set stale_after or concourse for pool gcp; with neither, none of its locks can be judged stale.',
      ],
    ],
    ['none where a Concourse is set', { uri, concourse: { url: 'https://ci' } }, []],
    ['none where a timeout is set', { uri, stale_after: 5, pools: ['a'] }, []],
  ])('%s', (_name, source, problems) => {
    expect(problemsOf(() => readOut(source))).toEqual(problems);
  });
});
