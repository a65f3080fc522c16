// A Concourse in memory behind a real HTTP server, and the real client that judges locks by it.

import { expect, test } from '@jest/globals';
import { type Concourses, openConcourses } from '../../src/atc/concourses.ts';
import type { ConcourseTools } from '../../src/atc/config.ts';
import type { ClaimedLock } from '../../src/core/lock.ts';
import { parseClaimMessage } from '../../src/core/messages/claim-message.ts';
import { mergePolicy, type PolicyKeys } from '../../src/core/policy.ts';
import type { ConcourseSource } from '../../src/core/source/concourse-source.ts';
import { createLifetime, type OwnedLifetime } from '../../src/runtime/lifetime.ts';
import { createLog } from '../../src/runtime/log.ts';
import type { OwnBuild } from '../../src/runtime/own-build.ts';
import { createMask } from '../../src/runtime/secret-mask.ts';
import { judgeClaim } from '../../src/sweep/survey/judge-claim.ts';
import { ciModel, PASSWORD } from '../fake-atc/model.ts';
import { type Atc, startAtc } from '../fake-atc/start-atc.ts';
import type { Build, BuildConfig, BuildStatus, Ci, Pipeline, PipelineOptions } from '../fake-atc/types.ts';

export const NOW = Date.UTC(2026, 10, 25, 12) / 1000;
/** The commit that claimed the lock which a scenario is about. */
export const CLAIM = 'c1a1'.repeat(10);
/** Another claim of the same pool, and one of another pool. */
export const OTHER_CLAIM = '07ae'.repeat(10);
export const FOREIGN_CLAIM = 'f0e1'.repeat(10);
export const RELEASE = '4e1e'.repeat(10);

export const ref = (commit: string) => ({ ref: commit });

export interface LockOptions {
  /** Minutes from now. */
  readonly at?: number;
  readonly parentAt?: number;
  readonly message?: string;
  readonly restores?: string;
  readonly commit?: string;
  readonly pool?: string;
  readonly isRoot?: boolean;
  /** Of the claim's commit. */
  readonly date?: 'unreadable';
}

/** Lock L of pool aws, claimed 30 minutes ago by main/deploy/acquire #1 unless told otherwise. */
export function lock(options: LockOptions = {}): ClaimedLock {
  const message = options.message ?? 'main/deploy/acquire build 1 claiming: L';
  const committedAt = NOW + Math.round((options.at ?? -30) * 60);
  const { owner, bornClaimed } = parseClaimMessage(message, 'L');
  return {
    pool: options.pool ?? 'aws',
    name: 'L',
    alsoUnclaimed: false,
    claim: {
      commit: options.commit ?? CLAIM,
      message,
      author: 'Ada',
      owner,
      bornClaimed,
      committedAt: options.date === 'unreadable' ? null : committedAt,
      parentCommittedAt: options.isRoot ? null : committedAt - 60,
      isRoot: options.isRoot ?? false,
      restores: options.restores ?? null,
      hold: null,
    },
  };
}

export interface Stage {
  readonly ci: Ci;
  readonly atc: Atc;
  readonly concourses: Concourses;
  readonly lifetime: OwnedLifetime;
  readonly logged: string[];
}

export interface StageOptions {
  readonly config?: (url: string) => Partial<ConcourseSource>;
  readonly tools?: Partial<ConcourseTools>;
  readonly ownBuild?: (atc: Atc) => OwnBuild;
}

const PASSWORD_LOGIN = { kind: 'password', username: 'pool-boy', password: PASSWORD } as const;

export function configFor(url: string, changes: Partial<ConcourseSource> = {}): ConcourseSource {
  return {
    url,
    login: PASSWORD_LOGIN,
    formerUrls: [],
    caCert: null,
    skipSslVerification: false,
    team: 'main',
    whenUnreachable: 'fail',
    ...changes,
  };
}

/** What the client is given; waits are short, since the tests wait for real. */
export function toolsFor(
  lifetime: OwnedLifetime,
  logged: string[],
  changes: Partial<ConcourseTools> = {},
): ConcourseTools {
  const mask = createMask();
  return {
    lifetime,
    log: createLog(
      (text) => void logged.push(text),
      mask,
      () => true,
    ),
    mask,
    environment: {},
    ownBuild: null,
    poolsClaimedIn: async (commits) =>
      new Map(
        commits.map((commit) => [
          commit,
          commit === FOREIGN_CLAIM ? ['gcp'] : commit === OTHER_CLAIM ? ['aws'] : [],
        ]),
      ),
    clock: () => NOW,
    bounds: { wait: 1, request: 2000, connect: 2000 },
    ...changes,
  };
}

