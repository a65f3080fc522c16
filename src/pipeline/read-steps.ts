import type { PoolIdentity } from '../core/lint/pool-identity.ts';
import type { HookName, PoolUse, Step } from '../core/lint/step.ts';
import { listOf, type ObjectValue, objectOf, textOf } from './config-schema.ts';

export interface StepReader {
  readonly pools: ReadonlyMap<string, PoolIdentity>;
  /** Told of the path of a step that is none of Concourse's. */
  readonly unreadable: (path: string) => void;
}

/** From the outermost to the innermost, as Concourse nests the modifiers of one step. */
const HOOKS: readonly HookName[] = ['ensure', 'on_error', 'on_abort', 'on_failure', 'on_success'];

/** Nobody nests steps this deep, and what reads them further on calls itself for each level. */
const DEEPEST = 100;

export function readStep(value: unknown, path: string, reader: StepReader): Step {
  const object = path.split('.').length > DEEPEST ? null : objectOf(value);
  if (object === null) return unread(value, path, reader);
  return withHooks(object, path, reader, () => withAcross(object, path, reader));
}

/** A job's hooks are written beside its plan as a step's are. */
export function withHooks(
  object: ObjectValue,
  path: string,
  reader: StepReader,
  readInner: () => Step,
  hooks: readonly HookName[] = HOOKS,
): Step {
  const [on, ...others] = hooks;
  if (on === undefined) return readInner();
  const step = withHooks(object, path, reader, readInner, others);
  const hook = object[on];
  if (hook === undefined || hook === null) return step;
  const at = path === '' ? on : `${path}.${on}`;
  return { kind: 'hook', on, step, hook: readStep(hook, at, reader), path: wrapperPath(path, on) };
}

function withAcross(object: ObjectValue, path: string, reader: StepReader): Step {
  const inner = withAttempts(object, path, reader);
  if (object.across === undefined) return inner;
  const vars = (listOf(object.across) ?? []).flatMap((one) => textOf(objectOf(one)?.var) ?? []);
  const failFast = object.fail_fast === true;
  return { kind: 'across', step: inner, vars, failFast, path: wrapperPath(path, 'across') };
}

function withAttempts(object: ObjectValue, path: string, reader: StepReader): Step {
  const attempts = textOf(object.attempts);
  const inner = readCore(object, path, reader);
  if (attempts === null) return inner;
  return { kind: 'attempts', step: inner, attempts, path: wrapperPath(path, 'attempts') };
}

/** The modifiers of a step stand at its own place: only a path of their own tells them apart. */
function wrapperPath(path: string, kind: string): string {
  return `${path}~${kind}`;
}

const MODIFIERS = [...HOOKS, 'across', 'fail_fast', 'attempts', 'timeout'];

function readCore(object: ObjectValue, path: string, reader: StepReader): Step {
  const timeout = textOf(object.timeout);
  const hasMoreThan = (...keys: readonly string[]) =>
    Object.keys(object).some((key) => !keys.includes(key) && !MODIFIERS.includes(key));
  for (const key of ['run', 'task'] as const) {
    const name = textOf(object[key]);
    if (name !== null) return { kind: 'other', key, name, timeout, hasMore: hasMoreThan(key), path };
  }
  const put = textOf(object.put);
  if (put !== null) {
    const resource = textOf(object.resource) ?? put;
    const use = reader.pools.has(resource) ? poolUseOf(object.params) : null;
    const isUse = use?.kind === 'take' || use?.kind === 'return';
    const hasMore = hasMoreThan('put', 'resource', ...(isUse ? ['params'] : []));
    return { kind: 'put', name: put, resource, use, timeout, hasMore, path };
  }
  const get = textOf(object.get);
  if (get !== null) {
    const passed = (listOf(object.passed) ?? []).flatMap((one) => textOf(one) ?? []);
    const hasMore = hasMoreThan('get', 'resource', 'passed', 'trigger');
    const resource = textOf(object.resource) ?? get;
    return {
      kind: 'get',
      name: get,
      resource,
      passed,
      trigger: object.trigger === true,
      timeout,
      hasMore,
      path,
    };
  }
  const step = readGroup(object, path, reader);
  return timeout === null ? step : { kind: 'timeout', step, timeout, path: wrapperPath(path, 'timeout') };
}

function readGroup(object: ObjectValue, path: string, reader: StepReader): Step {
  for (const key of ['set_pipeline', 'load_var'] as const) {
    const name = textOf(object[key]);
    const hasMore = Object.keys(object).some((one) => one !== key && !MODIFIERS.includes(one));
    if (name !== null) return { kind: 'other', key, name, timeout: null, hasMore, path };
  }
  if (object.try !== undefined)
    return { kind: 'try', step: readStep(object.try, `${path}.try`, reader), path };
  if (object.do !== undefined) {
    const steps = readList(object.do, `${path}.do`, reader);
    return { kind: 'do', steps, path };
  }
  for (const key of ['in_parallel', 'aggregate'] as const) {
    if (object[key] === undefined) continue;
    const config = objectOf(object[key]);
    const at = config === null ? `${path}.${key}` : `${path}.${key}.steps`;
    const steps = readList(config === null ? object[key] : config.steps, at, reader);
    return {
      kind: 'in_parallel',
      key,
      steps,
      failFast: config?.fail_fast === true,
      limit: textOf(config?.limit),
      path,
    };
  }
  return unread(null, path, reader);
}

export function readList(value: unknown, path: string, reader: StepReader): Step[] {
  const list = listOf(value);
  if (list === null) return [unread(value, path, reader)];
  return list.map((one, i) => readStep(one, `${path}[${i}]`, reader));
}

function unread(value: unknown, path: string, { unreadable }: StepReader): Step {
  const text = typeof value === 'string' ? value : null;
  if (text === null) unreadable(path);
  return { kind: 'unread', text: text ?? '', path };
}

/** The params of the pool resource's `out`, in the order in which it looks for them. */
function poolUseOf(value: unknown): PoolUse {
  const params = objectOf(value);
  if (params === null) return { kind: 'unclear' };
  if (params.acquire === true) return { kind: 'take', by: 'acquire', value: 'true' };
  for (const by of ['release', 'remove'] as const) {
    const directory = textOf(params[by]);
    if (directory !== null) return { kind: 'return', by, value: directory };
  }
  for (const by of ['add_claimed', 'claim'] as const) {
    const name = textOf(params[by]);
    if (name !== null) return { kind: 'take', by, value: name };
  }
  const isFilledIn =
    typeof params.acquire === 'string' || Object.keys(params).some((key) => key.includes('(('));
  return isFilledIn ? { kind: 'unclear' } : { kind: 'neither' };
}
