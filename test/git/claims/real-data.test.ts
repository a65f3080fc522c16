import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Owner } from '../../../src/core/claim-owner.ts';
import { cloneRealHistory, hasRealHistory } from '../../steps/real-history.ts';
import { open } from '../open.ts';

(hasRealHistory ? describe : describe.skip)('a real lock repository', () => {
  let real: { folder: string; repository: string };

  beforeAll(() => {
    real = cloneRealHistory();
  });

  afterAll(() => rmSync(real.folder, { recursive: true, force: true }));

  it.each<[string, number, Partial<Record<Owner['kind'], number>>]>([
    ['main', 71, {}],
    ['busy', 49, { job: 41 }],
    ['star', 71, { job: 7 }],
    ['revert', 71, { job: 3, person: 1 }],
    ['reapply', 71, { job: 1, person: 1 }],
    ['build-url', 71, { job: 1 }],
    ['nested', 8, { job: 4 }],
  ])('has on branch %s %i pools, with claims of %j', async (branch, pools, owners) => {
    const repository = await open({ uri: real.repository, branch });
    const head = await repository.fetch();
    const found = await repository.poolsAt(head);
    const locks = found.flatMap(({ name, claimed }) =>
      (claimed ?? []).map((lock) => ({ pool: name, name: lock })),
    );
    const kinds: Record<string, number> = {};
    for (const { owner } of await repository.claimsAt(head, locks)) {
      kinds[owner.kind] = (kinds[owner.kind] ?? 0) + 1;
    }
    expect(found).toHaveLength(pools);
    expect(kinds).toEqual(owners);
  });
});
