// Who took a lock over, and who can still come to take it.
import { EVIDENCE, type Rule, VERDICT } from './rule.ts';

export const TAKER_RULES: readonly Rule[] = [
  {
    name: 'whoever took it and succeeded passes it on',
    where: ['without passed'],
    changes: [
      {
        file: `${EVIDENCE}/pipeline-evidence.ts`,
        from: 'const succeeded = [...takers, ...makers]',
        to: 'const succeeded = [...makers]',
      },
    ],
  },
  {
    name: 'a job that waits for another input can take it',
    where: ['other code'],
    changes: [{ file: `${EVIDENCE}/jobs-behind.ts`, from: "return 'undetermined';", to: 'return null;' }],
  },
  {
    name: 'with version: every an older version comes first',
    where: ['every version', 'several locks are handed on'],
    changes: [{ file: `${EVIDENCE}/jobs-behind.ts`, from: "return 'in-turn';", to: 'return null;' }],
  },
  {
    name: 'a paused job can take it',
    where: ['to a job that was paused before'],
    changes: [
      {
        file: `${EVIDENCE}/jobs-behind.ts`,
        from: "isPaused ? 'paused' : whyItWaits(shown)",
        to: 'whyItWaits(shown)',
      },
    ],
  },
  {
    name: 'plans tell who took what is out of sight',
    where: ['rotated'],
    changes: [
      {
        file: `${EVIDENCE}/pipeline-evidence.ts`,
        from: 'const takers = await takersByPlan(atc, query, pipeline);',
        to: 'const takers: Build[] = []; void takersByPlan;',
      },
      {
        file: `${EVIDENCE}/read-build.ts`,
        from: '!hasHiddenInput(job, inputs, mayBePoolNamed) && !(await wasSetSince())',
        to: '(!hasHiddenInput(job, inputs, mayBePoolNamed) || wasSetSince !== undefined)',
      },
    ],
  },
  {
    name: 'a waiting rerun of a taker keeps the lock',
    where: ['a build of a paused job is run again'],
    changes: [
      {
        file: `${EVIDENCE}/last-look.ts`,
        from: "(status === 'pending' && rerunOf !== null) || hasJustRun",
        to: 'hasJustRun',
      },
    ],
  },
  {
    name: 'a job behind a holder keeps the lock',
    changes: [
      {
        file: `${VERDICT}/holders.ts`,
        from: "if (next === null || policy.onSuccess !== 'handover') return false;",
        to: 'return false;',
      },
    ],
  },
  {
    name: 'a job that has had it counts while a build of it waits',
    where: ['waits in a job that is paused'],
    changes: [
      {
        file: `${EVIDENCE}/jobs-behind.ts`,
        from: "if (!builds.some(({ status }) => status === 'pending')) return NOBODY;",
        to: 'if (builds.length >= 0) return NOBODY;',
      },
    ],
  },
  {
    name: 'an archived pipeline waits for nothing',
    changes: [
      {
        file: `${EVIDENCE}/jobs-behind.ts`,
        from: 'if (state === null || state.archived) return NOBODY;',
        to: 'if (state === null) return NOBODY;',
      },
    ],
  },
  {
    name: 'takers are looked for where a pipeline was set again since the claim',
    where: ['is set with passed', 'without passed', 'nothing gives it back'],
    changes: [
      {
        file: `${EVIDENCE}/search-all-pipelines.ts`,
        from: 'pool.isTakenFreely || (await wasSetSince(pool, since))',
        to: 'pool.isTakenFreely',
      },
    ],
  },
];
