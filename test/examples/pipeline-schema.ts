// Concourse's pipelines as far as the examples use them, and stricter than Concourse: it knows more keys, but refuses,
// as this does, those that it does not know. Only at the top level it passes over them, which is where anchors stand.
import { z } from 'zod';

/** Names as Concourse wants them since 6.7; others are only warned of there. */
const identifier = z.string().regex(/^\p{Ll}[\p{Ll}\d._-]*$/u, 'is no identifier of Concourse');
const seconds = z.string().regex(/^(\d+(ms|s|m|h))+$/, 'is no duration');
const config = z.record(z.string(), z.unknown());
const text = z.union([z.string(), z.number(), z.boolean()]);

const imageResource = z.strictObject({
  type: z.string(),
  source: config,
  params: config.optional(),
  version: z.record(z.string(), z.string()).optional(),
});

const artifact = z.strictObject({
  name: z.string(),
  path: z.string().optional(),
  optional: z.boolean().optional(),
});

const taskConfig = z.strictObject({
  platform: z.enum(['linux', 'darwin', 'windows']),
  image_resource: imageResource.optional(),
  inputs: z.array(artifact).optional(),
  outputs: z.array(artifact.omit({ optional: true })).optional(),
  caches: z.array(z.strictObject({ path: z.string() })).optional(),
  // What is no text becomes JSON in the task's environment.
  params: z.record(z.string(), z.union([text, config, z.array(z.unknown())])).optional(),
  run: z.strictObject({
    path: z.string(),
    args: z.array(z.string()).optional(),
    dir: z.string().optional(),
    user: z.string().optional(),
  }),
});

interface StepConfig {
  readonly get?: string | undefined;
  readonly put?: string | undefined;
  readonly task?: string | undefined;
  readonly resource?: string | undefined;
  readonly trigger?: boolean | undefined;
  readonly passed?: readonly string[] | undefined;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  readonly config?: z.output<typeof taskConfig> | undefined;
  readonly [hookOrGroup: string]: unknown;
}

const step: z.ZodType<StepConfig> = z.lazy(() => {
  const common = {
    ...hooks(),
    tags: z.array(z.string()).optional(),
    timeout: seconds.optional(),
    attempts: z.int().min(1).optional(),
  };
  const resource = { resource: identifier.optional(), params: config.optional(), ...common };
  const version = z.union([z.enum(['latest', 'every']), z.record(z.string(), z.string())]).optional();
  return z.union([
    z.strictObject({
      get: identifier,
      trigger: z.boolean().optional(),
      passed: z.array(identifier).min(1).optional(),
      version,
      ...resource,
    }),
    z.strictObject({
      put: identifier,
      inputs: z.union([z.enum(['all', 'detect']), z.array(z.string())]).optional(),
      get_params: config.optional(),
      no_get: z.boolean().optional(),
      ...resource,
    }),
    z.strictObject({ task: identifier, config: taskConfig, privileged: z.boolean().optional(), ...common }),
    z.strictObject({ task: identifier, file: z.string(), image: z.string().optional(), ...common }),
    z.strictObject({ do: z.array(step), ...common }),
    z.strictObject({ in_parallel: z.array(step), ...common }),
    z.strictObject({ try: step, ...common }),
  ]);
});

function hooks() {
  return {
    on_success: step.optional(),
    on_failure: step.optional(),
    on_error: step.optional(),
    on_abort: step.optional(),
    ensure: step.optional(),
  };
}

const job = z.strictObject({
  name: identifier,
  plan: z.array(step).min(1),
  serial: z.boolean().optional(),
  max_in_flight: z.int().min(1).optional(),
  public: z.boolean().optional(),
  build_log_retention: z
    .strictObject({
      builds: z.int().optional(),
      days: z.int().optional(),
      minimum_succeeded_builds: z.int().optional(),
    })
    .optional(),
  ...hooks(),
});

const resource = z.strictObject({
  name: identifier,
  type: identifier,
  source: config,
  icon: z.string().optional(),
  check_every: z.union([z.literal('never'), seconds]).optional(),
  check_timeout: seconds.optional(),
  webhook_token: z.string().optional(),
  public: z.boolean().optional(),
});

const pipeline = z.object({
  resource_types: z
    .array(
      z.strictObject({
        name: identifier,
        type: z.literal('registry-image'),
        source: z.strictObject({ repository: z.string(), tag: z.string().optional() }),
        check_every: seconds.optional(),
      }),
    )
    .default([]),
  resources: z.array(resource),
  jobs: z.array(job).min(1),
});

export type Pipeline = z.output<typeof pipeline>;
export type Step = StepConfig;

export function parsePipeline(value: unknown): Pipeline {
  return pipeline.parse(value);
}

export function parseSteps(value: unknown): Step[] {
  return z.array(step).parse(value);
}

/** Every step of a job, with those of its hooks. */
export function stepsOf(job: Pipeline['jobs'][number]): Step[] {
  return nested(job.plan).concat(
    nested([job.on_success, job.on_failure, job.on_error, job.on_abort, job.ensure]),
  );
}

function nested(value: unknown): Step[] {
  if (Array.isArray(value)) return value.flatMap(nested);
  const read = step.safeParse(value);
  if (!read.success) return [];
  const inner = ['do', 'in_parallel', 'try', 'on_success', 'on_failure', 'on_error', 'on_abort', 'ensure'];
  return [read.data, ...inner.flatMap((key) => nested(read.data[key]))];
}

const BUILT_IN = ['time', 'pool', 'git', 'registry-image', 'mock', 's3', 'semver'];

/** What Concourse says of a pipeline whose parts do not fit together. */
export function misfits({ resource_types, resources, jobs }: Pipeline): string[] {
  const types = [...BUILT_IN, ...resource_types.map(({ name }) => name)];
  const used = jobs.flatMap(stepsOf).flatMap((one) => one.resource ?? one.get ?? one.put ?? []);
  const twice = (names: readonly string[]) => names.filter((name, i) => names.indexOf(name) !== i);
  const names = resources.map(({ name }) => name);
  return [
    ...resources
      .filter(({ type }) => !types.includes(type))
      .map(({ name }) => `resource ${name}: unknown type`),
    ...used.filter((name) => !names.includes(name)).map((name) => `unknown resource ${name}`),
    ...names.filter((name) => !used.includes(name)).map((name) => `resource ${name} is not used`),
    ...resource_types
      .filter(({ name }) => !resources.some(({ type }) => type === name))
      .map(({ name }) => `resource type ${name} is not used`),
    ...twice(names).map((name) => `two resources ${name}`),
    ...twice(jobs.map(({ name }) => name)).map((name) => `two jobs ${name}`),
    ...jobs.flatMap((one) =>
      stepsOf(one)
        .flatMap(({ passed }) => passed ?? [])
        .filter((name) => !jobs.some((other) => other.name === name))
        .map((name) => `job ${one.name}: passed names ${name}`),
    ),
  ];
}
