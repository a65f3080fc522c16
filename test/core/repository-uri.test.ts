import { describe, expect, it } from '@jest/globals';
import { httpOrigin, parseUri, shownUri, sshAddress, uriProblem } from '../../src/core/repository-uri.ts';

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
    ['ssh://-oProxyCommand=x/y', 'names a host that starts with "-"'],
    ['ssh://-oProxyCommand=x@h/y', 'names a user that starts with "-"'],
    ['ssh://git@-oProxyCommand=x/y', 'names a host that starts with "-"'],
    ['git@-oProxyCommand=x:y', 'names a host that starts with "-"'],
    ['https://example.com/\nx', 'has a control character'],
    [
      'https://user:pa/ss@example.com/x',
      'has a port that is not a number; in a password write / as %2F, and @ as %40',
    ],
    [
      'git@github.com/org/locks.git',
      'has no colon behind the host, so git would take it for a local path; write git@github.com:org/locks.git for SSH, or ./git@github.com/org/locks.git for a path',
    ],
  ])('cannot be %j', (uri, problem) => {
    expect(uriProblem(uri)).toBe(problem);
  });

  it.each([
    ['https://user:secret@example.com/x', 'https://example.com/x'],
    ['https://token@example.com/x@y', 'https://example.com/x@y'],
    ['ssh://git:secret@example.com/x', 'ssh://git@example.com/x'],
    ['https://user:p@ss@example.com:8443/x', 'https://example.com:8443/x'],
    ['https://user:secret@[::1]:8443/x', 'https://[::1]:8443/x'],
    ['git@example.com:x', 'git@example.com:x'],
    ['/srv/x', '/srv/x'],
  ])('%s is shown as %s', (uri, shown) => {
    expect(shownUri(uri)).toBe(shown);
  });

  it.each([
    ['/srv/x', 'path'],
    ['./a:b', 'path'],
    ['./git@host/x', 'path'],
    ['host:x', 'scp'],
    ['file:///x', 'url'],
  ])('%s is a %s', (uri, kind) => {
    expect(parseUri(uri).kind).toBe(kind);
  });

  it.each([
    ['ssh://git@example.com:2222/x', { user: 'git', host: 'example.com', port: 2222 }],
    ['git+ssh://example.com/x', { user: null, host: 'example.com', port: null }],
    ['ssh://git:secret@[::1]/x', { user: 'git', host: '::1', port: null }],
    ['git@example.com:2222/x', { user: 'git', host: 'example.com', port: null }],
    ['[example.com:2222]:x', { user: null, host: 'example.com', port: 2222 }],
    ['git@[::1]:x', { user: 'git', host: '::1', port: null }],
    ['https://example.com/x', null],
    ['/srv/x', null],
  ])('%s leads ssh to %j', (uri, address) => {
    const found = sshAddress(parseUri(uri));
    expect(found === null ? null : { user: found.user, host: found.host, port: found.port }).toEqual(address);
  });

  it.each([
    ['HTTPS://someone@example.com:8443/x', 'https://example.com:8443'],
    ['http://[::1]/x', 'http://[::1]'],
    ['ssh://example.com/x', null],
  ])('%s asks for accounts as %s', (uri, origin) => {
    expect(httpOrigin(parseUri(uri))).toBe(origin);
  });
});
