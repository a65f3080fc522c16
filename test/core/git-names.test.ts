import { describe, expect, it } from '@jest/globals';
import { branchProblem, isLocalPath, uriProblem, uriWithoutCredentials } from '../../src/core/git-names.ts';

describe('a uri', () => {
  it.each([
    'https://git.example.com/locks.git',
    'http://user:pa%40ss@git.example.com:8080/locks',
    'ssh://git@git.example.com:2222/locks.git',
    'git+ssh://git@git.example.com/locks.git',
    'git://git.example.com/locks.git',
    'git@git.example.com:org/locks.git',
    'git@ssh.dev.azure.com:v3/org/project/repo',
    'git@[::1]:locks.git',
    'file:///srv/locks.git',
    '/srv/locks.git',
    './locks',
    'locks.git',
    '/srv/odd:name/locks.git',
  ])('may be %s', (uri) => {
    expect(uriProblem(uri)).toBeNull();
  });

  it.each([
    '',
    '  ',
    'ext::sh -c "touch /tmp/x"',
    'EXT::sh',
    'fd::17',
    'ftp://example.com/x',
    '--upload-pack=touch',
    'ssh://-oProxyCommand=x/y',
    'ssh://git@-oProxyCommand=x/y',
    'git@-oProxyCommand=x:y',
    'https://example.com/\nx',
  ])('cannot be %j', (uri) => {
    expect(uriProblem(uri)).not.toBeNull();
  });

  it.each([
    ['https://user:secret@example.com/x', 'https://example.com/x'],
    ['https://token@example.com/x@y', 'https://example.com/x@y'],
    ['ssh://git:secret@example.com/x', 'ssh://git@example.com/x'],
    ['git@example.com:x', 'git@example.com:x'],
    ['/srv/x', '/srv/x'],
  ])('%s is shown as %s', (uri, shown) => {
    expect(uriWithoutCredentials(uri)).toBe(shown);
  });

  it.each([
    ['/srv/x', true],
    ['./a:b', true],
    ['host:x', false],
    ['file:///x', false],
  ])('%s is a local path: %s', (uri, isLocal) => {
    expect(isLocalPath(uri)).toBe(isLocal);
  });
});

describe('a branch', () => {
  it.each(['main', 'feature/x', 'metadata', 'a.b', 'Zürich', 'a@b', '@a', 'a{'])('may be %s', (branch) => {
    expect(branchProblem(branch)).toBeNull();
  });

  it.each([
    '',
    '-x',
    '@',
    'HEAD',
    'a b',
    'a..b',
    'a@{1}',
    'a.',
    '/a',
    'a/',
    'a//b',
    '.a',
    'a/.b',
    'a.lock',
    'a.lock/b',
    'a~b',
    'a^b',
    'a:b',
    'a?b',
    'a*b',
    'a[b',
    'a\\b',
    'a\nb',
    '\u007f',
  ])('cannot be %j', (branch) => {
    expect(branchProblem(branch)).not.toBeNull();
  });
});
