// Pipelines as people write them: each a way in which locks are taken, handed on and given back.
import type { Pipeline, PipelineConfig, ResourceConfig } from '../../fake-atc/types.ts';
import type { Random } from '../../storm/random.ts';
import type { JobShape, World } from '../types.ts';

export type PipelinePlan = { about: string; config: PipelineConfig; shapes: readonly JobShape[] };

type Parts = { random: Random; pool: string; locks: string; type: string };

type Input = { resource: string; passed?: string[]; trigger?: boolean; version?: 'every' };

/** By what the pipeline does. */
const KINDS: Readonly<Record<string, (parts: Parts) => JobShape[]>> = {
  'one job takes a lock and gives it back': ({ locks }) => [
    job('test', [], { acquires: locks, releases: true }),
  ],
  'one job takes a lock, and nothing gives it back': ({ locks }) => [job('test', [], { acquires: locks })],
  'a chain of jobs': ({ random, locks }) => [
    job('take', [], { acquires: locks }),
    job('use', [{ resource: locks, passed: ['take'], trigger: chance(random, 2) }], {
      serial: chance(random, 2),
    }),
    job('give-back', [{ resource: locks, passed: ['use'], trigger: true }], { releases: true }),
  ],
  'a fan of jobs': ({ random, locks }) => [
    job('take', [], { acquires: locks }),
    job('left', [{ resource: locks, passed: ['take'], trigger: true }]),
    job('right', [{ resource: locks, passed: ['take'], trigger: chance(random, 2) }]),
    job('join', [{ resource: locks, passed: ['left', 'right'], trigger: true }], { releases: true }),
  ],
  'a job without passed takes what was claimed': ({ random, locks }) => [
    job('take', [], { acquires: locks }),
    job('prepare', [{ resource: locks, trigger: true }]),
    job('use', [{ resource: locks, passed: ['prepare'], trigger: chance(random, 2) }], { releases: true }),
  ],
  'a job that waits for other code as well': ({ random, locks }) => [
    job('take', [], { acquires: locks }),
    job('build-code', [{ resource: 'code', trigger: true }]),
    job(
      'use',
      [
        { resource: locks, passed: ['take'], trigger: chance(random, 2) },
        { resource: 'code', passed: ['build-code'], trigger: chance(random, 2) },
      ],
      { releases: true },
    ),
  ],
  'a job that takes every version': ({ random, locks }) => [
    job('take', [], { acquires: locks }),
    job('use', [{ resource: locks, passed: ['take'], version: 'every', trigger: chance(random, 3) }], {
      releases: true,
      serial: true,
    }),
  ],
  'a bystander that only looks at the pool': ({ locks }) => [
    job('look', [{ resource: locks, trigger: true }]),
  ],
};

export function planPipeline(random: Random, pool: string): PipelinePlan {
  const kind = random.pick(Object.keys(KINDS));
  const locks = random.pick(['locks', 'env', 'My locks']);
  const type = random.pick(['pool', 'pool', 'our-pool']);
  const shapes = (KINDS[kind] ?? (() => []))({ random, pool, locks, type });
  // Concourse takes such a name with a warning.
  const named = chance(random, 6)
    ? shapes.map((shape) => renamed(shape, shapes[0]?.config.name ?? ''))
    : shapes;
  return { about: kind, config: configOf(named, resources(pool, locks, type)), shapes: named };
}

/** Sets the pipeline up as it is planned, under a name. */
export function setUp(
  world: World,
  team: string,
  name: string,
  plan: PipelinePlan,
  options: { public?: boolean; instanceVars?: Readonly<Record<string, unknown>> } = {},
): Pipeline {
  const pipeline = world.ci.pipeline(team, name, { ...plan.config, ...options });
  keepShapes(world, pipeline, plan.shapes);
  return pipeline;
}

export function keepShapes(world: World, pipeline: Pipeline, shapes: readonly JobShape[]): void {
  for (const shape of shapes) world.shapes.set(pipeline.job(shape.config.name).id, shape);
}

function job(
  name: string,
  inputs: readonly Input[],
  { acquires = null, releases = false, serial = false }: Partial<Omit<JobShape, 'config'>> = {},
): JobShape {
  const locks = acquires ?? inputs[0]?.resource;
  const outputs = (acquires !== null || releases) && locks !== undefined ? [locks] : [];
  return { config: { name, inputs: [...inputs], outputs }, acquires, releases, serial };
}

function resources(pool: string, locks: string, type: string): ResourceConfig[] {
  return [
    { name: locks, type, source: { uri: 'git@git.example.com:locks.git', pool } },
    { name: 'code', type: 'git', source: { uri: 'git@git.example.com:code.git' } },
  ];
}

const configOf = (shapes: readonly JobShape[], rows: readonly ResourceConfig[]): PipelineConfig => ({
  resources: [...rows],
  jobs: shapes.map(({ config }) => config),
});

function renamed(shape: JobShape, from: string): JobShape {
  const to = `${from}/prod`;
  const rename = (name: string) => (name === from ? to : name);
  const inputs = (shape.config.inputs ?? []).map((input) =>
    typeof input === 'string' || input.passed === undefined
      ? input
      : { ...input, passed: input.passed.map(rename) },
  );
  return { ...shape, config: { ...shape.config, name: rename(shape.config.name), inputs } };
}

export const chance = (random: Random, oneIn: number): boolean => random.below(oneIn) === 0;
