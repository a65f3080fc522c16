import { expect, test } from '@jest/globals';
import { problemsWith } from './read.ts';

const URL = 'an http:// or https:// URL without credentials and without a query';

test.each<[string, unknown, string]>([
  ['null', null, ': have null, want an object with a url, or a list of them.'],
  ['a text', 'https://ci', ': have "https://ci", want an object with a url, or a list of them.'],
  ['none', [], ' is empty: leave concourse out, or name one.'],
  ['a list of texts', ['https://ci'], '[0]: have "https://ci", want an object with a url.'],
  ['no url', { token: 'hunter22' }, `.url is missing: want a URL.`],
  ['an empty url', { url: '' }, `.url: have an empty text, want ${URL}.`],
  ['another scheme', { url: 'ssh://ci' }, `.url: have "ssh://ci", want ${URL}.`],
  ['credentials in the url', { url: 'https://me:hunter22@ci' }, `.url: have "https://***@ci", want ${URL}.`],
  ['a token in the url', { url: 'https://hunter22@ci' }, `.url: have "https://***@ci", want ${URL}.`],
  ['a query in the url', { url: 'https://ci?a=b' }, `.url: have "https://ci?a=b", want ${URL}.`],
  [
    'an empty username',
    { url: 'https://ci', username: '', password: 'hunter22' },
    '.username is empty: it goes with password.',
  ],
  [
    'an empty password',
    { url: 'https://ci', username: 'me', password: '' },
    '.password is empty: it goes with username.',
  ],
  [
    'a password alone',
    { url: 'https://ci', password: 'hunter22' },
    '.username is missing: it goes with password.',
  ],
  [
    'two empty ones',
    { url: 'https://ci', username: '', password: '' },
    '.username is empty: it goes with password.',
  ],
  ['an empty token', { url: 'https://ci', token: ' ' }, '.token is empty.'],
  ['a null token', { url: 'https://ci', token: null }, '.token: want a token.'],
  [
    'two ways to log in',
    { url: 'https://ci', token: 'hunter22', username: 'me' },
    ' has both a token and a username or password: want one of the two.',
  ],
  ['an empty team', { url: 'https://ci', team: '' }, '.team: have an empty text, want a team.'],
  ['a former url', { url: 'https://ci', former_urls: ['ci'] }, `.former_urls[0]: have "ci", want ${URL}.`],
  [
    'an empty certificate',
    { url: 'https://ci', ca_cert: '' },
    '.ca_cert: have an empty text, want a certificate in PEM form.',
  ],
  [
    'another word',
    { url: 'https://ci', when_unreachable: 'ignore' },
    '.when_unreachable: have "ignore", want fail or keep.',
  ],
])('a Concourse that does not fit: %s', (_name, concourse, problem) => {
  expect(problemsWith({ concourse })).toEqual([`source.concourse${problem}`]);
});
