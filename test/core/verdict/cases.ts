import type { Build } from '../../../src/core/build.ts';
import type { Owner } from '../../../src/core/claim-owner.ts';
import type { Claim } from '../../../src/core/lock.ts';
import { DEFAULT_POLICY, type Policy } from '../../../src/core/policy.ts';
import type { Asked, Claimant, Evidence, FoundBuild, NextJob } from '../../../src/core/verdict/evidence.ts';
import { type Case, judge } from '../../../src/core/verdict/judge.ts';
import type { Verdict } from '../../../src/core/verdict/reasons.ts';

/** 2026-03-04 14:07:00 UTC: the moment at which every case is judged. */
export const NOW = 1_772_633_220;
export const MINUTE = 60;
export const HOUR = 3_600;

export function minutesAgo(minutes: number): number {
  return NOW - minutes * MINUTE;
}

export function claimBy(owner: Owner, rest: Partial<Claim> = {}): Claim {
  return {
    commit: 'c'.repeat(40),
    message: 'claiming: a1',
    author: 'Ann',
    owner,
    bornClaimed: false,
    committedAt: minutesAgo(30),
    parentCommittedAt: minutesAgo(600),
    restores: null,
    isRoot: false,
    hold: null,
    ...rest,
  };
}

export const JOB: Owner = {
  kind: 'job',
  team: 'main',
  pipeline: 'deploy',
  instanceVars: null,
  varsQuery: null,
  job: 'test',
  build: '2',
  url: null,
};
export const ANN: Owner = { kind: 'person' };
export const LOST: Owner = { kind: 'unknown', url: null };

/** Build #2 of `main/deploy/test`, which ran from half an hour ago until ten minutes ago. */
export function build(rest: Partial<Build> = {}): Build {
  return {
    id: 41,
    name: '2',
    status: 'failed',
    team: 'main',
    pipeline: 'deploy',
    instanceVars: null,
    job: 'test',
    startedAt: minutesAgo(31),
    endedAt: minutesAgo(10),
    rerunOf: null,
    ...rest,
  };
}

export function running(rest: Partial<Build> = {}): Build {
  return build({ status: 'started', endedAt: null, ...rest });
}

/** A build of the job behind the claimant's. */
export function taker(rest: Partial<Build> = {}): Build {
  return running({ id: 50, job: 'use', name: '9', startedAt: minutesAgo(20), ...rest });
}

/** The claimant, found under its name; nothing but the name ties it to the claim. */
export function found(
  claimant: Build,
  rest: Partial<FoundBuild> = {},
  others: readonly FoundBuild[] = [],
): Claimant & { kind: 'found' } {
  return {
    kind: 'found',
    found: {
      build: claimant,
      foundBy: 'name',
      namedByUrl: false,
      madeTheClaim: false,
      madeAnotherClaim: null,
      ...rest,
    },
    others,
  };
}

/** The claimant, and the output that proves that it made the claim. */
export function proven(claimant: Build, rest: Partial<FoundBuild> = {}): Claimant {
  return found(claimant, { madeTheClaim: true, ...rest });
}

export function asked(claimant: Claimant, rest: Partial<Asked> = {}): Asked {
  return {
    kind: 'asked',
    depth: 'last-look',
    claimant,
    takers: [],
    next: [],
    withheld: null,
    forbidden: null,
    unread: null,
    ...rest,
  };
}

export const NO_BUILD: Claimant = { kind: 'no-build' };
export const NOT_KNOWN: Claimant = { kind: 'not-known' };
export const ELSEWHERE: Claimant = { kind: 'other-concourse', host: 'old-ci.example.com' };
export const NO_CONCOURSE: Evidence = { kind: 'no-concourse' };
export const UNREACHABLE: Evidence = { kind: 'unreachable', problem: 'https://ci.example.com answered 502.' };
export const FORBIDDEN = {
  concourse: 'https://ci.example.com',
  team: 'main',
  build: null,
  account: 'pool-boy',
};
/** The job behind `main/deploy/test`, which succeeded. */
export const NEXT: NextJob = {
  job: 'main/deploy/use',
  behind: build({ status: 'succeeded' }),
  why: 'next-inputs',
  takesAnother: false,
};

export interface Given {
  readonly claim?: Claim;
  readonly evidence?: Evidence;
  readonly policy?: Partial<Policy>;
  readonly inBothFolders?: boolean;
  readonly lock?: string;
}

export function caseOf({ claim = claimBy(JOB), evidence = NO_CONCOURSE, policy = {}, ...rest }: Given): Case {
  return {
    lock: { pool: 'aws', name: rest.lock ?? 'a1', claim, alsoUnclaimed: rest.inBothFolders ?? false },
    policy: { ...DEFAULT_POLICY, ...policy },
    evidence,
    now: NOW,
  };
}

/** The verdict, for a case whose evidence is deep enough. */
export function verdictOn(given: Given): Verdict {
  const judgement = judge(caseOf(given));
  if (judgement.kind !== 'judged') throw new Error(`no verdict: it needs ${judgement.depth}`);
  return judgement.verdict;
}

export function reasonFor(given: Given): string {
  return verdictOn(given).reason;
}

/** What has to be asked before the case can be judged; null when it can. */
export function depthNeededFor(given: Given): string | null {
  const judgement = judge(caseOf(given));
  return judgement.kind === 'needs' ? judgement.depth : null;
}
