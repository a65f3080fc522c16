import type { HookName, HookStep, ParallelStep, Step } from './step.ts';
import { childrenOf } from './step.ts';
import type { Returns, Taking } from './taking.ts';

/** How a step or build ends, named after Concourse's hooks. */
export type Outcome = 'success' | 'failure' | 'error' | 'abort';

export const OUTCOMES: readonly Outcome[] = ['success', 'failure', 'error', 'abort'];

/** `lost`: claimed, and no later step can return it, since its directory cannot be named any more. */
export type LockState = 'free' | 'held' | 'lost';

/** One way in which a step can end. */
export interface Ending {
  readonly outcome: Outcome;
  readonly lock: LockState;
  /** The step that did not succeed; null where all did. */
  readonly cause: Step | null;
}

export interface LockInPlan {
  readonly taking: Taking;
  readonly returns: Returns;
  /** Told of each step that can begin, and how the lock is then. */
  readonly onBegin?: (step: Step, before: LockState) => void;
}

/**
 * All ways in which a plan can end, as far as one lock is concerned: every outcome of every step is tried. What is
 * assumed in favour of the plan: a put that claims and does not succeed has claimed nothing, and a put that returns a
 * lock succeeds.
 */
export function endingsOf(body: Step, lock: LockInPlan): readonly Ending[] {
  return run(body, 'free', { ...lock, known: new Map() });
}

interface Walk extends LockInPlan {
  /** What was found out already: hooks of hooks would be walked again and again. */
  readonly known: Map<Step, Map<LockState, readonly Ending[]>>;
}

function run(step: Step, before: LockState, lock: Walk): readonly Ending[] {
  const ofStep = lock.known.get(step) ?? new Map<LockState, readonly Ending[]>();
  lock.known.set(step, ofStep);
  const endings = ofStep.get(before) ?? walk(step, before, lock);
  ofStep.set(before, endings);
  return endings;
}

function walk(step: Step, before: LockState, lock: Walk): readonly Ending[] {
  switch (step.kind) {
    case 'get':
    case 'put':
    case 'other':
    case 'unread':
      return runLeaf(step, before, lock);
    case 'do':
      return step.steps.reduce<readonly Ending[]>(
        (endings, next) => {
          const stopped = endings.filter(({ outcome }) => outcome !== 'success');
          const going = endings.filter(({ outcome }) => outcome === 'success');
          // Those that stopped earlier come first: a person looks for the first step that can go wrong.
          return unique([...stopped, ...going.flatMap((one) => run(next, one.lock, lock))]);
        },
        [{ outcome: 'success', lock: before, cause: null }],
      );
    case 'in_parallel':
      return runParallel(step, before, lock);
    case 'across':
      // Each value has a scope of its own: what a step inside provides cannot be named outside.
      return unique(run(step.step, before, lock).map((one) => (isIn(step, lock) ? loseHeld(one) : one)));
    case 'attempts':
      return runAttempts(step.step, before, lock);
    case 'timeout':
      // A step that ran out of time fails, which each step inside can do anyway.
      return run(step.step, before, lock);
    case 'try':
      return unique(
        run(step.step, before, lock).map((one) =>
          one.outcome === 'abort' ? one : { ...one, outcome: 'success', cause: null },
        ),
      );
    case 'hook':
      return runHook(step, before, lock);
  }
}

function runLeaf(step: Step, before: LockState, lock: Walk): readonly Ending[] {
  const { taking, returns } = lock;
  lock.onBegin?.(step, before);
  if (step.path === taking.step.path) {
    const taken: LockState = before === 'free' ? 'held' : 'lost';
    return OUTCOMES.map((outcome) =>
      outcome === 'success' ? { outcome, lock: taken, cause: null } : { outcome, lock: before, cause: step },
    );
  }
  // A build that takes a lock over fetches its inputs first: one that fails there leaves the lock to be fetched again.
  if (step.kind === 'get' && taking.step.kind === 'get')
    return [{ outcome: 'success', lock: before, cause: null }];
  const after = before === 'held' && returns(step) ? 'free' : before;
  if (step.kind === 'put' && step.use?.kind === 'return')
    return [{ outcome: 'success', lock: after, cause: null }];
  return OUTCOMES.map((outcome) => ({ outcome, lock: after, cause: outcome === 'success' ? null : step }));
}

