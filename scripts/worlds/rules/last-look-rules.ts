// What is read before a lock is taken, and what a lock need not wait for.
import { EVIDENCE, type Rule } from './rule.ts';

export const LAST_LOOK_RULES: readonly Rule[] = [
  {
    name: 'the last look sees who has just ended',
    where: ['bystander'],
    changes: [
      {
        file: `${EVIDENCE}/last-look.ts`,
        from: "(status === 'pending' && rerunOf !== null) || hasJustRun",
        to: "(status === 'pending' && rerunOf !== null)",
      },
    ],
  },
  {
    name: 'what runs is read whatever its job names now',
    where: ['set without its pool'],
    changes: [
      {
        file: `${EVIDENCE}/last-look.ts`,
        from: '(build) => isAtWork(build) && !isOurs(build),',
        to: '(build) => { const job = jobOf(build); return isAtWork(build) && !isOurs(build) && (job === null || canTouchPool(job)); },',
      },
      {
        file: `${EVIDENCE}/takers-by-plan.ts`,
        from: 'const atWork = builds.filter((build) => mayBeAtWork(build, query));',
        to: 'const atWork = builds.filter((build) => mayBeAtWork(build, query) && mayHaveTaken(build, query, jobs, pools));',
      },
    ],
  },
  {
    name: 'plans tell what a build took whose job was set again',
    where: ['set without its pool', 'rotated'],
    changes: [
      {
        file: `${EVIDENCE}/last-look.ts`,
        from: 'wasSetSince: () => wasSetSince(build, build.startedAt),',
        to: 'wasSetSince: async () => false,',
      },
    ],
  },
  {
    name: 'a number or vars that Concourse refuses count for that claim only',
    where: ['nonsense'],
    changes: [
      {
        file: 'src/atc/http/atc-session.ts',
        from: "if (isNamedByMessage && reply.status === 400 && reply.sender.kind === 'atc') return { kind: 'missing' };",
        to: '',
      },
    ],
  },
  {
    name: "one job's next inputs may fail",
    where: ['of a paused job is renamed'],
    changes: [
      {
        file: 'src/atc/http/atc-session.ts',
        from: "if (isFailureOf(kind, error)) return { kind: 'failing' };",
        to: 'void isFailureOf;',
      },
    ],
  },
  {
    name: 'checks hold nothing',
    where: ['checks now', '"roles":["main"]', '"team":"other"', '"public":true'],
    changes: [
      {
        file: 'src/atc/api/build-lists.ts',
        from: 'return builds.filter(({ isCheck }) => !isCheck);',
        to: 'return builds;',
      },
    ],
  },
  {
    name: 'the list of all builds is read to the end',
    where: ['is run by hand, and many'],
    changes: [
      {
        file: 'src/atc/api/build-lists.ts',
        from: 'if (builds.length < PAGE) return { builds: withoutChecks(found), completeFrom: 0 };',
        to: 'return { builds: withoutChecks(found), completeFrom: 0 };',
      },
    ],
  },
  {
    name: "the list of a job's builds is read to the end",
    where: ['hangs for days'],
    changes: [
      { file: 'src/atc/api/build-lists.ts', from: 'if (last <= from) break;', to: 'if (last > 0) break;' },
    ],
  },
  {
    name: 'a last look comes before each release',
    where: ['run by hand'],
    changes: [
      {
        file: `${EVIDENCE}/last-look.ts`,
        from: 'return { builds, pools: takenPools(resources, jobs), wasSetSince };',
        to: 'return { builds: builds.slice(0, 0), pools: takenPools(resources, jobs), wasSetSince };',
      },
    ],
  },
];
