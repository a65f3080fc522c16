import { test as propertyTest } from '@fast-check/jest';
import { expect, test } from '@jest/globals';
import {
  asSentence,
  count,
  hasControls,
  onOneLine,
  replaceControls,
  shortList,
  visibleLine,
  visibleText,
} from '../../src/core/text.ts';
import { anyText } from '../any-text.ts';

test.each<[string, string, string]>([
  ['plain', 'plain', 'plain'],
  ['a\nb', 'a b', 'a\nb'],
  ['a\r\n\tb', 'a b', 'a\uFFFD\n\tb'],
  ['a\u2028\u2029b', 'a b', 'a\uFFFD\uFFFDb'],
  ['\u001b[31mred', ' [31mred', '\uFFFD[31mred'],
  ['a\u202eb', 'a\u202eb', 'a\uFFFDb'],
  ['a\u0085b', 'a b', 'a\uFFFDb'],
  ['a\udc80b', 'a\udc80b', 'a\uFFFDb'],
  ['ä', 'ä', 'ä'],
])('%j is %j on one line and %j to see', (text, line, seen) => {
  expect(onOneLine(text)).toBe(line);
  expect(visibleText(text)).toBe(seen);
});

test('control characters are replaced one by one, or left out', () => {
  expect(replaceControls('a\n\nb\u0000', '*')).toBe('a**b*');
  expect(replaceControls('a\n\nb\u0000', '')).toBe('ab');
  // `$&` in a replacement string would put the character back.
  expect(replaceControls('a\nb', '$&')).toBe('a$&b');
});

propertyTest.prop([anyText()])('nothing that steers a terminal gets through', (text) => {
  for (const shown of [onOneLine(text), replaceControls(text, ''), visibleLine(text)]) {
    expect(hasControls(shown)).toBe(false);
  }
  expect(hasControls(visibleText(text).replace(/[\n\t]/g, ''))).toBe(false);
});

test.each<[number, string]>([
  [0, '0 locks'],
  [1, '1 lock'],
  [2, '2 locks'],
])('%d: %s', (many, text) => {
  expect(count(many, 'lock')).toBe(text);
});

test('a list names so many and counts the rest', () => {
  expect(shortList(['a', 'b'], 2)).toBe('a, b');
  expect(shortList(['a', 'b', 'c', 'd'], 2)).toBe('a, b and 2 more');
  expect(shortList([], 2)).toBe('');
});

test.each(['Done.', 'Done!', 'Done?', 'Doing…'])('%s is a sentence as it is', (text) => {
  expect(asSentence(text)).toBe(text);
});

test('a sentence gets a full stop', () => {
  expect(asSentence('Done')).toBe('Done.');
});
