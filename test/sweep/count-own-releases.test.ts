// What counting wrong releases costs at Concourse, and where it stops.
import { expect, test } from '@jest/globals';
import { readHistory } from '../../src/core/history/lock-history.ts';
import type { Operation } from '../../src/core/history/lock-operation.ts';
import { countOwnReleases, MOST_ASKED } from '../../src/sweep/report/count-own-releases.ts';
import { acquired, askedOf, deploy, NOW, newCi, onStage, ref, took } from '../atc/scene.ts';
import { build, claim, releaseByPoolBoy } from '../core/history/make-operations.ts';

const HOUR = 3_600;
const EXTRA = 5;

/** Each claimed two hours ago by its own build, and released by Pool Boy one hour ago. */
function releases(many: number): { claims: Operation[]; operations: Operation[] } {
  const claims = Array.from({ length: many }, (_, i) =>
    claim(`aws/L${i}`, NOW - 2 * HOUR + i, build(`main/deploy/acquire #${i + 1}`)),
  );
  const operations = claims.flatMap((one, i) => [one, releaseByPoolBoy(`aws/L${i}`, NOW - HOUR + i)]);
  return { claims, operations };
}

test('the newest 200 are looked at, the others are counted as left out, and no request is made twice', async () => {
  const many = MOST_ASKED + EXTRA;
  const { claims, operations } = releases(many);
  const ci = newCi();
  const pipeline = deploy(ci);
  claims.forEach(({ commit }, i) => {
    // The oldest, which is left out, and one of the newest were alive after their release.
    const end = i === 0 || i === many - 1 ? NOW - 60 : NOW - 90 * 60;
    const outputs = [{ resource: 'locks', version: ref(commit) }];
    acquired(pipeline, 'failed', { name: String(i + 1), start: NOW - 3 * HOUR, end, outputs });
  });
  await onStage(ci, {}, async ({ atc, concourses }) => {
    const history = readHistory({ operations, standing: [], now: NOW });
    const period = { from: NOW - 24 * HOUR, until: NOW };
    const counted = await countOwnReleases({ concourses }, { history, operations, period });
    expect(counted.count).toBe(many);
    expect(counted.notAsked).toBe(EXTRA);
    expect(counted.cameBack.map(({ build: name, how, at }) => `${name} ${how} ${(at ?? 0) - NOW}`)).toEqual([
      `main/deploy/acquire #${many} ended -60`,
    ]);
    expect(new Set(askedOf(atc)).size).toBe(askedOf(atc).length);
    // Login, info, resources, jobs; then of each release its build, its outputs, the version, and who took it.
    expect(askedOf(atc).length).toBeLessThanOrEqual(4 + 4 * MOST_ASKED);
  });
});

test.each<[string, number, readonly string[]]>([
  ['a build that took the lock over and ended after the release', -10 * 60, ['main/deploy/use #1 ended']],
  ['a build that took the lock over and ended before', -70 * 60, []],
])('%s', async (_, end, wanted) => {
  const { claims, operations } = releases(1);
  const ci = newCi();
  const pipeline = deploy(ci);
  const version = { resource: 'locks', version: ref(claims[0]?.commit ?? '') };
  acquired(pipeline, 'succeeded', { start: NOW - 3 * HOUR, end: NOW - 110 * 60, outputs: [version] });
  took(pipeline, 'use', 'failed', { start: NOW - 100 * 60, end: NOW + end, inputs: [version] });
  await onStage(ci, {}, async ({ concourses }) => {
    const history = readHistory({ operations, standing: [], now: NOW });
    const period = { from: NOW - 24 * HOUR, until: NOW };
    const { cameBack } = await countOwnReleases({ concourses }, { history, operations, period });
    expect(cameBack.map(({ build: name, how }) => `${name} ${how}`)).toEqual(wanted);
  });
});

test('a build that somebody ran again later took nothing that was needed', async () => {
  const { claims, operations } = releases(1);
  const ci = newCi();
  const pipeline = deploy(ci);
  const version = { resource: 'locks', version: ref(claims[0]?.commit ?? '') };
  acquired(pipeline, 'succeeded', { start: NOW - 3 * HOUR, end: NOW - 110 * 60, outputs: [version] });
  const first = took(pipeline, 'use', 'failed', {
    start: NOW - 100 * 60,
    end: NOW - 70 * 60,
    inputs: [version],
  });
  took(pipeline, 'use', 'failed', {
    rerunOf: first,
    start: NOW - 20 * 60,
    end: NOW - 10 * 60,
    inputs: [version],
  });
  await onStage(ci, {}, async ({ concourses }) => {
    const history = readHistory({ operations, standing: [], now: NOW });
    const period = { from: NOW - 24 * HOUR, until: NOW };
    const { cameBack } = await countOwnReleases({ concourses }, { history, operations, period });
    expect(cameBack).toEqual([]);
  });
});
