import { expect, test } from '@jest/globals';
import { createLog, type Log } from '../../src/runtime/log.ts';
import { createMask } from '../../src/runtime/secret-mask.ts';

/** What is written to stderr. */
function written(say: (log: Log) => void, options: { debug?: boolean } = {}): string {
  const mask = createMask();
  mask.add('hunter22');
  let text = '';
  const log = createLog(
    (more) => {
      text += more;
    },
    mask,
    () => options.debug === true,
  );
  say(log);
  return text;
}

test('each level is a line of its own', () => {
  const say = (log: Log) => {
    log.info('one');
    log.warn('two');
    log.error('three');
    log.debug('four');
  };
  expect(written(say)).toBe('one\nwarning: two\nerror: three\n');
  expect(written(say, { debug: true })).toBe('one\nwarning: two\nerror: three\ndebug: four\n');
});

test('secrets are masked at every level', () => {
  const say = (log: Log) => {
    log.info('hunter22');
    log.warn('hunter22');
    log.error('hunter22');
    log.debug('hunter22');
  };
  expect(written(say, { debug: true })).toBe('***\nwarning: ***\nerror: ***\ndebug: ***\n');
});

test.each<[string, string]>([
  ['\x1b[31mred\x1b[0m', '\uFFFD[31mred\uFFFD[0m'],
  ['back\b\r\x07\x00', 'back\uFFFD\uFFFD\uFFFD\uFFFD'],
  ['\x9b31m', '\uFFFD31m'],
  ['turned \u202egnp.exe \u200f', 'turned \uFFFDgnp.exe \uFFFD'],
  ['next\u2028line', 'next\uFFFDline'],
  ['lone \udc80', 'lone \uFFFD'],
  ['two\nlines\tand a tab', 'two\nlines\tand a tab'],
  ['ключ 😀', 'ключ 😀'],
])('%j is written as %j', (text, line) => {
  expect(written((log) => log.info(text))).toBe(`${line}\n`);
});
