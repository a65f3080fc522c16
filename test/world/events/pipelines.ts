import { isAlive } from '../../fake-atc/model/order-builds.ts';
import type { Job, JobConfig, Pipeline, PipelineConfig } from '../../fake-atc/types.ts';
import type { Random } from '../../storm/random.ts';
import { aliveLives, nameOf, schedule } from '../site/concourse.ts';
import { isPool, type JobShape, type Life, say, shapeOf, type World } from '../types.ts';
import type { EventKind } from './event-kind.ts';
import { pauseJob } from './moves.ts';
import { activeJobs, livePipelines, pickFrom } from './pick.ts';

type OnPipeline = (world: World, pipeline: Pipeline, random: Random) => void;
type OnJob = (world: World, found: ReturnType<typeof activeJobs>[number], random: Random) => void;

export const PIPELINE_EVENTS: readonly EventKind[] = [
  onJob('a job is paused', 3, 'pauses', (world, { pipeline, job }) => pauseJob(world, pipeline, job)),
  onJob('a job is unpaused', 2, 'pauses', (world, { pipeline, job }) => {
    if (!job.paused) return;
    pipeline.unpauseJob(job.name);
    say(world, `Ada unpauses ${pipeline.name}/${job.name}`);
  }),
  onPipeline('a pipeline is paused', 2, 'pauses', (world, pipeline) => {
    if (pipeline.paused) return;
    pipeline.pause();
    say(world, `Ada pauses ${pipeline.name}`);
  }),
  onPipeline('a pipeline is unpaused', 2, 'pauses', (world, pipeline) => {
    if (!pipeline.paused) return;
    pipeline.unpause();
    say(world, `Ada unpauses ${pipeline.name}`);
  }),
  onPipeline('a pipeline is archived', 1, 'ends', (world, pipeline) => {
    pipeline.archive();
    say(world, `Ada archives ${pipeline.name}`);
  }),
  onPipeline('a pipeline is destroyed', 1, 'ends', destroy),
  onPipeline('a pipeline is renamed', 3, 'renames', renamePipeline),
  onPipeline('a pipeline is set under a name that was another’s', 3, 'renames', (world, pipeline) => {
    takeName(world, pipeline);
  }),
  onJob('a job is renamed', 3, 'renames', (world, { pipeline, job }) => renameJob(world, pipeline, job)),
  onPipeline('a job is set under a name that was another’s', 3, 'renames', takeJobName),
  onPipeline('the name of a pipeline changes hands while a build waits', 5, 'renames', (world, pipeline) => {
    if (!waitsForLock(world, pipeline)) return;
    renamePipeline(world, pipeline);
    const heir = takeName(world, pipeline);
    if (heir !== null) triggerFirst(world, heir);
  }),
  onPipeline('the name of a job changes hands while a build waits', 5, 'renames', (world, pipeline) => {
    const life = waitsForLock(world, pipeline);
    const job = life?.build.job;
    if (!job?.active) return;
    renameJob(world, pipeline, job);
    takeJobName(world, pipeline);
  }),
  onJob('a job is removed', 2, 'removals', removeJob),
  onPipeline('a removed job comes back', 2, 'removals', bringBack),
  onJob('a job is set without its pool', 2, 'removals', dropPool),
  onJob('an input step is renamed', 2, 'removals', renameInput),
  {
    name: 'a team is renamed',
    weight: 1,
    theme: 'teams',
    apply: (world, random) => {
      const before = random.pick(world.ci.teams);
      world.ci.renameTeam(before, `${before}-old`);
      say(world, `The administrator renames team ${before} to ${before}-old`);
    },
  },
  onPipeline('a pipeline is exposed', 1, 'teams', (world, pipeline) => {
    pipeline.public = true;
    say(world, `Ada exposes ${pipeline.name}`);
  }),
];

export function onPipeline(name: string, weight: number, theme: string, apply: OnPipeline): EventKind {
  return {
    name,
    weight,
    theme,
    apply: (world, random) => {
      const pipeline = pickFrom(random, livePipelines(world));
      if (pipeline !== undefined) apply(world, pipeline, random);
    },
  };
}

