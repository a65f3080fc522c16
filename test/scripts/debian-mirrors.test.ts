import { expect, test } from '@jest/globals';
import { aptSettings, debianMirrors, sourcesList } from '../../scripts/image/debian-mirrors.ts';

const TARGETS = [
  'Debian|http://mirror.example.com/debian/|bookworm|main|Packages',
  'Debian|http://mirror.example.com/debian/|bookworm|main|DEP-11',
  'Debian|http://mirror.example.com/debian/|bookworm-backports|main|Packages',
  'Debian|http://mirror.example.com/debian-security/|bookworm-security|main|Packages',
  'Somebody|http://apt.example.com/|stable|main|Packages',
].join('\n');

test('the mirrors of another release are those of this one, without backports and other people', () => {
  expect(sourcesList(debianMirrors(TARGETS, 'trixie'))).toBe(
    'deb http://mirror.example.com/debian/ trixie main\n' +
      'deb http://mirror.example.com/debian-security/ trixie-security main\n',
  );
});

test('a machine whose apt knows no Debian has no mirrors', () => {
  expect(debianMirrors('Ubuntu|http://mirror.example.com/ubuntu/|noble|main|Packages', 'trixie')).toEqual([]);
});

test("apt's proxies and checks are taken over, other settings are not", () => {
  const dump = [
    'APT::Architecture "amd64";',
    'Acquire::http "";',
    'Acquire::http::Proxy "http://proxy.example.com:3128";',
    'Acquire::Check-Valid-Until "false";',
  ].join('\n');
  expect(aptSettings(dump)).toBe(
    'Acquire::http::Proxy "http://proxy.example.com:3128";\nAcquire::Check-Valid-Until "false";\n',
  );
});
