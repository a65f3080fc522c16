import { describe, expect, test } from '@jest/globals';
import { parseEnvelope } from '../../src/request/request.ts';
import { type Json, LEAST, problemsOf, problemsWith, readCheck, readOut } from './read.ts';

const DURATION = 'minutes as a number, or a duration such as 90m, 1h30m or 3d';
const POOL = 'a path in the repository, without .. and without a slash in front';

test.each<[string, string, string]>([
  ['nothing', '', 'Nothing came on standard input: want a JSON object with a source, as Concourse sends it.'],
  [
    'blanks',
    ' \n',
    'Nothing came on standard input: want a JSON object with a source, as Concourse sends it.',
  ],
  [
    'no JSON',
    '{"a',
    'What came on standard input is not JSON: want an object with a source, as Concourse sends it.',
  ],
  ['a list', '[]', 'What came on standard input is not a JSON object: want one with a source.'],
  ['null', 'null', 'What came on standard input is not a JSON object: want one with a source.'],
  [
    'no source',
    '{}',
    "The request on standard input has no source: want the resource's source as an object.",
  ],
  [
    'a null source',
    '{"source":null}',
    "The request on standard input has no source: want the resource's source as an object.",
  ],
])('on standard input: %s', (_name, stdin, problem) => {
  expect(problemsOf(() => parseEnvelope(stdin))).toEqual([problem]);
});

test('a source that is no object', () => {
  expect(problemsOf(() => readOut('x'))).toEqual(['source: have "x", want an object with a uri.']);
  expect(problemsOf(() => readOut([]))).toEqual(['source: have a list, want an object with a uri.']);
});