/** Several Concourses, all of which Pool Boy is configured with. */
export async function onStages<T>(
  cis: readonly Ci[],
  options: StageOptions,
  play: (stages: readonly Stage[]) => Promise<T>,
): Promise<T> {
  const lifetime = createLifetime();
  const logged: string[] = [];
  const atcs = await Promise.all(cis.map(startAtc));
  try {
    const configs = atcs.map(({ url }) => configFor(url, options.config?.(url)));
    const [first] = atcs;
    const ownBuild = options.ownBuild && first ? options.ownBuild(first) : null;
    const concourses = openConcourses(configs, toolsFor(lifetime, logged, { ownBuild, ...options.tools }));
    const stages = cis.map((ci, i) => ({ ci, atc: atcs[i] as Atc, concourses, lifetime, logged }));
    return await play(stages);
  } finally {
    lifetime.end();
    await Promise.all(atcs.map((atc) => atc.close()));
  }
}

export async function onStage<T>(
  ci: Ci,
  options: StageOptions,
  play: (stage: Stage) => Promise<T>,
): Promise<T> {
  return await onStages([ci], options, ([stage]) => play(stage as Stage));
}

export const newCi = (options: Parameters<typeof ciModel>[0] = {}): Ci =>
  ciModel({ now: NOW, externalUrl: 'https://ci.example.com', ...options });

export interface Scenario extends StageOptions {
  readonly policy?: PolicyKeys;
  /** Builds the model. */
  readonly given: (ci: Ci) => unknown;
  /** The lock to judge, where it is not claimed as `lock` says. */
  readonly claim?: LockOptions;
  /** `verdict reason`. */
  readonly want: string;
  readonly detail?: string;
  /** What was asked, without login, `info` and the prefix of the API; in any order. */
  readonly asked?: readonly string[];
  /** Where only the number of requests matters. */
  readonly requests?: number;
  readonly ci?: Parameters<typeof ciModel>[0];
  /** A request fails, and so is made more than once. */
  readonly isRetried?: boolean;
}

/** One case: a model in a few lines, the verdict, and what it cost. */
export function scenario(
  name: string,
  { policy = {}, given, claim = {}, want, detail, asked, requests, isRetried = false, ...options }: Scenario,
) {
  test(name, async () => {
    const ci = newCi(options.ci);
    given(ci);
    const claimed = lock(claim);
    await onStage(ci, options, async ({ atc, concourses }) => {
      await concourses.begin();
      atc.forget();
      const { verdict } = await judgeClaim(
        concourses,
        claimed,
        mergePolicy({ staleAfter: 3600 }, policy),
        NOW,
      );
      expect(`${verdict.verdict} ${verdict.reason}`).toBe(want);
      if (detail !== undefined) expect(verdict.detail.replaceAll(atc.url, 'URL')).toBe(detail);
      if (asked !== undefined) expect(askedOf(atc).toSorted()).toEqual(asked.toSorted());
      if (requests !== undefined) expect(askedOf(atc)).toHaveLength(requests);
      if (!isRetried) expect(new Set(atc.lines()).size).toBe(atc.lines().length);
    });
  });
}

export function askedOf(atc: Atc): string[] {
  return atc.lines().map((line) => line.replace('GET /api/v1/', ''));
}

/** Pipeline main/deploy: `acquire` claims locks, `use` takes them over, `free` after it. */
export function deploy(ci: Ci, options: PipelineOptions = {}): Pipeline {
  return ci.pipeline('main', 'deploy', {
    resources: ['locks'],
    jobs: [
      { name: 'acquire', outputs: ['locks'] },
      { name: 'use', inputs: [{ resource: 'locks', passed: ['acquire'] }] },
      { name: 'free', inputs: [{ resource: 'locks', passed: ['use'] }], outputs: ['locks'] },
    ],
    ...options,
  });
}

/** The claiming build: acquire #1, from 40 to 20 minutes ago unless told otherwise, with the claim as its output. */
export function acquired(
  pipeline: Pipeline,
  status: BuildStatus = 'succeeded',
  config: BuildConfig = {},
): Build {
  const isAlive = status === 'pending' || status === 'started';
  return pipeline.build('acquire', {
    name: '1',
    status,
    start: status === 'pending' ? null : NOW - 40 * 60,
    end: isAlive ? null : NOW - 20 * 60,
    outputs: [{ resource: 'locks', version: ref(CLAIM) }],
    ...config,
  });
}

/** A build that took the claim over: 15 minutes ago, and until 10 minutes ago where it has ended. */
export function took(pipeline: Pipeline, job: string, status: BuildStatus, config: BuildConfig = {}): Build {
  return pipeline.build(job, {
    status,
    start: NOW - 15 * 60,
    end: status === 'started' ? null : NOW - 10 * 60,
    inputs: [{ resource: 'locks', version: ref(CLAIM) }],
    ...config,
  });
}

export const URL_OF_CLAIMANT = 'https://ci.example.com/teams/main/pipelines/deploy/jobs/acquire/builds/1';
export const byUrl = (url = URL_OF_CLAIMANT) => ({ message: `claiming: L\nBuild URL: ${url}` });
