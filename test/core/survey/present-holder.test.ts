import { expect, test } from '@jest/globals';
import { labelHolder } from '../../../src/core/survey/present-holder.ts';
import type { Evidence } from '../../../src/core/verdict/evidence.ts';
import {
  ANN,
  asked,
  build,
  claimBy,
  found,
  JOB,
  LOST,
  minutesAgo,
  NO_CONCOURSE,
  NOT_KNOWN,
  running,
  taker,
} from '../verdict/cases.ts';

const CLAIMANT = 'main/deploy/test #2';
const ended = (minutes: number) => ({ status: 'failed', endedAt: minutesAgo(minutes) }) as const;

test.each<[string, Evidence, string]>([
  ['nobody was asked', NO_CONCOURSE, CLAIMANT],
  ['the claimant is not known', asked(NOT_KNOWN), CLAIMANT],
  ['the claimant runs', asked(found(running())), CLAIMANT],
  ['the claimant has ended', asked(found(build())), CLAIMANT],
  [
    'a job took it over',
    asked(found(build()), { takers: [taker()] }),
    `main/deploy/use #9, claimed by ${CLAIMANT}`,
  ],
  [
    'the claimant still runs beside a job that has it',
    asked(found(running()), { takers: [taker()] }),
    CLAIMANT,
  ],
  [
    'two jobs have it at once',
    asked(found(build()), {
      takers: [
        taker({ id: 51, startedAt: minutesAgo(5), name: '10' }),
        taker(),
        taker({ id: 3, ...ended(1) }),
      ],
    }),
    `main/deploy/use #10 and 1 more, claimed by ${CLAIMANT}`,
  ],
  [
    'everyone has ended: the one that had it last',
    asked(found(build()), { takers: [taker({ id: 51, name: '10', ...ended(9) }), taker(ended(4))] }),
    `main/deploy/use #9, claimed by ${CLAIMANT}`,
  ],
  [
    'a rerun waits for it: that one does not have it yet',
    asked(found(build()), { takers: [taker({ status: 'pending', startedAt: null })] }),
    CLAIMANT,
  ],
])('%s', (_what, evidence, holder) => {
  expect(labelHolder(claimBy(JOB), evidence)).toBe(holder);
});

test('a claim by hand says so, also where it was handed on', () => {
  expect(labelHolder(claimBy(ANN), NO_CONCOURSE)).toBe('Ann (by hand)');
  expect(labelHolder(claimBy(ANN), asked(NOT_KNOWN, { takers: [taker()] }))).toBe(
    'main/deploy/use #9, claimed by Ann (by hand)',
  );
  expect(labelHolder(claimBy(LOST), NO_CONCOURSE)).toBe('an unknown holder');
});
