/** A step of a plan in Concourse's grammar, reduced to its shape. Modifiers and hooks wrap the step they belong to. */
export type Step =
  | GetStep
  | PutStep
  | OtherStep
  | UnreadStep
  | DoStep
  | ParallelStep
  | AcrossStep
  | AttemptsStep
  | TimeoutStep
  | TryStep
  | HookStep;

interface Placed {
  /** Where it is in its job: `plan[1].ensure`. */
  readonly path: string;
}

interface Leaf extends Placed {
  readonly timeout: string | null;
  /** It has more keys than this shape holds. */
  readonly hasMore: boolean;
}

export interface GetStep extends Leaf {
  readonly kind: 'get';
  readonly name: string;
  readonly resource: string;
  readonly passed: readonly string[];
  readonly trigger: boolean;
}

export interface PutStep extends Leaf {
  readonly kind: 'put';
  readonly name: string;
  readonly resource: string;
  /** What it does to a lock; null where its resource is not a pool. */
  readonly use: PoolUse | null;
}

/** What the `params` of a put on a pool ask of the pool resource. */
export type PoolUse =
  | { readonly kind: 'take'; readonly by: 'acquire' | 'claim' | 'add_claimed'; readonly value: string }
  /** `value`: the directory of the step that took the lock. */
  | { readonly kind: 'return'; readonly by: 'release' | 'remove'; readonly value: string }
  /** `add`, `update`, `check`, `check_unclaimed`: nobody holds a lock because of it. */
  | { readonly kind: 'neither' }
  /** Filled in from a variable: it may return any lock. */
  | { readonly kind: 'unclear' };

/** A step that uses no resource: it can fail, and that is all that matters here. */
export interface OtherStep extends Leaf {
  readonly kind: 'other';
  readonly key: 'task' | 'run' | 'set_pipeline' | 'load_var';
  readonly name: string;
}

/** Text such as `((steps))` in the place of a step: what it stands for is not known. */
export interface UnreadStep extends Placed {
  readonly kind: 'unread';
  readonly text: string;
}

export interface DoStep extends Placed {
  readonly kind: 'do';
  readonly steps: readonly Step[];
}

export interface ParallelStep extends Placed {
  readonly kind: 'in_parallel';
  /** `aggregate` is its name before Concourse 7. */
  readonly key: 'in_parallel' | 'aggregate';
  readonly steps: readonly Step[];
  readonly failFast: boolean;
  /** As written; null where there is none. */
  readonly limit: string | null;
}

export interface AcrossStep extends Placed {
  readonly kind: 'across';
  readonly step: Step;
  readonly vars: readonly string[];
  readonly failFast: boolean;
}

export interface AttemptsStep extends Placed {
  readonly kind: 'attempts';
  readonly step: Step;
  /** As written. */
  readonly attempts: string;
}

export interface TimeoutStep extends Placed {
  readonly kind: 'timeout';
  readonly step: Step;
  readonly timeout: string;
}

export interface TryStep extends Placed {
  readonly kind: 'try';
  readonly step: Step;
}

export type HookName = 'on_success' | 'on_failure' | 'on_error' | 'on_abort' | 'ensure';

export interface HookStep extends Placed {
  readonly kind: 'hook';
  readonly on: HookName;
  readonly step: Step;
  readonly hook: Step;
}

/** The steps right inside this one, hooks last. */
export function childrenOf(step: Step): readonly Step[] {
  switch (step.kind) {
    case 'do':
    case 'in_parallel':
      return step.steps;
    case 'across':
    case 'attempts':
    case 'timeout':
    case 'try':
      return [step.step];
    case 'hook':
      return [step.step, step.hook];
    case 'get':
    case 'put':
    case 'other':
    case 'unread':
      return [];
  }
}

/** The step and all steps inside it, in the order of the file. */
export function stepsIn(step: Step): Step[] {
  return [step, ...childrenOf(step).flatMap(stepsIn)];
}

/** As people name a step: `task: deploy`. */
export function titleOf(step: Step): string {
  switch (step.kind) {
    case 'get':
      return `get: ${step.name}`;
    case 'put':
      return `put: ${step.name}`;
    case 'other':
      return `${step.key}: ${step.name}`;
    case 'unread':
      return step.text;
    case 'hook':
      return titleOf(step.step);
    case 'do':
    case 'in_parallel':
    case 'across':
    case 'attempts':
    case 'timeout':
    case 'try':
      return step.kind;
  }
}
