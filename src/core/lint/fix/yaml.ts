import type { Job } from '../pipeline.ts';
import type { PoolUse, Step } from '../step.ts';
import { planOf } from './rewrite.ts';

const MORE = ' # keep its other keys';

/** A job as YAML, with the names and shapes of its steps. */
export function jobYaml(job: Job): string {
  const plan = planOf(job.body);
  const lines =
    plan.kind === 'do' ? ['plan:', ...listLines(plan.steps)] : [`plan: ${scalar(planText(plan))}`];
  return asItem([`name: ${scalar(job.name)}${MORE}`, ...lines, ...hookLines(job.body, plan)]).join('\n');
}

/** One step as YAML. */
export function stepYaml(step: Step): string {
  return asItem(stepLines(step)).join('\n');
}

function planText(plan: Step): string {
  return plan.kind === 'unread' ? plan.text : '';
}

function listLines(steps: readonly Step[]): string[] {
  return steps.flatMap((step) => asItem(stepLines(step)));
}

function asItem([first = '', ...others]: readonly string[]): string[] {
  return [`- ${first}`, ...others.map((line) => `  ${line}`)];
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

function stepLines(step: Step): string[] {
  switch (step.kind) {
    case 'unread':
      return [scalar(step.text)];
    case 'other':
      return [`${step.key}: ${scalar(step.name)}${step.hasMore ? MORE : ''}`, ...timeoutLines(step.timeout)];
    case 'get':
      return [
        `get: ${scalar(step.name)}${step.hasMore ? MORE : ''}`,
        ...resourceLines(step),
        ...(step.passed.length === 0 ? [] : [`passed: [${step.passed.map(scalar).join(', ')}]`]),
        ...(step.trigger ? ['trigger: true'] : []),
        ...timeoutLines(step.timeout),
      ];
    case 'put':
      return [
        `put: ${scalar(step.name)}${step.hasMore ? MORE : ''}`,
        ...resourceLines(step),
        ...paramsLines(step.use),
        ...timeoutLines(step.timeout),
      ];
    case 'do':
      return ['do:', ...listLines(step.steps)];
    case 'in_parallel': {
      if (step.limit === null && !step.failFast) return [`${step.key}:`, ...listLines(step.steps)];
      const limit = step.limit === null ? [] : [`limit: ${scalar(step.limit)}`];
      const failFast = step.failFast ? ['fail_fast: true'] : [];
      return [`${step.key}:`, ...indented([...limit, ...failFast, 'steps:', ...listLines(step.steps)])];
    }
    case 'try':
      return ['try:', ...indented(stepLines(step.step))];
    case 'across':
      return [
        ...stepLines(step.step),
        `across:${MORE}`,
        ...step.vars.map((name) => `- var: ${scalar(name)}`),
        ...(step.failFast ? ['fail_fast: true'] : []),
      ];
    case 'attempts':
      return [...stepLines(step.step), `attempts: ${scalar(step.attempts)}`];
    case 'timeout':
      return [...stepLines(step.step), ...timeoutLines(step.timeout)];
    case 'hook':
      return [...stepLines(step.step), ...hookLine(step)];
  }
}

function hookLine(step: Step): string[] {
  return step.kind === 'hook' ? [`${step.on}:`, ...indented(stepLines(step.hook))] : [];
}

/** The hooks around a job's plan. */
function hookLines(body: Step, plan: Step): string[] {
  if (body === plan || body.kind !== 'hook') return [];
  return [...hookLines(body.step, plan), ...hookLine(body)];
}

function resourceLines({ name, resource }: { readonly name: string; readonly resource: string }): string[] {
  return name === resource ? [] : [`resource: ${scalar(resource)}`];
}

function timeoutLines(timeout: string | null): string[] {
  return timeout === null ? [] : [`timeout: ${scalar(timeout)}`];
}

function paramsLines(use: PoolUse | null): string[] {
  if (use === null || use.kind === 'neither' || use.kind === 'unclear') return [];
  const value = use.kind === 'take' && use.by === 'acquire' ? 'true' : scalar(use.value);
  return [`params: {${use.by}: ${value}}`];
}

const WORDS = /^(?:true|false|yes|no|on|off|y|n|null)$/i;

/** Plain where YAML takes it for a string, or for a number that Concourse wants as one; else in double quotes. */
export function scalar(text: string): string {
  const isPlain =
    /^(?:[\p{L}_][\p{L}\p{N}_./-]*(?: [\p{L}\p{N}_./-]+)*|\d+[smhd]?|\(\([\p{L}\p{N}_./:-]+\)\))$/u.test(
      text,
    );
  return isPlain && !WORDS.test(text) ? text : JSON.stringify(text.toWellFormed());
}
