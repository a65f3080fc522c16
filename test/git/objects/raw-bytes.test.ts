import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytesOf, textOf } from '../../../src/git/objects/raw-bytes.ts';
import { anyText } from '../../any-text.ts';

describe('names as bytes', () => {
  it('gives every sequence of bytes back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect([...bytesOf(textOf(Buffer.from(bytes)))]).toEqual([...bytes]);
      }),
    );
  });

  it('gives every text back', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(textOf(bytesOf(text))).toBe(text);
      }),
    );
  });

  it.each([
    ['text in UTF-8 as it is', [0x61, 0xc3, 0xa4, 0xf0, 0x9f, 0x94, 0x92], 'aä🔒'],
    ['the replacement character as it is', [0xef, 0xbf, 0xbd], '\uFFFD'],
    ['Latin-1 as an escape', [0x61, 0xe4], 'a\uDCE4'],
    ['a stray byte beside the replacement character', [0xef, 0xbf, 0xbd, 0xff], '\uFFFD\uDCFF'],
    ['an overlong slash as escapes', [0xc0, 0xaf], '\uDCC0\uDCAF'],
    ['a surrogate as escapes', [0xed, 0xa0, 0x80], '\uDCED\uDCA0\uDC80'],
    ['a character cut off as escapes', [0xf0, 0x9f], '\uDCF0\uDC9F'],
  ])('reads %s', (_name, bytes, text) => {
    expect(textOf(Buffer.from(bytes))).toBe(text);
    expect([...bytesOf(text)]).toEqual(bytes);
  });
});
