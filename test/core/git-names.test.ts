import { spawnSync } from 'node:child_process';
import { fc, test as propertyTest } from '@fast-check/jest';
import { expect, test } from '@jest/globals';
import { branchProblem, uriProblem, uriWithoutCredentials } from '../../src/core/git-names.ts';

test.each([
  'https://example.com/locks.git',
  'https://user:secret@example.com/locks.git',
  'HTTP://example.com/locks.git',
  'ssh://git@example.com:22/locks.git',
  'git+ssh://git@example.com/locks.git',
  'ssh+git://git@example.com/locks.git',
  'git://example.com/locks.git',
  'file:///srv/locks.git',
  'git@example.com:team/locks.git',
  'example.com:locks.git',
  '[::1]:locks.git',
  '/srv/locks.git',
  '/srv/a::b',
  './locks',
  '../a b/locks',
  'https://example.com/-x/locks.git',
])('git may be given %s', (uri) => {
  expect(uriProblem(uri)).toBeNull();
});

test.each<[string, string]>([
  ['', 'want the URL of the lock repository, have an empty text'],
  [' ', 'want the URL of the lock repository, have an empty text'],
  [' /srv/locks', 'a URL must not start or end with a blank'],
  ['-uupload', 'a URL must not start with -'],
  ['--upload-pack=touch /tmp/x', 'a URL must not start with -'],
  ['/srv/locks\n', 'a URL must not contain control characters or line breaks'],
  ['/srv/\x1b[31m', 'a URL must not contain control characters or line breaks'],
  ['ext::sh -c id', 'ext:: URLs run other programs and are refused; want https, ssh, git, file or a path'],
  ['EXT::sh', 'EXT:: URLs run other programs and are refused; want https, ssh, git, file or a path'],
  ['fd::17', 'fd:: URLs run other programs and are refused; want https, ssh, git, file or a path'],
  [
    'ftp://example.com/x',
    'ftp:// URLs are not supported; want https, http, ssh, git, file, USER@HOST:PATH or a path',
  ],
  ['ssh://-oProxyCommand=id/x', 'the host in a URL must not start with -'],
  ['ssh://git@-oProxyCommand=id/x', 'the host in a URL must not start with -'],
  ['ssh://-x@example.com/y', 'the host in a URL must not start with -'],
  ['ssh://[-oProxyCommand=id]/x', 'the host in a URL must not start with -'],
  ['git@-oProxyCommand=id:x', 'the host in a URL must not start with -'],
  ['git@[-oProxyCommand=id]:x', 'the host in a URL must not start with -'],
])('git must not be given %j', (uri, problem) => {
  expect(uriProblem(uri)).toBe(problem);
});

test.each(['main', 'concourse', 'a/b', 'release-1.2', 'é', 'a@b', 'x.locked'])(
  '%s may be a branch',
  (branch) => {
    expect(branchProblem(branch)).toBeNull();
  },
);

test.each([
  '',
  '@',
  'HEAD',
  '-x',
  'a b',
  'a..b',
  'a~1',
  'a^',
  'a:b',
  'a?',
  'a*',
  '[a',
  'a\\b',
  '@{-1}',
  'a.',
  '/a',
  'a/',
  'a//b',
  '.a',
  'a/.b',
  'a.lock',
  'a.lock/b',
  'a\nb',
])('%j may be no branch', (branch) => {
  expect(branchProblem(branch)).toBe(`git allows no branch of the name ${JSON.stringify(branch)}`);
});

// `@` alone is short for HEAD, which is no branch.
propertyTest.prop(
  [
    fc
      .string({ unit: fc.constantFrom(...'ab/.@{}-~^:?*[\\ lock'), maxLength: 8 })
      .filter((branch) => branch !== '@'),
  ],
  {
    numRuns: 150,
  },
)('git allows the same branches', (branch) => {
  const git = spawnSync('git', ['check-ref-format', '--branch', branch]);
  expect(branchProblem(branch) === null).toBe(git.status === 0);
});

test.each<[string, string]>([
  ['https://user:secret@example.com/locks.git', 'https://example.com/locks.git'],
  ['https://token@example.com/locks.git', 'https://example.com/locks.git'],
  ['https://user:p@ss@example.com/a@b', 'https://example.com/a@b'],
  ['HTTPS://user:secret@example.com/', 'HTTPS://example.com/'],
  ['https://example.com/a@b', 'https://example.com/a@b'],
  ['ssh://git@example.com/x', 'ssh://git@example.com/x'],
  ['ssh://git:secret@example.com/x', 'ssh://git@example.com/x'],
  ['git@example.com:x', 'git@example.com:x'],
  ['/srv/locks', '/srv/locks'],
])('%s is shown as %s', (uri, shown) => {
  expect(uriWithoutCredentials(uri)).toBe(shown);
});
