import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SHIPPED_HOSTS } from '../../../src/git/access/shipped-hosts.ts';

describe('the host keys that come with the program', () => {
  it.each(SHIPPED_HOSTS)('are those of $name, by their published fingerprints', ({ lines, fingerprints }) => {
    const found = lines.map((line) => {
      const [, type, blob = ''] = line.split(' ');
      const bytes = Buffer.from(blob, 'base64');
      expect(bytes.toString('latin1', 4, 4 + bytes.readUInt32BE())).toBe(type);
      return createHash('sha256').update(bytes).digest('base64').replace(/=+$/, '');
    });
    expect([...new Set(found)].sort()).toEqual([...fingerprints].sort());
  });
});
