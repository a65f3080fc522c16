import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cloneRealHistory, hasRealHistory } from './real-history.ts';
import { runProgram } from './run-program.ts';

// What a reading that shares no code with Pool Boy found on each branch.
const BRANCHES = [
  { branch: 'main', pools: 71, claimed: 0, owners: {} },
  { branch: 'busy', pools: 49, claimed: 41, owners: { job: 41 } },
  { branch: 'star', pools: 71, claimed: 7, owners: { job: 7 } },
  { branch: 'revert', pools: 71, claimed: 4, owners: { job: 3, person: 1 } },
  { branch: 'reapply', pools: 71, claimed: 2, owners: { job: 1, person: 1 } },
  { branch: 'build-url', pools: 71, claimed: 1, owners: { job: 1 } },
  { branch: 'nested', pools: 8, claimed: 4, owners: { job: 4 } },
] as const;

const NO_COMMIT = '0'.repeat(40);

(hasRealHistory ? describe : describe.skip)('the history of a real lock repository', () => {
  let real: { folder: string; repository: string };

  beforeAll(() => {
    real = cloneRealHistory();
  });

  afterAll(() => rmSync(real.folder, { recursive: true, force: true }));

  test.each(BRANCHES)('branch $branch has $pools pools and $claimed claimed locks', async (expected) => {
    const directory = join(real.folder, `report-${expected.branch}`);
    mkdirSync(directory);
    const source = { uri: real.repository, branch: expected.branch, stale_after: 60 };
    const ran = await runProgram(
      'in',
      { source, version: { ref: NO_COMMIT, stale: 'none' } },
      { args: [directory] },
    );
    expect(ran).toMatchObject({ status: 0 });
    const report = JSON.parse(readFileSync(join(directory, 'report.json'), 'utf8'));
    const owners: Record<string, number> = {};
    for (const lock of report.pools.flatMap((pool: { locks: unknown[] }) => pool.locks)) {
      if (lock.state === 'claimed') owners[lock.owner.kind] = (owners[lock.owner.kind] ?? 0) + 1;
    }
    const { pools, claimed } = report.summary;
    expect({ branch: report.repository.branch, pools, claimed, owners }).toEqual(expected);
  });

  test('out on the busiest branch releases all 41 locks in one push of one commit each, and then none', async () => {
    const source = { uri: real.repository, branch: 'busy', stale_after: 60 };
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', real.repository, ...args], { encoding: 'utf8' });
    const before = git('rev-parse', 'busy').trim();
    const first = await runProgram('out', { source, params: {} }, { args: [real.folder] });
    expect(first).toMatchObject({
      status: 0,
      answer: { version: { ref: git('rev-parse', 'busy').trim(), stale: 'none' } },
    });
    const subjects = git('log', '--format=%s', `${before}..busy`).trim().split('\n');
    expect(subjects.filter((subject) => subject.startsWith('unclaiming: '))).toHaveLength(41);
    expect(subjects.filter((subject) => !/^(unclaiming: |keeping .*\/claimed$)/.test(subject))).toEqual([]);
    expect(git('ls-tree', '-r', '--name-only', 'busy').match(/\/claimed\/(?!\.).*/g)).toBeNull();

    const second = await runProgram('out', { source, params: {} }, { args: [real.folder] });
    expect(second).toMatchObject({ status: 0, answer: { version: { ref: NO_COMMIT, stale: 'none' } } });
  });
});
