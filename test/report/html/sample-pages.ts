// Pages to look at and to test: one with hundreds of locks, one whose every text comes from an enemy.
import { createHash } from 'node:crypto';
import { readHistory } from '../../../src/core/history/lock-history.ts';
import type { Operation } from '../../../src/core/history/lock-operation.ts';
import { htmlReport } from '../../../src/report/html/report-page.ts';
import type { Timeline } from '../../../src/report/html/timeline.ts';
import type { ClaimedReport, LockReport, Report } from '../../../src/report/model.ts';
import { build, claim, PERSON, release, releaseByPoolBoy } from '../../core/history/make-operations.ts';
import {
  claimedLock,
  freeLock,
  holder,
  jobOwner,
  NOW,
  personOwner,
  poolOf,
  reportOf,
} from '../make-reports.ts';

const [MINUTE, HOUR, DAY] = [60, 3_600, 86_400];

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

export function page(report: Report, timeline: Timeline | null = null): string {
  return htmlReport(report, { timeline, sha256 });
}

export function timelineOf(operations: readonly Operation[], days = 7): Timeline {
  return {
    period: { from: NOW - days * DAY, until: NOW },
    history: readHistory({ now: NOW, operations, standing: [] }),
  };
}

/** Pools as a busy installation has them: some trouble, a big pool, quiet ones. */
export function busyPage(many = 240): string {
  const big = Array.from({ length: many }, (_, i) => `env-${String(i + 1).padStart(3, '0')}`);
  const operations = [
    ...big.flatMap((name, i) => usesOf(`environments/${name}`, i)),
    ...['small-1', 'small-2', 'small-3'].flatMap((name, i) => usesOf(`aws/small/${name}`, 300 + 7 * i)),
    claim('vsphere/nested', NOW - 3 * DAY - 5 * HOUR, build('main/bosh/nested-esxi #918')),
  ];
  const environments = big.map((name, i) => lockOf(name, i));
  return page(
    reportOf(
      [
        poolOf('quiet/with-nothing-claimed', [freeLock('one'), freeLock('two')]),
        poolOf('environments', environments, 10_800),
        poolOf('aws/small', [
          freeLock('small-1'),
          freeLock('small-2'),
          claimedLock('small-3', {
            ...running(2_400),
            handed_to: { id: 77, name: 'main/deploy/use #4' },
            hold: {
              until: '2026-11-26T12:00:00Z',
              by: 'Ann',
              reason: 'I look at the <b>environment</b>.',
              commit: 'b'.repeat(40),
            },
          }),
        ]),
        poolOf(
          'vsphere',
          [
            claimedLock('nested', {
              held_seconds: 3 * DAY + 5 * HOUR,
              owner: jobOwner('main/bosh/nested-esxi #918'),
              verdict: 'stale',
              reason: 'build-ended',
              detail:
                'main/bosh/nested-esxi #918 failed 3 days ago (2026-11-21 07:41 UTC) and still holds the lock, claimed 3 days 5 hours ago (2026-11-21 07:00 UTC).',
              holders: [holder({ pipeline: 'bosh', job: 'nested-esxi', name: '918' })],
            }),
            claimedLock('bare-metal', {
              held_seconds: 9 * DAY,
              owner: personOwner,
              claim: {
                commit: 'ab'.repeat(20),
                message: 'manually claim bare-metal on esx-7\n',
                author: 'Ann Lee',
              },
              verdict: 'undecided',
              reason: 'no-timeout',
              detail:
                'Claimed by hand by Ann Lee, claimed 9 days ago (2026-11-15 12:00 UTC); only a timeout could decide, and none is set (stale_after).',
            }),
          ],
          null,
        ),
        poolOf('empty-pool', []),
      ],
      {
        warnings: ['aws/small/small-3 has been held for 2 days.'],
        released: [
          {
            pool: 'aws/small',
            lock: 'small-1',
            commit: 'cafe0123456789abcdef0123456789abcdef0123',
            claim: 'd'.repeat(40),
            reason: 'timed-out',
            held_seconds: 2 * DAY + HOUR,
            to: 'aws/cleaning',
          },
        ],
      },
    ),
    timelineOf(operations),
  );
}

/** One lock's week: holds and gaps whose lengths depend on its number alone. */
function usesOf(path: string, seed: number): Operation[] {
  const operations: Operation[] = [];
  let at = NOW - 7 * DAY - (seed % 17) * HOUR;
  for (let i = 1; at < NOW; i++) {
    const mixed = (seed * 7_919 + i * 104_729) % 1_009;
    const owner = build(`main/deploy-${seed % 5}/${mixed % 3 === 0 ? 'upgrade' : 'test'} #${100 + i}`);
    const end = at + (mixed % 11 === 0 ? 20 * HOUR : 10 * MINUTE + mixed * 20);
    operations.push(claim(path, at, owner));
    if (end < NOW) {
      const leaked = mixed % 31 === 0;
      const byPerson = mixed % 29 === 0;
      operations.push(leaked ? releaseByPoolBoy(path, end) : release(path, end, byPerson ? PERSON : owner));
    }
    at = end + ((mixed * 37) % 30) * HOUR;
  }
  return operations;
}

