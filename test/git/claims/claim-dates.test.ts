import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { makeRepository, type TestRepository } from '../make-repository.ts';
import { open } from '../open.ts';

describe("the date of a claim's commit", () => {
  /** A commit of this tree with this committer line, on top of the branch. */
  function commitWith({ path, head }: TestRepository, tree: string, committer: string): string {
    const input = `tree ${tree}\nparent ${head()}\nauthor Ann <ann@example.com> 1700000000 +0000\n${committer}\n\nclaiming: env\n`;
    const hash = spawnSync(
      'git',
      ['-C', path, 'hash-object', '-t', 'commit', '-w', '--stdin', '--literally'],
      { input },
    );
    return hash.stdout.toString().trim();
  }

  it.each<[string, string, number | null]>([
    ['one blank before it', 'committer A <a@b> 1700000500 +0000', 1_700_000_500],
    ['two blanks before it, as git reads it', 'committer A <a@b>  1700000500 +0000', 1_700_000_500],
    ['no blank before it', 'committer A <a@b>1700000500 +0000', 1_700_000_500],
    ['no date', 'committer A <a@b>', null],
    ['a word', 'committer A <a@b> yesterday', null],
    ['a date that no calendar holds', 'committer A <a@b> 9999999999999999 +0000', null],
  ])('is read with %s', async (_what, committer, committedAt) => {
    const made = makeRepository();
    made.addUnclaimed('aws', 'env');
    made.claim('aws', 'env');
    const claimed = made.git('rev-parse', 'main^{tree}');
    made.git('update-ref', 'refs/heads/main', made.git('rev-parse', 'main^'));
    const commit = commitWith(made, claimed, committer);
    made.git('update-ref', 'refs/heads/main', commit);
    const repository = await open({ uri: made.uri });
    const [found] = await repository.claimsAt(await repository.fetch(), [{ pool: 'aws', name: 'env' }]);
    expect(found).toMatchObject({ commit, committedAt });
  });
});
