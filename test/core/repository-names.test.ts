import { describe, expect, it } from '@jest/globals';
import { branchProblem, isLocalPath, shownUri, uriProblem } from '../../src/core/repository-names.ts';

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

  const accepted = 'https, http, ssh, git+ssh, git and file URLs, HOST:PATH and local paths are accepted';
  it.each([
    ['', 'is empty'],
    ['  ', 'is empty'],
    ['ext::sh -c "touch /tmp/x"', `names a transport helper, which would run another program; ${accepted}`],
    ['EXT::sh', `names a transport helper, which would run another program; ${accepted}`],
    ['fd::17', `names a transport helper, which would run another program; ${accepted}`],
    ['::x', `names a transport helper, which would run another program; ${accepted}`],
    ['ftp://example.com/x', `starts with ftp://; ${accepted}`],
    ['--upload-pack=touch', 'starts with "-", which git would read as an option'],
    ['https://', 'names no host'],
    ['https:///x', 'names no host'],
    ['ssh://-oProxyCommand=x/y', 'names a user that starts with "-"'],
    ['ssh://git@-oProxyCommand=x/y', 'names a host that starts with "-"'],
    ['git@-oProxyCommand=x:y', 'names a host that starts with "-"'],
    ['https://example.com/\nx', 'holds a control character'],
  ])('cannot be %j', (uri, problem) => {
    expect(uriProblem(uri)).toBe(problem);
  });

  it.each([
    ['https://user:secret@example.com/x', 'https://example.com/x'],
    ['https://token@example.com/x@y', 'https://example.com/x@y'],
    ['ssh://git:secret@example.com/x', 'ssh://git@example.com/x'],
    ['git@example.com:x', 'git@example.com:x'],
    ['/srv/x', '/srv/x'],
  ])('%s is shown as %s', (uri, shown) => {
    expect(shownUri(uri)).toBe(shown);
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
    'refs/heads/main',
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
