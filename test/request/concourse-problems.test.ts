import { expect, test } from '@jest/globals';
import { problemsWith } from './read.ts';

const URL = 'an http:// or https:// URL without credentials and without a query';

test.each<[string, unknown, string]>([
  ['null', null, ': expected an object with a url, or a list of them, got null.'],
  ['a text', 'https://ci', ': expected an object with a url, or a list of them, got "https://ci".'],
  ['none', [], ' is empty; leave concourse out, or name one.'],
  ['a list of texts', ['https://ci'], '[0]: expected an object with a url, got "https://ci".'],
  ['no url', { token: 'hunter22' }, `.url is missing; expected a URL.`],
  ['an empty url', { url: '' }, `.url: expected ${URL}, got an empty string.`],
  ['another scheme', { url: 'ssh://ci' }, `.url: expected ${URL}, got "ssh://ci".`],
  [
    'credentials in the url',
    { url: 'https://me:hunter22@ci' },
    `.url: expected ${URL}, got "https://***@ci".`,
  ],
  ['a token in the url', { url: 'https://hunter22@ci' }, `.url: expected ${URL}, got "https://***@ci".`],
  ['a query in the url', { url: 'https://ci?a=b' }, `.url: expected ${URL}, got "https://ci?a=b".`],
  [
    'an empty username',
    { url: 'https://ci', username: '', password: 'hunter22' },
    '.username is empty, but password is set; set both.',
  ],
  [
    'an empty password',
    { url: 'https://ci', username: 'me', password: '' },
    '.password is empty, but username is set; set both.',
  ],
  [
    'a password alone',
    { url: 'https://ci', password: 'hunter22' },
    '.username is missing, but password is set; set both.',
  ],
  [
    'two empty ones',
    { url: 'https://ci', username: '', password: '' },
    '.username is empty, but password is set; set both.',
  ],
  ['an empty token', { url: 'https://ci', token: ' ' }, '.token is empty.'],
  ['a null token', { url: 'https://ci', token: null }, '.token: expected a token.'],
  [
    'two ways to log in',
    { url: 'https://ci', token: 'hunter22', username: 'me' },
    ' has both token and username or password; set either token or username and password, not both.',
  ],
  ['an empty team', { url: 'https://ci', team: '' }, '.team: expected a team, got an empty string.'],
  ['a former url', { url: 'https://ci', former_urls: ['ci'] }, `.former_urls[0]: expected ${URL}, got "ci".`],
  [
    'an empty certificate',
    { url: 'https://ci', ca_cert: '' },
    '.ca_cert: expected a certificate in PEM form, got an empty string.',
  ],
  [
    'another word',
    { url: 'https://ci', when_unreachable: 'ignore' },
    '.when_unreachable: expected fail or keep, got "ignore".',
  ],
])('a Concourse that does not fit: %s', (_name, concourse, problem) => {
  expect(problemsWith({ concourse })).toEqual([`source.concourse${problem}`]);
});
