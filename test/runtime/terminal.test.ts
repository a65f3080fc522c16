import { describe, expect, test } from '@jest/globals';
import { createLog } from '../../src/runtime/log.ts';
import { createMask } from '../../src/runtime/secret-mask.ts';
import { isWatched, paintFor, wantsColour } from '../../src/runtime/terminal.ts';

const PIPE = {};
const TERMINAL = { isTTY: true, columns: 120, rows: 40 };
const TASK = { isTTY: true, columns: 500, rows: 500 };
const STEP = { BUILD_ID: '7', ATC_EXTERNAL_URL: 'http://ci' };

describe('who reads along', () => {
  test.each([
    ['a pipe', PIPE, {}, { watched: false, colour: false }],
    ['a terminal', TERMINAL, {}, { watched: true, colour: true }],
    ['a dumb terminal', TERMINAL, { TERM: 'dumb' }, { watched: false, colour: false }],
    ['a terminal in CI', TERMINAL, { CI: 'true' }, { watched: false, colour: true }],
    ['the terminal of a task of Concourse', TASK, {}, { watched: false, colour: true }],
    ['a step of a resource of Concourse', PIPE, STEP, { watched: false, colour: true }],
    ['a step with NO_COLOR', PIPE, { ...STEP, NO_COLOR: '1' }, { watched: false, colour: false }],
    ['an empty NO_COLOR, which means nothing', TERMINAL, { NO_COLOR: '' }, { watched: true, colour: true }],
    [
      'FORCE_COLOR over NO_COLOR',
      PIPE,
      { FORCE_COLOR: '1', NO_COLOR: '1' },
      { watched: false, colour: true },
    ],
    ['FORCE_COLOR=0', TERMINAL, { FORCE_COLOR: '0' }, { watched: true, colour: false }],
  ])('%s', (_name, stream, environment, expected) => {
    expect({ watched: isWatched(stream, environment), colour: wantsColour(stream, environment) }).toEqual(
      expected,
    );
  });
});

test('the log colours what kind of line it is, and nothing of the line', () => {
  const lines: string[] = [];
  const log = createLog(
    (text) => lines.push(text),
    createMask(),
    () => true,
    paintFor(PIPE, STEP),
  );
  log.info('a');
  log.warn('b \u001b[31m');
  log.error('c');
  log.debug('d');
  expect(lines).toEqual([
    'a\n',
    '\u001b[33mwarning: \u001b[39mb \uFFFD[31m\n',
    '\u001b[31merror: \u001b[39mc\n',
    '\u001b[2mdebug: \u001b[22md\n',
  ]);
});
