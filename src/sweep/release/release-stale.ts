import { randomUUID } from 'node:crypto';
import { Failure } from '../../core/failure.ts';
import { quoteName } from '../../core/quote-name.ts';
import { shownLock } from '../../core/release/find-lock.ts';
import { type PlanOrder, planOnSurvey } from '../../core/release/plan-on-survey.ts';
import { planProblemSentence, planWarningSentence } from '../../core/release/plan-problem.ts';
import type { Plan, Release, Step } from '../../core/release/release-plan.ts';
import type { MadeRelease, Survey } from '../../core/survey/surveyed.ts';
import { ownBuildUrl } from '../../runtime/own-build.ts';
import type { Session } from '../session.ts';
import { describeSurvey } from '../survey/log-survey.ts';
import { survey } from '../survey/survey.ts';
import { surveyWithoutConcourse } from '../survey/survey-without-concourse.ts';
import { waitAfterLostRace } from './lost-race.ts';

/** What may be released, and how. */
export interface ReleaseOrder extends PlanOrder {
  readonly dryRun: boolean;
  /** Whether verdicts and warnings are logged. Somebody who saw them already need not see them again. */
  readonly isLogged: boolean;
}

export interface Outcome {
  /** The survey that the releases rest on. */
  readonly found: Survey;
  /** The last commit that was pushed; null when there was none. */
  readonly pushed: string | null;
  readonly releases: readonly MadeRelease[];
  readonly warnings: readonly string[];
}

/** `failed`: nothing was released, but what was found is known all the same, and whoever measures needs it. */
export type ReleaseRun =
  | { readonly kind: 'done'; readonly outcome: Outcome }
  | { readonly kind: 'failed'; readonly found: Survey; readonly error: unknown };

/**
 * Judges, plans and pushes, all in one compare-and-swap on the branch. When somebody else was faster, nothing was
 * done, and every lock is judged again: the claim that was stale may be another one by now. Throws only where not
 * even a survey could be made.
 */
export async function releaseStale(session: Session, order: ReleaseOrder): Promise<ReleaseRun> {
  let head: string | null = null;
  let found: Survey | null = null;
  try {
    const run = randomUUID();
    for (let attempt = 1; ; attempt += 1) {
      head = await session.repository.fetch();
      found = await survey(session, head);
      const plan = planFor(found, order, session);
      const releases = plan.steps.flatMap((step) => (step.kind === 'release' ? [step.release] : []));
      if (releases.length === 0 || order.dryRun)
        return { kind: 'done', outcome: planned(found, plan, releases, session) };
      const outcome = await pushPlan(found, plan, run, session);
      if (outcome !== null) return { kind: 'done', outcome };
      await waitAfterLostRace(attempt, session);
    }
  } catch (error) {
    if (found === null && head !== null) found = await surveyWithoutConcourse(session, head, error);
    if (found === null) throw error;
    return { kind: 'failed', found, error };
  }
}

function planFor(found: Survey, order: ReleaseOrder, session: Session): Plan {
  const { log } = session.tools;
  if (order.isLogged) describeSurvey(found, session);
  const plan = planOnSurvey(found, order);
  if (plan.problems.length > 0) throw new Failure(plan.problems.map(planProblemSentence));
  for (const warning of plan.warnings) log.warn(planWarningSentence(warning));
  return plan;
}

function planned(
  found: Survey,
  { warnings }: Plan,
  releases: readonly Release[],
  { tools: { log } }: Session,
): Outcome {
  for (const release of releases) log.info(`would release ${shownLock(release)}${destination(release)}`);
  return {
    found,
    pushed: null,
    releases: releases.map((release) => ({ ...release, commit: null })),
    warnings: warnings.map(planWarningSentence),
  };
}

/** Null where the branch has moved since it was surveyed: then nothing was pushed. */
async function pushPlan(found: Survey, plan: Plan, run: string, session: Session): Promise<Outcome | null> {
  const { repository, tools } = session;
  const push = await repository.push(plan.steps, found.ref, {
    run,
    version: tools.version,
    buildUrl: ownBuildUrl(tools.environment),
    now: tools.clock(),
  });
  if (push.kind !== 'pushed') return null;
  const releases = withCommits(plan.steps, push.commits);
  for (const release of releases)
    tools.log.info(`released ${shownLock(release)}${destination(release)} (${release.reason})`);
  return { found, pushed: push.head, releases, warnings: plan.warnings.map(planWarningSentence) };
}

function destination({ to }: Release): string {
  return to === null ? '' : ` to pool ${quoteName(to)}`;
}

function withCommits(steps: readonly Step[], commits: readonly string[]): MadeRelease[] {
  return steps.flatMap((step, i) =>
    step.kind === 'release' ? [{ ...step.release, commit: commits[i] ?? null }] : [],
  );
}