function onJob(name: string, weight: number, theme: string, apply: OnJob): EventKind {
  return {
    name,
    weight,
    theme,
    apply: (world, random) => {
      const found = pickFrom(random, activeJobs(world));
      if (found !== undefined) apply(world, found, random);
    },
  };
}

/** Its builds are gone with it, and what they ran ends within seconds. */
function destroy(world: World, pipeline: Pipeline): void {
  pipeline.destroy();
  for (const build of pipeline.jobs.flatMap(({ builds }) => builds)) {
    if (isAlive(build)) Object.assign(build, { status: 'aborted', end: world.now });
  }
  for (const { build } of world.lives.values()) {
    if (build.pipeline === pipeline && isAlive(build))
      Object.assign(build, { status: 'aborted', end: world.now });
  }
  say(world, `Ada destroys ${pipeline.name}`);
}

/** `old`: a pipeline that had the name before it was renamed. The new one is as the old one was. */
export function takeName(world: World, old: Pipeline): Pipeline | null {
  const name = old.name.replace(/-old$/, '');
  const isTaken = world.ci.pipelines.some((each) => each.team === old.team && each.name === name);
  if (name === old.name || isTaken) return null;
  const options = old.instanceVars === null ? {} : { instanceVars: old.instanceVars };
  const pipeline = world.ci.pipeline(old.team, name, { ...configOf(old), ...options });
  for (const job of old.jobs.filter(({ active }) => active)) {
    const shape = shapeOf(world, job);
    if (shape !== null) world.shapes.set(pipeline.job(job.name).id, shape);
  }
  say(world, `Ada sets a new pipeline ${name}`);
  return pipeline;
}

/** Concourse refuses a name that another pipeline of the team has. */
export function renamePipeline(world: World, pipeline: Pipeline): void {
  const before = pipeline.name;
  const after = `${before}-old`;
  if (world.ci.pipelines.some((each) => each.team === pipeline.team && each.name === after)) return;
  pipeline.rename(after);
  say(world, `Ada renames pipeline ${before} to ${pipeline.name}`);
}

export function renameJob(world: World, pipeline: Pipeline, job: Job): void {
  const before = job.name;
  pipeline.renameJob(before, `${before}-old`);
  pipeline.lastUpdated = world.now;
  keepName(world, job.id, job.name);
  say(world, `Ada renames job ${pipeline.name}/${before} to ${job.name}`);
}

/** A build of this pipeline whose put has no lock yet. */
export function waitsForLock(world: World, pipeline: Pipeline): Life | undefined {
  return aliveLives(world).find(({ build, waitsFor }) => build.pipeline === pipeline && waitsFor !== null);
}

function triggerFirst(world: World, pipeline: Pipeline): void {
  const first = pipeline.jobs[0];
  if (first === undefined) return;
  const build = pipeline.build(first.name, { status: 'pending', createdBy: 'ada' });
  say(world, `Ada triggers ${nameOf(build)}`);
  schedule(world);
}

function takeJobName(world: World, pipeline: Pipeline): void {
  const old = pipeline.jobs.find(({ active, name }) => active && name.endsWith('-old'));
  const shape = old && shapeOf(world, old);
  if (!shape) return;
  const name = old.name.replace(/-old$/, '');
  if (pipeline.jobs.some((job) => job.name === name)) return;
  addJob(world, pipeline, { ...shape, config: { ...shape.config, name } });
  say(world, `Ada sets a new job ${pipeline.name}/${name}`);
}

/** Concourse refuses a `passed` of a job that is not there. */
function removeJob(world: World, { pipeline, job }: { pipeline: Pipeline; job: Job }): void {
  pipeline.removeJob(job.name);
  pipeline.lastUpdated = world.now;
  forgetPassed(pipeline, job, () => true);
  say(world, `Ada removes job ${pipeline.name}/${job.name}`);
}

function forgetPassed(pipeline: Pipeline, gone: Job, isOf: (resource: string) => boolean): void {
  for (const job of pipeline.jobs) {
    job.inputs = job.inputs.map((input) =>
      isOf(input.resource) ? { ...input, passed: input.passed.filter((name) => name !== gone.name) } : input,
    );
  }
}

