import { fc, test as propertyTest } from '@fast-check/jest';
import { expect, test } from '@jest/globals';
import { createMask } from '../../src/runtime/secret-mask.ts';

function mask(text: string, ...secrets: (string | null | undefined)[]): string {
  const made = createMask();
  made.add(...secrets);
  return made.apply(text);
}

const BASE64 = Buffer.from('p@ss wörd').toString('base64');
const KEY = '-----BEGIN KEY-----\r\nc2VjcmV0bGluZW9uZQ==\r\nYW5vdGhlcmxpbmU=\r\n-----END KEY-----\n';

test.each<[string, string, string[], string]>([
  ['as it is', 'cannot log in with hunter22!', ['hunter22'], 'cannot log in with ***!'],
  ['more than once', 'hunter22hunter22 hunter22', ['hunter22'], '****** ***'],
  ['URI-encoded', 'https://u:p%40ss%20w%C3%B6rd@h/', ['p@ss wörd'], 'https://u:***@h/'],
  ['as a form encodes it', 'password=p%40ss+w%C3%B6rd&x=1', ['p@ss wörd'], 'password=***&x=1'],
  ['in base64', `Basic ${BASE64}`, ['p@ss wörd'], 'Basic ***'],
  ['in base64 for a URL', `x ${Buffer.from('>>>>???').toString('base64url')} y`, ['>>>>???'], 'x *** y'],
  ['as JSON writes it', '{"password":"a\\"b\\\\c"}', ['a"b\\c'], '{"password":"***"}'],
  ['with characters of a pattern', 'x $&.*[a y', ['$&.*[a'], 'x *** y'],
  ['line by line', 'bad line YW5vdGhlcmxpbmU= in key', [KEY], 'bad line *** in key'],
  ['whole, in many lines', `key: ${KEY}`, [KEY.trim()], 'key: ***\r\n***\r\n***\r\n***\n'],
  ['two that overlap', 'abcdefghijkl', ['abcdefgh', 'efghijkl'], '***'],
  ['one within the other', 'x hunter22 y hunter y', ['hunter', 'hunter22'], 'x *** y *** y'],
  ['two in a row', 'abcdefghstuvwxyz', ['abcdefgh', 'stuvwxyz'], '******'],
  [
    'as a whole word where it is short',
    'nobody, nobodys x_nobody: nobody.',
    ['nobody'],
    '***, nobodys x_nobody: ***.',
  ],
  ['between signs where it is short', 'https://u:secret@h/secrets', ['secret'], 'https://u:***@h/secrets'],
  ['with signs at its edges', 'xp@ss!y', ['@ss!'], 'xp***y'],
  ['too short to be one', 'a b abc', ['abc', '', ' '], 'a b abc'],
  ['made of blanks', 'a      b', ['      '], 'a      b'],
])('a secret is masked: %s', (_name, text, secrets, masked) => {
  const lines = masked.includes('\r\n') ? expect.not.stringMatching(/KEY|c2Vj|YW5v/) : masked;
  expect(mask(text, ...secrets)).toEqual(lines);
});

test('what is not set is no secret', () => {
  expect(mask('null undefined', null, undefined)).toBe('null undefined');
});

const secret = fc
  .string({ minLength: 8, maxLength: 20 })
  .filter((text) => text.trim().length >= 8 && !text.includes('*'));

propertyTest.prop([
  fc.array(secret, { minLength: 1, maxLength: 4 }),
  fc.array(fc.string(), { maxLength: 4 }),
])('no text shows a secret, in any of its forms', (secrets, between) => {
  const forms = secrets.flatMap((one) => {
    const text = one.trim();
    return [text, encodeURIComponent(text), Buffer.from(text).toString('base64')];
  });
  const masked = mask(forms.map((form, i) => `${between[i] ?? ''}${form}`).join('|'), ...secrets);
  for (const one of secrets) expect(masked).not.toContain(one.trim());
});
