// How a plan is changed: a new tree, in which every step that stays is the same object as before.
import type { DoStep, HookName, Step } from '../step.ts';

/** The steps without those that are dropped, nor hooks and groups that are empty then; null where nothing is left. */
export function without(step: Step, isDropped: (step: Step) => boolean): Step | null {
  if (isDropped(step)) return null;
  switch (step.kind) {
    case 'get':
    case 'put':
    case 'other':
    case 'unread':
      return step;
    case 'do':
    case 'in_parallel': {
      const steps = step.steps.flatMap((one) => without(one, isDropped) ?? []);
      return steps.length === 0 && step.path !== 'plan' ? null : { ...step, steps };
    }
    case 'across':
    case 'attempts':
    case 'timeout':
    case 'try': {
      const inner = without(step.step, isDropped);
      return inner === null ? null : { ...step, step: inner };
    }
    case 'hook': {
      const inner = without(step.step, isDropped);
      const hook = without(step.hook, isDropped);
      if (inner === null) return step.on === 'ensure' || step.on === 'on_success' ? hook : null;
      return hook === null ? inner : { ...step, step: inner, hook };
    }
  }
}

/** The tree with the step at `path` replaced. */
export function replaced(step: Step, path: string, by: (step: Step) => Step): Step {
  if (step.path === path) return by(step);
  return mapChildren(step, (child) => replaced(child, path, by));
}

export function mapChildren(step: Step, change: (child: Step) => Step): Step {
  switch (step.kind) {
    case 'do':
    case 'in_parallel':
      return { ...step, steps: step.steps.map(change) };
    case 'across':
    case 'attempts':
    case 'timeout':
    case 'try':
      return { ...step, step: change(step.step) };
    case 'hook':
      return { ...step, step: change(step.step), hook: change(step.hook) };
    case 'get':
    case 'put':
    case 'other':
    case 'unread':
      return step;
  }
}

/** These steps with hooks around all of them, in the order in which Concourse nests hooks. */
export function hooked(steps: readonly Step[], hooks: readonly HookName[], hook: Step): Step {
  const [only] = steps;
  const inner = steps.length === 1 && only !== undefined && takesHooks(only) ? only : group(steps);
  return NESTING.filter((on) => hooks.includes(on)).reduce<Step>(
    (step, on) => ({ kind: 'hook', on, step, hook, path: '' }),
    inner,
  );
}

/** From the innermost to the outermost. */
const NESTING: readonly HookName[] = ['on_success', 'on_failure', 'on_abort', 'on_error', 'ensure'];

/** Whether a hook can be written beside its keys without getting inside of what wraps it already. */
function takesHooks({ kind }: Step): boolean {
  return kind === 'other' || kind === 'get' || kind === 'put' || kind === 'do';
}

export function group(steps: readonly Step[]): DoStep {
  return { kind: 'do', steps, path: '' };
}

/** The plan of a job, inside the job's own hooks. */
export function planOf(body: Step): Step {
  return body.kind === 'hook' ? planOf(body.step) : body;
}