function bringBack(world: World, pipeline: Pipeline): void {
  const gone = pipeline.jobs.find(({ active }) => !active);
  const shape = gone && shapeOf(world, gone);
  if (!shape) return;
  addJob(world, pipeline, { ...shape, config: { ...shape.config, name: gone.name } });
  say(world, `Ada sets job ${pipeline.name}/${gone.name} again`);
}

/** Nor can a job be passed by what it has not got. */
function dropPool(world: World, { pipeline, job }: { pipeline: Pipeline; job: Job }): void {
  const shape = shapeOf(world, job);
  const isOther = (resource: string) => !isPool(pipeline.resource(resource).type);
  if (shape === null) return;
  const inputs = job.inputs.filter(({ resource }) => isOther(resource)).map(({ resource }) => resource);
  addJob(world, pipeline, {
    config: { name: job.name, inputs, outputs: [] },
    acquires: null,
    releases: false,
    serial: shape.serial,
  });
  forgetPassed(pipeline, job, (resource) => !isOther(resource));
  say(world, `Ada sets ${pipeline.name}/${job.name} again without its pool`);
}

/** The job that takes every claim of the pool, whoever made it; only those that this pipeline made, once it is set so. */
export function setWithPassed(world: World, pipeline: Pipeline, job: Job): void {
  const maker = pipeline.jobs.find((one) => one.active && shapeOf(world, one)?.acquires != null);
  if (maker === undefined) return;
  pipeline.lastUpdated = world.now;
  job.inputs = job.inputs.map((input) =>
    isFree(pipeline, input) ? { ...input, passed: [maker.name] } : input,
  );
  say(world, `Ada sets ${pipeline.name}/${job.name} again, with passed: [${maker.name}]`);
}

export function isFree(pipeline: Pipeline, { resource, passed }: Job['inputs'][number]): boolean {
  return isPool(pipeline.resource(resource).type) && passed.length === 0;
}

export function renameInput(
  world: World,
  { pipeline, job }: { pipeline: Pipeline; job: Pipeline['jobs'][number] },
): void {
  const [first] = job.inputs;
  if (first === undefined) return;
  const name = first.name === 'renamed' ? first.resource : 'renamed';
  pipeline.lastUpdated = world.now;
  job.inputs = job.inputs.map((input) => (input === first ? { ...input, name } : input));
  say(world, `Ada renames input ${first.name} of ${pipeline.name}/${job.name} to ${name}`);
}

function addJob(world: World, pipeline: Pipeline, shape: JobShape): void {
  const names = pipeline.jobs.filter(({ active }) => active).map(({ name }) => name);
  // Whoever passes a job that is gone cannot be set.
  const inputs = (shape.config.inputs ?? []).filter(
    (input) => typeof input === 'string' || (input.passed ?? []).every((name) => names.includes(name)),
  );
  const added = pipeline.addJob({ ...shape.config, inputs });
  pipeline.lastUpdated = world.now;
  world.shapes.set(added.id, { ...shape, config: { ...shape.config, inputs } });
}

function keepName(world: World, id: number, name: string): void {
  const shape = world.shapes.get(id);
  if (shape !== undefined) world.shapes.set(id, { ...shape, config: { ...shape.config, name } });
}

function configOf(pipeline: Pipeline): PipelineConfig {
  const jobs = pipeline.jobs.filter(({ active }) => active);
  const names = jobs.map(({ name }) => name);
  return {
    resources: pipeline.resources.map(({ name, type, source }) => ({ name, type, source: { ...source } })),
    jobs: jobs.map(
      ({ name, inputs, outputs }): JobConfig => ({
        name,
        outputs: [...outputs],
        inputs: inputs.map((input) => ({
          name: input.name,
          resource: input.resource,
          passed: input.passed.filter((passed) => names.includes(passed)),
          trigger: input.trigger,
          ...(input.version === null ? {} : { version: input.version }),
        })),
      }),
    ),
  };
}