test('all problems are said at once', () => {
  const source = {
    stale_afer: 60,
    branch: '-x',
    concourse: { url: 'ci', username: 'me' },
    log_level: 'loud',
  };
  expect(problemsOf(() => readOut(source, { limit: -1, dry: true }, { stale: 1 }))).toEqual([
    'source.uri is missing: want the URL of the lock repository.',
    'source.branch: starts with "-".',
    'source.concourse.url: have "ci", want an http:// or https:// URL without credentials and without a query.',
    'source.concourse.password is missing: it goes with username.',
    'source.log_level: have "loud", want info or debug.',
    'source.stale_afer is not a known key; did you mean stale_after?',
    'params.limit: have -1, want 0 or more.',
    'params.dry is not a known key; known keys are dry_run, pools, release, limit.',
    'version.ref is missing: want the hash of a commit.',
    'version.stale: have 1, want a text such as none.',
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
      { git_config: [{ name: 'a', value: 'b', vale: 'c' }] },
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
      'source.pools[0].colour is not a known key; known keys are name, stale_after, exclude, grace, error_grace, warn_after, on_success, on_failure, on_error, on_abort, by_hand, release_to.',
    ],
  ])('%s', (_name, keys, problem) => {
    expect(problemsWith(keys)).toEqual([problem]);
  });

  test('in params', () => {
    expect(problemsOf(() => readOut(LEAST, { dry_rum: true }))).toEqual([
      'params.dry_rum is not a known key; did you mean dry_run?',
    ]);
    expect(problemsOf(() => readCheck(LEAST, null, { dry_run: true }))).toEqual([
      'params.dry_run is not a known key; want none.',
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
    ['a uri of another kind', { uri: 5 }, 'source.uri: have 5, want the URL of the lock repository.'],
    ['an empty uri', { uri: '' }, 'source.uri: is empty.'],
    [
      'a uri that runs programs',
      { uri: 'ext::sh -c id' },
      'source.uri: names a transport helper, which would run another program; https, http, ssh, git+ssh, git and file URLs, HOST:PATH and local paths are accepted.',
    ],
    ['a branch that is no text', { branch: ['main'] }, 'source.branch: have a list, want a branch.'],
    ['an empty branch', { branch: '' }, 'source.branch: is empty.'],
    ['a pool that climbs out', { pool: '../x' }, `source.pool: have "../x", want ${POOL}.`],
    ['an empty pool', { pool: '' }, `source.pool: have an empty text, want ${POOL}.`],
    ['an absolute pool in a list', { pools: ['a', '/b'] }, `source.pools[1]: have "/b", want ${POOL}.`],
    ['a pool with a dot part', { pools: ['a/./b'] }, `source.pools[0]: have "a/./b", want ${POOL}.`],
    [
      'a pool that is a number',
      { pools: [5] },
      'source.pools[0]: have 5, want a pool name, or an object with a name.',
    ],
    [
      'a pool without a name',
      { pools: [{ stale_after: 5 }] },
      'source.pools[0].name is missing: want a pool name.',
    ],
    ['no pools', { pools: [] }, 'source.pools is empty: name a pool, or leave pools out to look after all.'],
    [
      'null pools',
      { pools: null },
      'source.pools: have null, want a list of pools, or a string such as aws:60,vsphere:30.',
    ],
    [
      'an empty string of pools',
      { pools: '' },
      'source.pools: have an empty text, want pools as in aws:60,vsphere:30.',
    ],
    [
      'a string of pools with a bad time',
      { pools: 'aws:x,gcp:30' },
      'source.pools: have "aws:x,gcp:30", want pools as in aws:60,vsphere:30.',
    ],
    [
      'a string of pools without a wait',
      { pools: 'aws:0' },
      'source.pools: have "aws:0", want pools as in aws:60,vsphere:30.',
    ],
    [
      'no duration',
      { stale_after: '5m garbage' },
      `source.stale_after: have "5m garbage", want ${DURATION}.`,
    ],
    ['an empty duration', { grace: '' }, `source.grace: have an empty text, want ${DURATION}.`],
    ['a negative duration', { grace: -1 }, `source.grace: have -1, want ${DURATION}.`],
    ['a null duration', { grace: null }, `source.grace: have null, want ${DURATION}.`],
    ['a timeout of nothing', { stale_after: 0 }, 'source.stale_after: have 0, want more than 0.'],
    [
      'a duration in a pool',
      { pools: [{ name: 'a', warn_after: {} }] },
      `source.pools[0].warn_after: have an object, want ${DURATION}.`,
    ],
    [
      'another rule',
      { on_failure: 'handover' },
      'source.on_failure: have "handover", want release, timeout or keep.',
    ],
    [
      'another rule of success',
      { on_success: 'wait' },
      'source.on_success: have "wait", want handover, timeout, release or keep.',
    ],
    ['another rule by hand', { by_hand: 'release' }, 'source.by_hand: have "release", want timeout or keep.'],
    [
      'exclude that is no list',
      { exclude: 5 },
      'source.exclude: have 5, want a list of globs of lock names.',
    ],
    [
      'an empty glob',
      { exclude: ['a', ''] },
      'source.exclude[1]: have an empty text, want a glob of lock names.',
    ],
    [
      'a switch that is a text',
      { skip_ssl_verification: 'true' },
      'source.skip_ssl_verification: have "true", want true or false.',
    ],
    [
      'a tunnel that is a text',
      { https_tunnel: 'http://u:hunter22@proxy' },
      'source.https_tunnel: have "http://***@proxy", want an object with proxy_host and proxy_port.',
    ],
    [
      'a port that is none',
      { https_tunnel: { proxy_host: 'x', proxy_port: '70000' } },
      'source.https_tunnel.proxy_port: want a port number.',
    ],
    [
      'a tunnel without a port',
      { https_tunnel: { proxy_host: 'x' } },
      'source.https_tunnel.proxy_port is missing: want a port number.',
    ],
    [
      'git_config that is an object',
      { git_config: { a: 'b' } },
      'source.git_config: have an object, want a list of {name, value}.',
    ],
    [
      'git_config of texts',
      { git_config: ['a=b'] },
      'source.git_config[0]: have "a=b", want an object with a name and a value.',
    ],
    [
      'known_hosts that is an object',
      { known_hosts: {} },
      'source.known_hosts: have an object, want lines of known_hosts.',
    ],
    ['a value with a new line', { log_level: 'a\nb' }, 'source.log_level: have "a\\nb", want info or debug.'],
    [
      'a very long value',
      { log_level: 'x'.repeat(100) },
      'source.log_level: have a text of 100 characters, want info or debug.',
    ],
  ])('%s', (_name, keys, problem) => {
    expect(problemsWith(keys)).toEqual([problem]);
  });
});

const CLAIM = 'POOL/LOCK@CLAIM, with the 40 digits of the claim commit';

test.each<[string, unknown, string]>([
  ['that are no object', [], 'params: have a list, want an object.'],
  ['with no pools', { pools: [] }, 'params.pools is empty: name a pool, or leave pools out.'],
  ['with no claims', { release: [] }, 'params.release is empty: name a claim, or leave release out.'],
  ['with a lock alone', { release: ['aws/a1'] }, `params.release[0]: have "aws/a1", want ${CLAIM}.`],
  [
    'with a short commit',
    { release: ['aws/a1@abc'] },
    `params.release[0]: have "aws/a1@abc", want ${CLAIM}.`,
  ],
  [
    'with a text for a list',
    { release: 'aws/a1' },
    `params.release: have "aws/a1", want a list of ${CLAIM}.`,
  ],
  ['with a text for a switch', { dry_run: 'yes' }, 'params.dry_run: have "yes", want true or false.'],
  ['with half a limit', { limit: 1.5 }, 'params.limit: have 1.5, want a whole number.'],
  ['with a text for a limit', { limit: '5' }, 'params.limit: have "5", want a whole number.'],
])('params %s', (_name, params, problem) => {
  expect(problemsOf(() => readOut(LEAST, params))).toEqual([problem]);
});

test.each<[string, unknown, string]>([
  ['that is a text', 'abc', 'version: have "abc", want an object with a ref.'],
  ['with another key', { ref: 'abc', pool: 'x' }, 'version: want only ref and stale, have pool.'],
  ['with an option for a ref', { ref: '--upload-pack=id' }, 'version.ref: want the hash of a commit.'],
  ['with a refspec for a ref', { ref: '+a:b' }, 'version.ref: want the hash of a commit.'],
  ['with an empty ref', { ref: '' }, 'version.ref: want the hash of a commit.'],
])('a version %s', (_name, version, problem) => {
  expect(problemsOf(() => readCheck(LEAST, version))).toEqual([problem]);
});

describe('a pool that nothing could ever judge', () => {
  const uri = LEAST.uri;
  test.each<[string, Json, string[]]>([
    [
      'every pool',
      { uri },
      ['source: want stale_after or concourse, since without both nothing could ever be judged.'],
    ],
    [
      'some of the named ones',
      { uri, pools: ['a\nb', { name: 'c', stale_after: 5 }, { name: 'd' }] },
      [
        'source: pool "a\\nb" has neither stale_after nor concourse, so nothing there could ever be judged.',
        'source: pool d has neither stale_after nor concourse, so nothing there could ever be judged.',
      ],
    ],
    [
      'one of the original form',
      { uri, pools: 'aws:60,gcp' },
      ['source: pool gcp has neither stale_after nor concourse, so nothing there could ever be judged.'],
    ],
    ['none where a Concourse is set', { uri, concourse: { url: 'https://ci' } }, []],
    ['none where a timeout is set', { uri, stale_after: 5, pools: ['a'] }, []],
  ])('%s', (_name, source, problems) => {
    expect(problemsOf(() => readOut(source))).toEqual(problems);
  });
});
