// A log is longer than what a pipe holds, and whoever reads it is slow.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { cleanEnvironment } from '../cli/run-cli.ts';
import { makeRepository } from '../git/make-repository.ts';
import { temporaryFolder } from '../git/temporary-folder.ts';
import { DIST } from '../steps/run-program.ts';

test('a program ends when its whole log was read', async () => {
  const locks = Array.from({ length: 2_000 }, (_, number) => `env-${number}`);
  const made = makeRepository();
  made.commitByHand(
    'set up',
    ['claimed', 'unclaimed'].map((state) => ({ write: `aws/${state}/.gitkeep` })),
  );
  made.commitByHand(
    'claim all',
    locks.map((lock) => ({ write: `aws/claimed/${lock}` })),
  );
  const source = { uri: made.uri, pools: ['aws'], stale_after: '1h' };
  const program = spawn(join(DIST, 'check'), [], {
    env: { ...cleanEnvironment(), TMPDIR: temporaryFolder() },
  });
  program.stdin.end(JSON.stringify({ source, version: null }));
  // The answer comes last.
  await once(program.stdout.setEncoding('utf8'), 'data');
  const log = await text(program.stderr);
  const named = [...log.matchAll(/^aws\/(env-\d+) is stale .*\.$/gm)].map(([, lock]) => lock);
  expect(named.toSorted()).toEqual(locks.toSorted());
});
