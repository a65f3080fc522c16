import { type LockUse, untended, useOfLock } from '../leaks.ts';
import type { Job } from '../pipeline.ts';
import type { AcrossStep, DoStep, HookName, PutStep, Step } from '../step.ts';
import { childrenOf, stepsIn } from '../step.ts';
import { group, hooked, mapChildren, planOf, replaced, without } from './rewrite.ts';

const UNLESS_SUCCESS: readonly HookName[] = ['on_failure', 'on_abort', 'on_error'];

/**
 * The job as it releases a lock in every case: in an `ensure` of all steps behind the one that takes it. A job that
 * hands the lock on releases it in every case but success. The releases that are there are taken out: one that runs
 * a second time would fail, or release the lock of the next holder.
 */
export function releasedAlways(use: LockUse, { handsOn }: { readonly handsOn: boolean }): Job {
  const candidates = bodiesFor(use, handsOn).map((body) => ({ ...use.job, body }));
  const good = candidates.find((job) => isGood(use, job, handsOn));
  return good ?? candidates[0] ?? use.job;
}

function isGood({ pipeline, taking }: LockUse, job: Job, handsOn: boolean): boolean {
  const after = useOfLock(pipeline, job, taking);
  const stillHandsOn = after.claimedAfter.some(({ outcome }) => outcome === 'success');
  return untended(after, { handsOn }).length === 0 && stillHandsOn === handsOn;
}

/** From the one that changes least. */
function bodiesFor(use: LockUse, handsOn: boolean): Step[] {
  const { job, taking, returns } = use;
  const paths = returns.map(({ step }) => step.path);
  const body = without(job.body, (step) => paths.includes(step.path)) ?? job.body;
  const release = releaseOf(use);
  const levels = sequencesAround(body, taking.step.path);
  const level = levels.find(({ path }) => holdsAll(job.body, path, paths)) ?? levels.at(-1);
  if (level === undefined) return [];
  const inner = levels.slice(0, levels.indexOf(level));
  const hooks: readonly HookName[] = handsOn ? UNLESS_SUCCESS : ['ensure'];
  const behind = rewritten(body, [
    ...inner.map((one) => ({ of: one, change: tailHooked(taking.step.path, UNLESS_SUCCESS, release) })),
    { of: level, change: tailHooked(taking.step.path, hooks, release) },
  ]);
  const around = rewritten(body, [
    {
      of: level,
      change: (steps) => [
        ...before(steps, taking.step.path),
        hooked(from(steps, taking.step.path), hooks, release),
      ],
    },
  ]);
  const innermost = levels[0] ?? level;
  const inInnermost = rewritten(body, [
    { of: innermost, change: tailHooked(taking.step.path, ['ensure'], release) },
  ]);
  return [behind, onJob(body, hooks, release), around, inInnermost, intoAcross(body, use, release)].flatMap(
    (one) => one ?? [],
  );
}

function releaseOf({ taking: { step } }: LockUse): PutStep {
  const use = { kind: 'return', by: 'release', value: step.name } as const;
  return {
    kind: 'put',
    name: step.resource,
    resource: step.resource,
    use,
    timeout: null,
    hasMore: false,
    path: '',
  };
}

/** The `do` steps around a step, the innermost first; the plan itself is the last. */
function sequencesAround(step: Step, path: string): DoStep[] {
  if (!has(step, path)) return [];
  const inside = childrenOf(step).flatMap((child) => sequencesAround(child, path));
  return step.kind === 'do' ? [...inside, step] : inside;
}

/** Whether a `do` step, with the hooks around it, holds all steps at these paths; a job that has none needs the plan. */
function holdsAll(body: Step, path: string, paths: readonly string[]): boolean {
  if (paths.length === 0) return path === 'plan';
  const found = stepsIn(body).find((one) => planOf(one).path === path);
  return found !== undefined && paths.every((one) => has(found, one));
}

function has(step: Step, path: string): boolean {
  return stepsIn(step).some((one) => one.path === path);
}

interface Change {
  readonly of: DoStep;
  readonly change: (steps: readonly Step[]) => readonly Step[];
}

/** The innermost first, so that an outer change sees what an inner one has made. */
function rewritten(body: Step, changes: readonly Change[]): Step {
  return changes.reduce(
    (tree, { of, change }) =>
      replaced(tree, of.path, (step) => (step.kind === 'do' ? { ...step, steps: change(step.steps) } : step)),
    body,
  );
}

function before(steps: readonly Step[], path: string): readonly Step[] {
  return steps.slice(0, indexOf(steps, path));
}

function from(steps: readonly Step[], path: string): readonly Step[] {
  return steps.slice(indexOf(steps, path));
}

function indexOf(steps: readonly Step[], path: string): number {
  return steps.findIndex((one) => has(one, path));
}

/** Puts hooks around everything behind the step; where nothing is behind it, an `ensure` becomes a plain release. */
function tailHooked(path: string, hooks: readonly HookName[], release: PutStep): Change['change'] {
  return (steps) => {
    const at = indexOf(steps, path);
    const tail = steps.slice(at + 1);
    const end = hooks.includes('ensure') ? [release] : [];
    return [...steps.slice(0, at + 1), ...(tail.length === 0 ? end : [hooked(tail, hooks, release)])];
  };
}

/** Hooks of the job itself, where it has none of these yet. */
function onJob(body: Step, hooks: readonly HookName[], release: PutStep): Step | null {
  const taken = hooksOf(body);
  if (hooks.some((on) => taken.includes(on))) return null;
  return wrapPlan(body, (plan) => hooked([plan], hooks, release));
}

function hooksOf(body: Step): HookName[] {
  return body.kind === 'hook' ? [body.on, ...hooksOf(body.step)] : [];
}

function wrapPlan(body: Step, wrap: (plan: Step) => Step): Step {
  return body.kind === 'hook' ? { ...body, step: wrapPlan(body.step, wrap) } : wrap(body);
}

/** What is taken in `across` can be used and released only there: the steps behind it move inside. */
function intoAcross(body: Step, { taking }: LockUse, release: PutStep): Step | null {
  const across = stepsIn(body).find(
    (step): step is AcrossStep => step.kind === 'across' && has(step, taking.step.path),
  );
  if (across === undefined) return null;
  const move = (step: Step): Step => {
    if (step.kind !== 'do' || !step.steps.includes(across)) return mapChildren(step, move);
    const at = step.steps.indexOf(across);
    const tail = step.steps.slice(at + 1);
    const end = tail.length === 0 ? release : hooked(tail, ['ensure'], release);
    return { ...step, steps: [...step.steps.slice(0, at), { ...across, step: group([across.step, end]) }] };
  };
  return move(body);
}
