// Answers that concern one claim only: whatever they say, the other locks are judged.
import { describe, expect, test } from '@jest/globals';
import { mergePolicy } from '../../../src/core/policy.ts';
import { judgeClaim } from '../../../src/sweep/survey/judge-claim.ts';
import { acquired, byUrl, CLAIM, deploy, lock, NOW, newCi, OTHER_CLAIM, onStage, ref } from '../scene.ts';

const PIPELINE = 'https://ci.example.com/teams/main/pipelines/deploy';

describe('a claim whose message names what cannot be', () => {
  test.each([
    ['a build number beyond int64', `${PIPELINE}/jobs/acquire/builds/99999999999999999999`, /9{20}/],
    ['vars that are no JSON', `${PIPELINE}/jobs/acquire/builds/1?vars.branch={`, /vars\.branch=/],
  ])('%s is answered 400, and only a timeout decides about its lock', async (_name, url, pattern) => {
    const ci = newCi();
    acquired(deploy(ci), 'failed');
    await onStage(ci, {}, async ({ atc, concourses }) => {
      atc.answer(pattern, { kind: 'status', status: 400 });
      await concourses.begin();
      const judge = async (message: string | undefined, commit: string) => {
        const claimed = lock({ commit, ...(message === undefined ? {} : { message }) });
        return (await judgeClaim(concourses, claimed, mergePolicy({ staleAfter: 3600 }), NOW)).verdict.reason;
      };
      const garbled = judge(byUrl(url).message, OTHER_CLAIM);
      expect(await Promise.all([garbled, judge(undefined, CLAIM)])).toEqual([
        'within-timeout',
        'build-ended',
      ]);
      expect(atc.lines(pattern).length).toBeGreaterThan(0);
    });
  });
});

describe('next inputs that the ATC cannot tell (500)', () => {
  const twoLocks = () => {
    const ci = newCi();
    const p = deploy(ci);
    acquired(p, 'succeeded');
    acquired(p, 'failed', { name: '2', outputs: [{ resource: 'locks', version: ref(OTHER_CLAIM) }] });
    return ci;
  };
  const locks = [
    lock(),
    lock({ commit: OTHER_CLAIM, message: 'main/deploy/acquire build 2 claiming: L' }),
  ] as const;

  test('leave this lock alone, and the others are judged', async () => {
    await onStage(twoLocks(), {}, async ({ atc, concourses }) => {
      atc.answer('/jobs/use/inputs', { kind: 'status', status: 500 });
      await concourses.begin();
      const judged = await Promise.all(
        locks.map((claimed) => judgeClaim(concourses, claimed, mergePolicy({ staleAfter: 1 }), NOW)),
      );
      expect(judged.map(({ verdict }) => verdict.reason)).toEqual(['concourse-unreachable', 'build-ended']);
      expect(atc.lines('/jobs/use/inputs')).toHaveLength(3);
    });
  });

  test('that it can tell a moment later count', async () => {
    await onStage(twoLocks(), {}, async ({ atc, concourses }) => {
      atc.answer('/jobs/use/inputs', { kind: 'status', status: 500 }, { times: 2 });
      await concourses.begin();
      const { verdict } = await judgeClaim(concourses, locks[0], mergePolicy({ staleAfter: 1 }), NOW);
      expect(verdict.reason).not.toBe('concourse-unreachable');
    });
  });

  test('a 500 of somebody else fails the run', async () => {
    await onStage(twoLocks(), {}, async ({ atc, concourses }) => {
      atc.answer('/jobs/use/inputs', { kind: 'proxy', status: 500 });
      await concourses.begin();
      await expect(judgeClaim(concourses, locks[0], mergePolicy({}), NOW)).rejects.toThrow('not Concourse');
    });
  });
});
