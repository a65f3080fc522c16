import { expect, test } from '@jest/globals';
import { secretsIn } from '../../src/request/secrets-in.ts';
import { sourceShape } from '../../src/request/source-schema.ts';
import { createMask } from '../../src/runtime/secret-mask.ts';
import { type Json, LEAST, problemsOf, readOut } from './read.ts';

const SECRET = 'hunter22';

test.each<[string, unknown, string[]]>([
  [
    'the keys for secrets',
    { password: 'one1', private_key: 'two2', private_key_passphrase: 'three' },
    ['one1', 'two2', 'three'],
  ],
  [
    'a list of Concourses',
    { concourse: [{ token: 'one1' }, { username: 'me', password: 'two2' }] },
    ['one1', 'me:two2', 'two2'],
  ],
  ['a number', { password: 123_456 }, ['123456']],
  ['another type', { private_key: ['one1', { a: 'two2' }] }, ['one1', 'two2']],
  [
    'a header in git_config',
    { git_config: [{ name: 'http.extraHeader', value: 'Authorization: Basic abcd' }] },
    ['Authorization: Basic abcd', 'abcd'],
  ],
  ['no other git_config', { git_config: [{ name: 'user.name', value: 'abcd' }] }, []],
  ['a URL', { uri: 'https://me:p%40ss@h/x' }, ['p%40ss', 'p@ss', 'me:p%40ss', 'me:p@ss']],
  ['a token in a URL', { uri: 'https://abcd@h/x' }, ['abcd']],
  ['no user of an SSH URL', { uri: 'ssh://deploy@h/x' }, []],
  ['a URL anywhere', { x: [{ y: 'http://u:abcd@h' }] }, ['abcd', 'u:abcd']],
  ['nothing in nothing', null, []],
])('finds what is secret: %s', (_name, value, secrets) => {
  expect(secretsIn(value)).toEqual(secrets);
});

test.each([
  'pasword',
  'passwrd',
  'Password',
  'PASSWORD',
  'passphrase',
  'tokne',
  'tokens',
  'privat_key',
  'private-key',
  'client_secret',
  'api_key',
  'access_key_id',
  'credentials',
  'pass',
])('a key that is called %s is taken for a secret', (key) => {
  expect(secretsIn({ [key]: SECRET })).toEqual([SECRET]);
});

test('of the keys that are known, only those for secrets are', () => {
  const secrets = Object.keys(sourceShape).filter((key) => secretsIn({ [key]: SECRET }).length > 0);
  expect(secrets).toEqual(['private_key', 'private_key_passphrase', 'password']);
  const others = [
    'name',
    'url',
    'username',
    'former_urls',
    'ca_cert',
    'team',
    'when_unreachable',
    'proxy_host',
    'proxy_port',
    'proxy_user',
    'value',
    'dry_run',
    'release',
    'limit',
    'ref',
    'stale',
  ];
  expect(others.filter((key) => secretsIn({ [key]: SECRET }).length > 0)).toEqual([]);
});

/** All that is said of a source, as it goes to the log, and as it is before the mask. */
function saidOf(keys: Json): { masked: string; raw: string } {
  const source = { ...LEAST, ...keys, unknown: 1 };
  const mask = createMask();
  mask.add(...secretsIn({ source }));
  const raw = problemsOf(() => readOut(source)).join('\n');
  return { masked: mask.apply(raw), raw };
}

test.each<[string, Json]>([
  ['a secret beside an unknown key', { password: SECRET }],
  ['a key that is misspelt', { pasword: SECRET }],
  ['a list', { password: [SECRET] }],
  ['an object', { private_key: { key: SECRET } }],
  [
    'an unknown key beside it in concourse',
    { concourse: { url: 'https://ci', token: SECRET, tokn: SECRET } },
  ],
  ['a login that is half', { concourse: { url: 'https://ci', password: SECRET } }],
  ['a token of another type', { concourse: { url: 'https://ci', token: { a: SECRET } } }],
  ['a url with a password', { concourse: { url: `https://me:${SECRET}@ci` } }],
  ['a concourse that is a URL', { concourse: `https://me:${SECRET}@ci` }],
  ['a uri of another scheme', { uri: `ftp://me:${SECRET}@h/x` }],
  ['a uri in a list', { uri: [`https://me:${SECRET}@h/x`] }],
  ['a very long uri', { log_level: `https://me:${'x'.repeat(44)}${SECRET}@h/x` }],
  ['a header in a list', { git_config: [{ name: 'http.extraHeader', value: [SECRET] }] }],
  ['a header in an object', { git_config: { 'http.extraHeader': SECRET } }],
  ['a proxy as a URL', { https_tunnel: `http://u:${SECRET}@proxy` }],
  [
    'a proxy password of another type',
    { https_tunnel: { proxy_host: 'x', proxy_port: 1, proxy_password: [SECRET] } },
  ],
  ['a secret in a pool', { pools: [{ name: 'a', password: SECRET, colour: SECRET }] }],
])('no problem shows a secret, even before the mask: %s', (_name, keys) => {
  const { raw, masked } = saidOf(keys);
  expect(raw).toContain('source.unknown is not a known key');
  expect(raw).not.toContain(SECRET);
  expect(masked).toContain('is not a known key');
});
