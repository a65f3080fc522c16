import { type Ending, endingsOf, OUTCOMES, type Outcome } from './endings.ts';
import type { Job, Pipeline } from './pipeline.ts';
import { childrenOf, type PutStep, type Step } from './step.ts';
import { returnsOf, type Taking } from './taking.ts';

/** What becomes of one lock in one job, when no other job is looked at. */
export interface LockUse {
  readonly pipeline: Pipeline;
  readonly job: Job;
  readonly taking: Taking;
  /** The ways to end that leave the lock claimed, in the order of `OUTCOMES`. */
  readonly claimedAfter: readonly Ending[];
  /** The puts that return the lock. */
  readonly returns: readonly ReturnPlace[];
}

export interface ReturnPlace {
  readonly step: PutStep;
  /** The innermost hook that it is in; null for one in the plan itself. */
  readonly hook: 'on_success' | 'on_failure' | 'on_error' | 'on_abort' | 'ensure' | null;
}

export function useOfLock(pipeline: Pipeline, job: Job, taking: Taking): LockUse {
  const returns = returnsOf(pipeline, job, taking);
  const endings = endingsOf(job.body, { taking, returns });
  const places = returnPlaces(job.body, null).filter(({ step }) => returns(step));
  return { pipeline, job, taking, claimedAfter: worstOfEach(endings), returns: places };
}

/** Whether every way to end returns the lock, or, of a job that hands it on, every way but success. */
export function isTended(use: LockUse, { handsOn }: { readonly handsOn: boolean }): boolean {
  return untended(use, { handsOn }).length === 0;
}

/** The ways to end in which nobody returns the lock: a lock that is lost cannot be handed on. */
export function untended(use: LockUse, { handsOn }: { readonly handsOn: boolean }): readonly Ending[] {
  return use.claimedAfter.filter(
    ({ outcome, lock }) => !(handsOn && outcome === 'success' && lock === 'held'),
  );
}

function worstOfEach(endings: readonly Ending[]): readonly Ending[] {
  return OUTCOMES.flatMap((outcome: Outcome) => {
    const claimed = endings.filter((one) => one.outcome === outcome && one.lock !== 'free');
    const worst = claimed.find(({ lock }) => lock === 'lost') ?? claimed[0];
    return worst === undefined ? [] : [worst];
  });
}

function returnPlaces(step: Step, hook: ReturnPlace['hook']): ReturnPlace[] {
  if (step.kind === 'put') return [{ step, hook }];
  if (step.kind === 'hook') return [...returnPlaces(step.step, hook), ...returnPlaces(step.hook, step.on)];
  return childrenOf(step).flatMap((child) => returnPlaces(child, hook));
}
