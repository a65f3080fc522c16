// Which builds count as the claimant, before the last look could hide what the search has missed.
import { expect, test } from '@jest/globals';
import type { FoundBuild } from '../../../src/core/verdict/evidence.ts';
import { candidatesOf } from '../../../src/core/verdict/rank-claimants.ts';
import type { Ci } from '../../fake-atc/types.ts';
import {
  acquired,
  byUrl,
  CLAIM,
  deploy,
  type LockOptions,
  lock,
  NOW,
  newCi,
  onStage,
  ref,
} from '../scene.ts';

const JOBS = [
  { name: 'acquire', outputs: ['locks'] },
  { name: 'other', outputs: ['locks'] },
];
const MADE = { outputs: [{ resource: 'locks', version: ref(CLAIM) }] };
const ENDED = { status: 'failed', start: NOW - 2400, end: NOW - 1200 } as const;
const short = ({ build, foundBy }: FoundBuild) => `${build.job} #${build.name} ${build.status} by ${foundBy}`;

test.each<[string, (ci: Ci) => unknown, LockOptions, readonly string[]]>([
  [
    'of those that made the claim, one that ended counts under its own number only',
    (ci) => deploy(ci, { jobs: JOBS }).build('other', { name: '7', ...ENDED, ...MADE }),
    {},
    [],
  ],
  [
    'of those that made the claim, one that ended under its own number, in a renamed job',
    (ci) => {
      const p = deploy(ci);
      acquired(p, 'failed');
      p.renameJob('acquire', 'get-lock');
    },
    {},
    ['get-lock #1 failed by output'],
  ],
  [
    'of those that made the claim, one that lives, whatever its number',
    (ci) => deploy(ci, { jobs: JOBS }).build('other', { name: '7', ...MADE }),
    {},
    ['other #7 started by output'],
  ],
  [
    'one that made the claim in another instance, under another job',
    (ci) => {
      const p = deploy(ci, { instanceVars: { branch: 'a' } });
      acquired(p, 'failed');
      p.renameJob('acquire', 'get-lock');
    },
    {},
    ['get-lock #1 failed by output'],
  ],
  [
    'one that lives under its number in a job that was renamed, none that has ended in another job',
    (ci) => {
      const p = deploy(ci, { jobs: [...JOBS, { name: 'third' }] });
      acquired(p, 'started', { outputs: [] });
      p.build('other', { name: '1', ...ENDED });
      p.renameJob('acquire', 'get-lock');
    },
    byUrl(),
    ['get-lock #1 started by pipeline'],
  ],
  [
    'not one that was aborted before it began',
    (ci) => {
      const p = deploy(ci, { jobs: JOBS });
      acquired(p, 'aborted', { start: null, outputs: [] });
      p.build('other', { name: '7', ...MADE });
    },
    {},
    ['other #7 started by output'],
  ],
  [
    'one that began after the claim by a clock that lags, where the claim is its output: nothing is searched for',
    (ci) => acquired(deploy(ci), 'failed'),
    { at: -50 },
    ['acquire #1 failed by name'],
  ],
  [
    'each of several instances, as long as none is proven',
    (ci) => {
      acquired(deploy(ci, { instanceVars: { branch: 'a' } }), 'failed', { outputs: [], end: ci.at(-25) });
      acquired(deploy(ci, { instanceVars: { branch: 'b' } }), 'aborted', { outputs: [] });
    },
    {},
    ['acquire #1 failed by instance', 'acquire #1 aborted by instance'],
  ],
  [
    'the one of several instances that is proven',
    (ci) => {
      acquired(deploy(ci, { instanceVars: { branch: 'a' } }), 'failed', { outputs: [] });
      acquired(deploy(ci, { instanceVars: { branch: 'b' } }), 'aborted');
    },
    {},
    ['acquire #1 aborted by instance'],
  ],
])('%s', async (_name, given, claim, want) => {
  const ci = newCi();
  given(ci);
  await onStage(ci, {}, async ({ concourses }) => {
    await concourses.begin();
    const evidence = await concourses.evidenceFor({
      lock: lock(claim),
      depth: 'holders',
      previous: { kind: 'not-asked' },
      wantsNext: true,
      limitsWaiting: false,
      grace: 120,
      errorGrace: 900,
    });
    const found = evidence.kind === 'asked' ? candidatesOf(evidence.claimant) : [];
    expect(found.map(short)).toEqual(want);
  });
});
