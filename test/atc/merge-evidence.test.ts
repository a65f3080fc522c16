import { expect, test } from '@jest/globals';
import { mergeAsked } from '../../src/atc/merge-evidence.ts';
import {
  asked,
  build,
  found,
  minutesAgo,
  NEXT,
  NOT_KNOWN,
  proven,
  reasonFor,
  running,
  taker,
} from '../core/verdict/cases.ts';

const SUCCEEDED = build({ status: 'succeeded' });
const SILENT = { kind: 'unreachable', problem: 'https://ci-b.example.com answers 502.' } as const;
const answered = (value: ReturnType<typeof asked>) => ({ kind: 'answered', value }) as const;

test('one that is silent leaves the lock undecided, unless another one shows who has it', () => {
  expect(mergeAsked([answered(asked(proven(SUCCEEDED))), SILENT], minutesAgo(30))).toEqual(SILENT);
  const evidence = mergeAsked([answered(asked(proven(running()))), SILENT], minutesAgo(30));
  expect(reasonFor({ evidence })).toBe('build-running');
});

test('where a job waits on one of them, the silent one still counts once that job may not wait any longer', () => {
  const waits = answered(asked(proven(SUCCEEDED), { next: [NEXT] }));
  const evidence = mergeAsked([waits, SILENT], minutesAgo(30));
  expect(reasonFor({ evidence })).toBe('handed-on');
  expect(reasonFor({ evidence, policy: { handoverTimeout: 1, staleAfter: 1 } })).toBe(
    'concourse-unreachable',
  );
});

test('a build that both name counts once, and an output on one of them settles who claimed', () => {
  const one = asked(proven(SUCCEEDED), { takers: [taker()] });
  const evidence = mergeAsked(
    [answered(one), answered(asked(NOT_KNOWN, { takers: [taker()] }))],
    minutesAgo(30),
  );
  expect(evidence).toMatchObject({ takers: [taker()], claimant: { kind: 'found', others: [] } });
});

test('a URL that one of them doubts proves nothing', () => {
  const failed = build({ status: 'failed' });
  const sure = answered(asked(found(failed, { namedByUrl: true })));
  const inDoubt = answered(asked(found(failed)));
  const judged = (...answers: (typeof sure)[]) =>
    reasonFor({ evidence: mergeAsked(answers, minutesAgo(30)), policy: { staleAfter: 60 } });
  expect(judged(sure, sure)).toBe('build-ended');
  expect(judged(sure, inDoubt)).toBe('timed-out');
});
