import { expect, test } from '@jest/globals';
import { sentencesFor } from '../../src/runtime/error-sentences.ts';

const context = { stoppedBy: null, program: 'pool-boy 1.1.0 check', debugSwitch: 'log_level: debug' };

/** As Node's file functions throw it. */
function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: something failed, open '${path}'`), { code, path });
}

test.each([
  ['ENOSPC', 'The disk is full: /tmp/x could not be written (ENOSPC); free some space.'],
  ['EDQUOT', 'The disk is full: /tmp/x could not be written (EDQUOT); free some space.'],
  [
    'EROFS',
    'The file system is read-only: /tmp/x could not be written (EROFS); set TMPDIR to a folder that can be written to.',
  ],
])('%s is told as what it is, and not as a bug', (code, sentence) => {
  expect(sentencesFor(systemError(code, '/tmp/x'), context)).toEqual([sentence]);
});

test('any other system error stays an internal error', () => {
  expect(sentencesFor(systemError('EINVAL', '/tmp/x'), context)[0]).toContain('this is a bug');
});
