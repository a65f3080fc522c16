import { describe, expect, it } from '@jest/globals';
import { createLogReader, type LogRecord } from '../../../src/git/objects/commit-log.ts';

const [commit, one, two] = ['a', 'b', 'c'].map((letter) => letter.repeat(40));

function read(output: string, fields: readonly string[], chunk = output.length): LogRecord[] {
  const records: LogRecord[] = [];
  const reader = createLogReader({ fields, wants: () => true, take: (record) => records.push(record) > 0 });
  for (let at = 0; at < output.length; at += chunk) reader.read(Buffer.from(output.slice(at, at + chunk)));
  reader.end();
  return records;
}

describe('the output of git log', () => {
  it('is rejected where a merge does not say what it is compared with', () => {
    const output = `commit ${commit} ${one} ${two}\nAuthor: x\n\n    y\n\nA\0aws/claimed/env\0`;
    expect(() => read(output, [])).toThrow('did not say which parent');
  });

  it.each([1, 2, 7, 1000])(
    'gives a merge with its changes against each parent (read %i bytes at a time)',
    (size) => {
      const header = (from: string | undefined) =>
        `commit ${commit} ${one} ${two} (from ${from})\nAuthor: x\n\n    y\n\n`;
      const output = `${header(one)}A\0a/claimed/x\0D\0a/unclaimed/x\0\0${header(two)}M\0README\0`;
      expect(read(output, [], size)).toMatchObject([
        {
          commit,
          parents: [one, two],
          changes: [
            { against: one, added: new Set(['a/claimed/x']), removed: new Set(['a/unclaimed/x']) },
            { against: two, added: new Set(), removed: new Set() },
          ],
        },
      ]);
    },
  );

  it.each([1, 2, 7, 1000])(
    'gives fields byte for byte, whatever they look like (read %i bytes at a time)',
    (size) => {
      const message = `A\n\ncommit ${two} \n\nA`;
      const output = `commit ${commit} ${one}\0${message}\0A\0\0\nA\0A\0D\0commit ${one}\0commit ${one} \0m\0n\0`;
      expect(read(output, ['%B', '%an'], size)).toMatchObject([
        {
          commit,
          parents: [one],
          fields: [message, 'A'],
          changes: [{ added: new Set(['A']), removed: new Set([`commit ${one}`]) }],
        },
        { commit: one, parents: [], fields: ['m', 'n'], changes: [] },
      ]);
    },
  );
});
