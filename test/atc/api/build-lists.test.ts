// Lists of builds are long: what lies on their later pages, between two pages, and beyond the last one that is read.
import { describe } from '@jest/globals';
import type { Ci, Pipeline } from '../../fake-atc/types.ts';
import { acquired, CLAIM, deploy, ref, scenario, took } from '../scene.ts';

const SHORT = { staleAfter: 300 };
const BY_HAND = { message: 'manually claim L' };

/** A pipeline that touches no pool, with this many builds of the last ten minutes. */
function busy(ci: Ci, count: number, p: Pipeline = ci.pipeline('main', 'busy')): void {
  p.addJob({ name: 'busy' });
  const times = { status: 'succeeded', start: ci.at(-10), end: ci.at(-9) } as const;
  for (let i = 0; i < count; i += 1) p.build('busy', times);
}

/** A build that took the claim over, whose job was removed, with so many builds after it. */
function hidden(ci: Ci, count: number): void {
  const p = deploy(ci);
  took(p, 'use', 'started');
  p.removeJob('use');
  p.rotateCredentials('locks');
  busy(ci, count);
}

/** A build of a job that hangs, and so many builds of the job since. */
function hungBefore(ci: Ci, count: number): Pipeline {
  const p = ci.pipeline('main', 'other', {
    resources: ['locks'],
    jobs: [{ name: 'work', inputs: ['locks'] }],
  });
  p.build('work', { status: 'started', start: ci.at(-30) });
  for (let i = 0; i < count; i += 1) p.build('work', { status: 'succeeded' });
  return p;
}

const cutAt = (pages: number) => ({ tools: { bounds: { pages } } });

describe('long lists of builds', () => {
  scenario('a taker on the last page that is read', {
    policy: SHORT,
    claim: BY_HAND,
    ...cutAt(2),
    given: (ci) => hidden(ci, 1990),
    want: 'live handed-on',
  });
  scenario('what lies beyond the last page that is read is not known, so the lock is left alone', {
    policy: SHORT,
    claim: BY_HAND,
    ...cutAt(2),
    given: (ci) => hidden(ci, 2000),
    want: 'undecided concourse-unreachable',
    detail:
      'URL lists more builds since the claim was made than can be read (2000 were), so who has the lock is not known.',
  });
  scenario('a rerun of a removed job whose original is on a later page', {
    policy: SHORT,
    claim: BY_HAND,
    given: (ci) => {
      const p = deploy(ci);
      const original = took(p, 'use', 'failed', { inputs: [] });
      busy(ci, 1100);
      took(p, 'use', 'started', { rerunOf: original });
      p.removeJob('use');
    },
    want: 'live handed-on',
  });
  scenario('a rerun between the pages, of a build that is older than all that is read', {
    policy: SHORT,
    claim: BY_HAND,
    given: (ci) => {
      const p = deploy(ci);
      const original = took(p, 'use', 'failed', { inputs: [], start: ci.at(-90_000), end: ci.at(-89_000) });
      for (let i = 0; i < 1000; i += 1)
        p.build('free', { status: 'succeeded', start: ci.at(-80_000), end: ci.at(-79_000) });
      busy(ci, 500, p);
      took(p, 'use', 'started', { rerunOf: original });
      for (let i = 0; i < 600; i += 1) p.build('busy', { status: 'succeeded' });
    },
    want: 'live handed-on',
  });
  scenario('more reruns across one cut than can be read', {
    policy: SHORT,
    claim: BY_HAND,
    given: (ci) => {
      const p = ci.pipeline('main', 'other', { jobs: [{ name: 'work' }] });
      const original = p.build('work', { status: 'failed' });
      busy(ci, 1000);
      for (let i = 0; i < 250; i += 1) p.build('work', { status: 'failed', rerunOf: original });
    },
    want: 'undecided concourse-unreachable',
  });
  scenario('the claimant, of a job that was removed, on a later page of its pipeline', {
    policy: SHORT,
    given: (ci) => {
      const p = deploy(ci);
      acquired(p, 'started', { outputs: [] });
      busy(ci, 1500, p);
      p.removeJob('acquire');
    },
    want: 'live build-running',
  });
  scenario('the claimant, of a job that was removed, beyond the last page that is read', {
    policy: SHORT,
    ...cutAt(1),
    given: (ci) => {
      const p = deploy(ci);
      acquired(p, 'started', { outputs: [] });
      busy(ci, 1500, p);
      p.removeJob('acquire');
    },
    want: 'undecided concourse-unreachable',
  });
  scenario('a living build of a job with more builds behind it than one page shows', {
    policy: SHORT,
    claim: BY_HAND,
    given: (ci) => hungBefore(ci, 2100),
    want: 'stale timed-out',
  });
  scenario('the newest build of a job that has the claim, with a hung one 2,100 builds before it', {
    policy: SHORT,
    claim: BY_HAND,
    given: (ci) => {
      const p = hungBefore(ci, 2100);
      p.build('work', { inputs: [{ resource: 'locks', version: ref(CLAIM) }] });
      p.rotateCredentials('locks');
    },
    want: 'live handed-on',
  });
  scenario('a living build of a job with more builds behind it than can be read', {
    policy: SHORT,
    claim: BY_HAND,
    ...cutAt(2),
    given: (ci) => hungBefore(ci, 2100),
    want: 'undecided concourse-unreachable',
    detail:
      'URL lists more builds since the claim was made than can be read (2000 were), so who has the lock is not known.',
  });
});
