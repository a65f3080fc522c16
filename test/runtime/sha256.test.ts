import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { sha256 } from '../../src/runtime/sha256.ts';

describe('sha256', () => {
  test.each(['', 'abc', 'ä€😀\n', 'x'.repeat(55), 'x'.repeat(56), 'x'.repeat(64), 'x'.repeat(1000)])(
    'is what Node says, of %j',
    (text) => {
      expect(sha256(text)).toBe(createHash('sha256').update(text).digest('hex'));
    },
  );
});
