import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '../core/failure.ts';
import type { ClaimedLock, Name } from '../core/lock.ts';
import { quoteName } from '../core/quote-name.ts';
import { type PlanInput, planReleases, type Step } from '../core/release-plan.ts';
import { allLocks, type MadeRelease, type Survey } from '../core/surveyed.ts';
import { ownBuildUrl } from '../runtime/own-build.ts';
import { describeSurvey } from './log-survey.ts';
import type { Session } from './session.ts';
import { survey } from './survey.ts';

/** What may be released: see `PlanInput`. */
export interface Wish extends Pick<PlanInput, 'narrowedTo' | 'requested' | 'requestReason' | 'limit'> {
  readonly dryRun: boolean;
  /** What somebody has agreed to release, as `approvalOf` names it: of the stale ones only these. Left out: all. */
  readonly approved?: ReadonlySet<string>;
  /** Left out: every lock's verdict is logged. Somebody who saw them already need not see them again. */
  readonly isQuiet?: boolean;
}

export interface Outcome {
  /** The survey that the releases rest on. */
  readonly found: Survey;
  /** The last commit that was pushed; null when there was none. */
  readonly pushed: string | null;
  readonly releases: readonly MadeRelease[];
  readonly warnings: readonly string[];
}

const ATTEMPTS = 10;

/**
 * Judges, plans and pushes, all in one compare-and-swap on the branch. When somebody was faster, nothing was done,
 * and every lock is judged anew: the claim that was stale may be another one by now.
 */
export async function releaseStale(session: Session, wish: Wish): Promise<Outcome> {
  const { repository, tools } = session;
  const run = randomUUID();
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const head = await repository.fetch();
    const found = await survey(session, head);
    if (wish.isQuiet !== true) describeSurvey(found, session, 'all');
    requirePools(wish.narrowedTo, found);
    const plan = planReleases({
      ...wish,
      pools: found.pools.map(({ listing }) => listing),
      judged: allLocks(found).filter(({ lock }) => wish.approved?.has(approvalOf(lock)) ?? true),
    });
    if (plan.problems.length > 0) throw new Failure(plan.problems);
    for (const warning of plan.warnings) tools.log.warn(warning);
    const releases = plan.steps.flatMap((step) => (step.kind === 'release' ? [step.release] : []));
    if (releases.length === 0 || wish.dryRun) {
      for (const { pool, lock } of releases) tools.log.info(`would release ${quoteName(`${pool}/${lock}`)}`);
      const planned = releases.map((release) => ({ ...release, commit: null }));
      return { found, pushed: null, releases: planned, warnings: plan.warnings };
    }
    const push = await repository.push(plan.steps, head, {
      run,
      version: tools.version,
      buildUrl: ownBuildUrl(tools.environment),
      now: tools.clock(),
    });
    if (push.kind === 'pushed') {
      const made = withCommits(plan.steps, push.commits);
      for (const { pool, lock, reason } of made)
        tools.log.info(`released ${quoteName(`${pool}/${lock}`)} (${reason})`);
      return { found, pushed: push.head, releases: made, warnings: plan.warnings };
    }
    tools.log.info(
      `Branch ${repository.branch} moved while the locks were judged: judging them anew (attempt ${attempt} of ${ATTEMPTS}).`,
    );
    // Claims come in bursts: spread the next try, so that two of us do not meet again.
    await wait(Math.random() * Math.min(5_000, 100 * 2 ** attempt), undefined, {
      signal: tools.lifetime.signal,
    });
  }
  throw new Failure(
    `Branch ${repository.branch} moved each of the ${ATTEMPTS} times that a release was to be pushed, so nothing was released: run again when the repository is less busy.`,
  );
}

/** The lock and its claim: one commit by hand can claim many locks, of which somebody saw only some. */
export function approvalOf({ pool, name, claim }: ClaimedLock): string {
  return `${pool}/${name}@${claim.commit}`;
}

function withCommits(steps: readonly Step[], commits: readonly string[]): MadeRelease[] {
  return steps.flatMap((step, i) =>
    step.kind === 'release' ? [{ ...step.release, commit: commits[i] ?? null }] : [],
  );
}

function requirePools(names: readonly Name[] | null, { pools }: Survey): void {
  const there = pools.map(({ listing }) => listing.name);
  const unknown = (names ?? []).filter((name) => !there.includes(name));
  if (unknown.length === 0) return;
  throw new Failure(
    `params.pools names ${unknown.map(quoteName).join(', ')}, which source does not select; it selects ${there.map(quoteName).join(', ') || 'none'}.`,
  );
}
