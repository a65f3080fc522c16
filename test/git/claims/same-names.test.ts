// Locks of one name in two pools: what was done to one of them is no rename of the other's pool.
import { describe, expect, it } from '@jest/globals';
import { makeRepository, type TestRepository } from '../make-repository.ts';
import { open } from '../open.ts';

async function claimOf(made: TestRepository, pool: string, name: string): Promise<string | undefined> {
  const repository = await open({ uri: made.uri });
  const [claim] = await repository.claimsAt(await repository.fetch(), [{ pool, name }]);
  return claim?.commit;
}

/** Lock env of aws is claimed, and gcp is a pool. */
function twoPools(): TestRepository {
  const made = makeRepository();
  made.addUnclaimed('aws', 'env');
  made.addUnclaimed('gcp', 'other');
  made.claim('aws', 'env');
  return made;
}

describe('a commit by hand is the claim of a lock', () => {
  it('that it moved within its pool, while it removed a claimed one of that name from another', async () => {
    const made = twoPools();
    made.addUnclaimed('gcp', 'env');
    const claim = made.commitByHand('take gcp, drop aws', [
      { move: 'gcp/unclaimed/env', to: 'gcp/claimed/env' },
      { remove: 'aws/claimed/env' },
    ]);
    expect(await claimOf(made, 'gcp', 'env')).toBe(claim);
  });

  it('that it created as claimed, while it released one of that name in another', async () => {
    const made = twoPools();
    const claim = made.commitByHand('new gcp, free aws', [
      { write: 'gcp/claimed/env', content: 'new' },
      { move: 'aws/claimed/env', to: 'aws/unclaimed/env' },
    ]);
    expect(await claimOf(made, 'gcp', 'env')).toBe(claim);
  });

  it('but not where it renamed the pool', async () => {
    const made = makeRepository();
    made.addUnclaimed('aws', 'env');
    made.addUnclaimed('aws', 'other');
    const claim = made.claim('aws', 'env');
    made.renamePool('aws', 'gcp');
    expect(await claimOf(made, 'gcp', 'env')).toBe(claim);
  });
});
