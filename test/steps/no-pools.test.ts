import { expect, test } from '@jest/globals';
import { makeRepository } from '../git/make-repository.ts';
import { temporaryFolder } from '../git/temporary-folder.ts';
import { runProgram } from './run-program.ts';

test.each(['check', 'in', 'out'] as const)('%s warns of a branch without any pool', async (program) => {
  const made = makeRepository();
  made.commitByHand('docs', [{ write: 'docs/a' }, { write: 'src/b/c' }]);
  const source = { uri: made.uri, branch: 'main', stale_after: '2h' };
  const version = program === 'in' ? { ref: '0'.repeat(40), stale: 'none' } : null;
  const { status, stderr } = await runProgram(program, { source, version }, { args: [temporaryFolder()] });
  expect(status).toBe(0);
  expect(stderr).toContain(
    'warning: Branch main has no pool; none of its folders (docs, src) has claimed/ and unclaimed/ in it, so check uri and branch.',
  );
});

test('check fails where a pool is named on a branch that has none, and tells of one at its root', async () => {
  const made = makeRepository();
  made.commitByHand('pool at the root', [{ write: 'claimed/.gitkeep' }, { write: 'unclaimed/env' }]);
  const source = { uri: made.uri, branch: 'main', stale_after: '2h', pools: ['aws'] };
  const { status, stderr } = await runProgram('check', { source, version: null });
  expect(status).toBe(1);
  expect(stderr).toContain(
    'error: Branch main has no pool aws, and no other; it has claimed/ and unclaimed/ at its root, where they belong to no pool, so move them into a folder, whose name is then that of the pool.',
  );
});