/** All steps run to their end, unless one of them fails and `fail_fast` stops the others. */
function runParallel(step: ParallelStep, before: LockState, lock: Walk): readonly Ending[] {
  const start: readonly Ending[] = [{ outcome: 'success', lock: before, cause: null }];
  const together = step.steps.reduce<readonly Ending[]>((endings, next) => {
    const its = run(next, before, lock);
    return unique(endings.flatMap((one) => its.flatMap((other) => meet(one, other, before, step.failFast))));
  }, start);
  return together;
}

function meet(one: Ending, other: Ending, before: LockState, failFast: boolean): Ending[] {
  const lock = sideBySide(one.lock, other.lock, before);
  const worse = severity(other) > severity(one) ? other : one;
  const milder = worse === one ? other : one;
  const both = { outcome: worse.outcome, lock, cause: worse.cause };
  // With `fail_fast` a step that was stopped looks aborted inside, and failed outside.
  const isStopped = failFast && worse.outcome === 'abort' && isFailed(milder);
  return isStopped ? [both, { outcome: milder.outcome, lock, cause: milder.cause }] : [both];
}

function isFailed({ outcome }: Ending): boolean {
  return outcome === 'failure' || outcome === 'error';
}

/** Of steps that run side by side one takes or returns the lock, the others leave it as it is. */
function sideBySide(one: LockState, other: LockState, before: LockState): LockState {
  if (one === 'lost' || other === 'lost') return 'lost';
  return one === before ? other : one;
}

/** A further attempt takes another lock: that of the attempt that did not succeed cannot be named any more. */
function runAttempts(step: Step, before: LockState, lock: Walk): readonly Ending[] {
  const takes = isIn(step, lock);
  const first = run(step, before, lock);
  const later = first.flatMap((one) =>
    isFailed(one) ? run(step, takes ? loseHeld(one).lock : one.lock, lock) : [],
  );
  return unique([...first, ...later]);
}

function loseHeld(ending: Ending): Ending {
  return ending.lock === 'held' ? { ...ending, lock: 'lost' } : ending;
}

function isIn(step: Step, lock: Walk): boolean {
  return step.path === lock.taking.step.path || childrenOf(step).some((child) => isIn(child, lock));
}

const RUNS_AFTER: Readonly<Record<HookName, readonly Outcome[]>> = {
  on_success: ['success'],
  on_failure: ['failure'],
  on_error: ['error'],
  on_abort: ['abort'],
  ensure: OUTCOMES,
};

function runHook({ on, step, hook }: HookStep, before: LockState, lock: Walk): readonly Ending[] {
  return unique(
    run(step, before, lock).flatMap((one) => {
      if (!RUNS_AFTER[on].includes(one.outcome)) return [one];
      return run(hook, one.lock, lock).map((after) => afterHook(one, after));
    }),
  );
}

/** A step stays what it was through its hooks, or becomes worse. */
function afterHook(step: Ending, hook: Ending): Ending {
  return {
    outcome: severity(hook) > severity(step) ? hook.outcome : step.outcome,
    lock: hook.lock,
    cause: hook.outcome === 'success' ? step.cause : hook.cause,
  };
}

function severity({ outcome }: Ending): number {
  return OUTCOMES.indexOf(outcome);
}

/** The first of those that differ in nothing but their cause. */
function unique(endings: readonly Ending[]): readonly Ending[] {
  const known = new Map<string, Ending>();
  for (const one of endings) {
    const key = `${one.outcome} ${one.lock}`;
    if (!known.has(key)) known.set(key, one);
  }
  return [...known.values()];
}
