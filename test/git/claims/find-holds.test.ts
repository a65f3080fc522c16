import { describe, expect, it } from '@jest/globals';
import type { Hold } from '../../../src/core/hold.ts';
import { makeRepository, type TestRepository } from '../make-repository.ts';
import { open } from '../open.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const UNTIL = '2026-12-01T10:00:00Z';

function hold(
  made: TestRepository,
  path: string,
  claim: string,
  options: { by?: string; until?: string } = {},
) {
  const { by = 'Ada <ada@example.com>', until = UNTIL } = options;
  const message = `holding ${path} until ${until}\n\nBug 42\n\nHold: ${path}@${claim}\nHold-Until: ${until}\n`;
  return made.commitByHand(message, [], { author: by });
}

/** The hold of the lock's claim at the head; each call is a run of its own. */
async function holdOf(
  made: TestRepository,
  pool: string,
  name: string,
  cache?: string,
): Promise<Hold | null> {
  const kept = cache === undefined ? {} : { isCached: true, environment: { TMPDIR: cache } };
  const repository = await open({ uri: made.uri, ...kept });
  const [claim] = await repository.claimsAt(await repository.fetch(), [{ pool, name }]);
  if (claim === undefined) throw new Error('the lock has no claim');
  return claim.hold;
}

function claimed() {
  const made = makeRepository();
  made.addUnclaimed('aws', 'env-1');
  made.addUnclaimed('aws', 'env-2');
  const claim = made.claim('aws', 'env-1', { message: 'main/deploy/test build 2 claiming: env-1' });
  return { made, claim };
}

describe('the hold of a claim', () => {
  it('is what a commit without changes says: who, why and until when', async () => {
    const { made, claim } = claimed();
    const commit = hold(made, 'aws/env-1', claim);
    made.claim('aws', 'env-2');
    expect(await holdOf(made, 'aws', 'env-1')).toEqual({
      commit,
      by: 'Ada',
      reason: 'Bug 42',
      end: { kind: 'at', at: Date.parse(UNTIL) / 1000 },
      committedAt: expect.any(Number),
    });
    expect(await holdOf(made, 'aws', 'env-2')).toBeNull();
  });

  it('is the newest one', async () => {
    const { made, claim } = claimed();
    hold(made, 'aws/env-1', claim);
    hold(made, 'aws/env-1', claim, { until: 'now', by: 'Grace <grace@example.com>' });
    expect(await holdOf(made, 'aws', 'env-1')).toMatchObject({ by: 'Grace', end: { kind: 'now' } });
  });

  it('is found among commits of any size that only look like holds', async () => {
    const { made, claim } = claimed();
    const commit = hold(made, 'aws/env-1', claim);
    const text = 'x'.repeat(10_000_000);
    for (let many = 0; many < 7; many += 1)
      made.commitByHand(`big\n\n${text}\n\nHold: aws/env-1@${claim}\nHold-Until: now\n`, []);
    expect(await holdOf(made, 'aws', 'env-1')).toMatchObject({ commit });
  });

  it('does not go on to the next claim of the lock', async () => {
    const { made, claim } = claimed();
    hold(made, 'aws/env-1', claim);
    made.release('aws', 'env-1');
    made.claim('aws', 'env-1');
    expect(await holdOf(made, 'aws', 'env-1')).toBeNull();
  });

  it('is found when the lock has been in a pool of another name', async () => {
    const { made, claim } = claimed();
    hold(made, 'aws/env-1', claim);
    made.renamePool('aws', 'cloud');
    expect(await holdOf(made, 'cloud', 'env-1')).toMatchObject({ by: 'Ada' });
  });

  it('can be in the message of a claim by hand', async () => {
    const { made } = claimed();
    made.claim('aws', 'env-2', {
      message: `manually claiming: env-2 by Ada\n\nBug 43\n\nHold-Until: ${UNTIL}\n`,
      author: 'Ada <ada@example.com>',
    });
    expect(await holdOf(made, 'aws', 'env-2')).toMatchObject({ by: 'Ada', reason: 'Bug 43' });
  });

  it('is known to a later run that reads only what is new', async () => {
    const { made, claim } = claimed();
    const cache = temporaryFolder();
    expect(await holdOf(made, 'aws', 'env-1', cache)).toBeNull();
    const first = hold(made, 'aws/env-1', claim);
    expect(await holdOf(made, 'aws', 'env-1', cache)).toMatchObject({ commit: first });
    made.claim('aws', 'env-2');
    expect(await holdOf(made, 'aws', 'env-1', cache)).toMatchObject({ commit: first });
    const second = hold(made, 'aws/env-1', claim, { until: 'now' });
    expect(await holdOf(made, 'aws', 'env-1', cache)).toMatchObject({ commit: second });
  });

  it('is found in a history that is fetched in several steps', async () => {
    const { made, claim } = claimed();
    const commit = hold(made, 'aws/env-1', claim);
    made.commits(
      Array.from({ length: 700 }, (_, i) => ({ message: `${i}`, changes: [{ write: `note-${i}` }] })),
    );
    expect(await holdOf(made, 'aws', 'env-1')).toMatchObject({ commit });
  });

  it.each([
    ['names another lock', 'aws/env-2'],
    ['names a pool that is not there', 'gcp/env-1'],
    ['names nothing', ''],
    ['climbs', '../aws/env-1'],
  ])('is none where the commit %s', async (_why, path) => {
    const { made, claim } = claimed();
    hold(made, path, claim);
    expect(await holdOf(made, 'aws', 'env-1')).toBeNull();
  });

  it('names a lock with control characters as git quotes it', async () => {
    const { made } = claimed();
    made.addUnclaimed('aws', 'a\nHold: b');
    const claim = made.claim('aws', 'a\nHold: b');
    hold(made, '"aws/a\\nHold: b"', claim);
    expect(await holdOf(made, 'aws', 'a\nHold: b')).toMatchObject({ by: 'Ada' });
  });

  it('is found among a thousand others', async () => {
    const { made, claim } = claimed();
    const commit = hold(made, 'aws/env-1', claim);
    made.commits(
      Array.from({ length: 1_000 }, (_, i) => ({
        message: `holding\n\nHold: aws/env-${i}@${'f'.repeat(40)}\nHold-Until: 9999-99-99\n`,
        changes: [],
      })),
    );
    expect(await holdOf(made, 'aws', 'env-1')).toMatchObject({ commit });
  });
});