function lockOf(name: string, i: number): LockReport {
  if (i % 3 === 0) return freeLock(name);
  if (i === 10) {
    return claimedLock(name, {
      held_seconds: 4 * HOUR,
      owner: jobOwner(
        'main/deploy-0/test #77',
        'https://ci.example/teams/main/pipelines/deploy-0/jobs/test/builds/77',
      ),
      verdict: 'stale',
      reason: 'timed-out',
      detail: 'main/deploy-0/test #77 is not known; the timeout of 3 hours has passed.',
    });
  }
  return claimedLock(name, running(MINUTE * (5 + ((i * 53) % 170))));
}

function running(held: number, pipeline = 'deploy'): Partial<ClaimedReport> {
  const url = `https://ci.example.com/teams/main/pipelines/${pipeline.replace('/', '-')}/jobs/test/builds/2`;
  return {
    held_seconds: held,
    owner: jobOwner(`main/${pipeline.replace('/', '-')}/test #2`, url),
    holders: [holder({ status: 'started', ended_at: null })],
  };
}

/** What an enemy would call a lock. */
export const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style><script>alert(1)</script>',
  '</title></script><svg onload=alert(1)>',
  '<!--',
  ']]>&lt;&amp;&#x3c;',
  '\u202egnp.exe\u202c',
  'שלום עולם',
  'new\nline\x00\x1b[31m',
  '\ud800 lone',
  'x'.repeat(300),
  'javascript:alert(1)',
  '{{7*7}} $`{7*7} %3Cscript%3E',
] as const;

/** Every text of it is hostile; the links too. */
export function hostilePage(): string {
  const locks = HOSTILE.map((text, i) =>
    claimedLock(text.toWellFormed(), {
      held_seconds: DAY - i,
      owner: {
        ...jobOwner('a/b/c #1'),
        team: text,
        pipeline: text,
        job: text,
        url: `javascript:alert("${text}")`,
      },
      claim: { commit: text, message: `${text} claiming: x`, author: text },
      holders: [holder({ pipeline: text, job: text, name: text })],
      verdict: i % 2 === 0 ? 'stale' : 'undecided',
      detail: `${text} failed.`,
    }),
  );
  const operations = HOSTILE.flatMap((text, i) => [
    {
      ...claim('p/x', NOW - 2 * DAY + i * HOUR, {
        ...build('a/b/c #1'),
        job: text,
        url: 'javascript:alert(1)',
      } as never),
      pool: HOSTILE[0],
      lock: text,
    },
    { ...release('p/x', NOW - 2 * DAY + (i + 9) * HOUR, PERSON), author: text, pool: HOSTILE[0], lock: text },
  ]);
  return page(
    reportOf(
      [
        poolOf(HOSTILE[0], locks),
        ...HOSTILE.slice(1).map((text) => poolOf(text.toWellFormed(), [freeLock(text.toWellFormed())])),
      ],
      {
        repository: { uri: HOSTILE[1], branch: HOSTILE[2], ref: HOSTILE[3] },
        concourse: [{ url: 'javascript:alert(1)', version: HOSTILE[0] }],
        warnings: [...HOSTILE],
        released: HOSTILE.map((text) => ({
          pool: text,
          lock: text,
          commit: text,
          claim: text,
          reason: text,
          held_seconds: 1,
          to: null,
        })),
      },
    ),
    timelineOf(operations),
  );
}

/** Nothing claimed, nothing to say. */
export function calmPage(): string {
  return page(reportOf([poolOf('aws', [freeLock('a'), freeLock('b')])]), timelineOf([]));
}

/** 200 pools of 25 locks, all of them claimed, each with a few holds a day: as large as installations get. */
export function hugePage(): string {
  const names = Array.from({ length: 25 }, (_, i) => `env-${String(i + 1).padStart(2, '0')}`);
  const pools = Array.from(
    { length: 200 },
    (_, p) => `region-${p % 8}/pool-${String(p + 1).padStart(3, '0')}`,
  );
  const operations = pools.flatMap((pool, p) =>
    names.flatMap((lock, i) => usesOf(`${pool}/${lock}`, 25 * p + i)),
  );
  const locks = (pool: string) =>
    names.map((name, i) => claimedLock(name, running(MINUTE * (5 + ((i * 53) % 170)), pool)));
  return page(reportOf(pools.map((pool) => poolOf(pool, locks(pool)))), timelineOf(operations, 3));
}
